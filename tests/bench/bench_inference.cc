// Runs a network on random inputs, for run_inference.py: reads "run N" lines, answers each with the
// seconds that N runs took, on the clock and of the processor. "end" prints a digest and ends it.
//
//   bench_inference GRAPH WEIGHTS BATCH THREADS [NAME=SIZE...]
//
// WEIGHTS is a file of tensors, or the graph's own. NAME=SIZE says what an open size of an input is
// (its place: "input.2=320").

#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "tests/support/foreign_network.h"

namespace dlv {
namespace {

using infer::Session;
using kernels::Value;

struct Times {
  double clock = 0, processor = 0;
};

double ProcessorSeconds() {
  rusage used = {};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// The most that the process ever had.
std::uint64_t ResidentKilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6));
  }
  return 0;
}

/// A value from 0 to 1 that looks like noise and is the same everywhere (run_inference.py).
float Noise(std::uint64_t place) {
  const std::uint64_t mixed = (place * 2654435761U) % 4294967296U;
  return static_cast<float>(static_cast<double>(mixed) / 4294967296.0);
}

Result<std::vector<Value>> MakeInputs(const Session& session, std::int64_t batch,
                                      const std::map<std::string, std::int64_t>& sizes) {
  std::vector<Value> inputs;
  for (const NetworkValue& input : session.network().inputs) {
    if (!input.shape || !input.dtype) return Error{ErrorCode::kUnsupported, "an open shape"};
    NetworkShape shape = *input.shape;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const auto given = sizes.find(input.name + "." + std::to_string(i));
      if (given != sizes.end()) shape[i] = given->second;
      if (i == 0 && given == sizes.end() && shape.size() > 1) shape[i] = batch;
      if (shape[i] == kUnknownSize) return Error{ErrorCode::kUnsupported, "open sizes"};
    }
    const DType dtype = kernels::Working(*input.dtype, DType::kF32);
    DLV_ASSIGN(Value value, session.memory().Make(dtype, shape));
    if (dtype == DType::kF32) {
      std::uint64_t place = 0;
      for (float& element : value.As<float>()) element = Noise(place++);
    } else if (dtype == DType::kI64) {
      for (std::int64_t& element : value.As<std::int64_t>()) element = 16000;
    }
    inputs.push_back(std::move(value));
  }
  return inputs;
}

Result<Times> TimeRuns(const Session& session, const std::vector<Value>& inputs, int count) {
  const auto begin = std::chrono::steady_clock::now();
  const double before = ProcessorSeconds();
  for (int i = 0; i < count; ++i) DLV_TRY(session.Run(inputs));
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  return Times{taken.count(), ProcessorSeconds() - before};
}

Status Serve(const std::vector<std::string>& words) {
  infer::SessionOptions options;
  options.threads = static_cast<unsigned>(std::stoi(words[4]));
  std::map<std::string, std::int64_t> sizes;
  for (std::size_t i = 5; i < words.size(); ++i) {
    const auto at = words[i].find('=');
    sizes[words[i].substr(0, at)] = std::stoll(words[i].substr(at + 1));
  }
  DLV_ASSIGN(const auto session, infer::OpenSession(words[1], words[2], options));
  DLV_ASSIGN(const auto inputs, MakeInputs(*session, std::stoll(words[3]), sizes));
  DLV_ASSIGN(const auto outputs, session->Run(inputs));
  std::cout << "ready" << std::endl;
  for (std::string line; std::getline(std::cin, line) && line != "end";) {
    DLV_ASSIGN(const Times times, TimeRuns(*session, inputs, std::stoi(line.substr(4))));
    std::cout << times.clock << ' ' << times.processor << std::endl;
  }
  double sum = 0, absolute = 0;
  for (const Value& output : outputs) {
    for (const double one : kernels::RealsOf(output)) {
      sum += one;
      absolute += std::fabs(one);
    }
  }
  std::cout.precision(9);
  std::cout << sum << ' ' << absolute << ' ' << ResidentKilobytes() << ' '
            << session->report().peak_bytes << std::endl;
  return Ok();
}

}  // namespace
}  // namespace dlv

int main(int count, char** words) {
  if (count < 5) {
    std::cerr << "usage: bench_inference GRAPH WEIGHTS BATCH THREADS [INPUT.AXIS=SIZE...]\n";
    return 2;
  }
  const auto done = dlv::Serve({words, words + count});
  if (done.ok()) return 0;
  std::cout << "error: " << done.error().message << std::endl;
  return 1;
}
