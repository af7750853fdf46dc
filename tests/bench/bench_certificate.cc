// What a certificate costs beside the forward pass that it is about: the same passes over the same
// inputs without bounds, with them, and with the decision; and plain inference in f32.
//
//     bench_certificate --network FILE [--weights FILE] --data DATA [--preprocess STEPS]
//         [--precision f32|f64] [--planes N] [--batch N] [--repeats N] [--calibrate N]
//         [--sketches yes|no]
//
// What `dlv eval --prepare` chooses, sketches or stretched inputs, is chosen first, from N inputs
// (200) behind those of the batch; with 0, neither. One thread for the passes (OMP_NUM_THREADS=1
// gives plain inference one, too). Weights are read to N planes (20), as far as tensors have such a
// level, and bounded first. Of the repeats, taken in turns, the least time counts. Contrasts that
// the last layer leaves open are counted, not followed.

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/bounds/float_environment.h"
#include "engine/infer/session.h"
#include "engine/network/normalise.h"
#include "engine/progressive/decision.h"
#include "engine/progressive/layer_graph.h"
#include "engine/progressive/pass.h"
#include "engine/progressive/preparation.h"
#include "engine/progressive/weight_loader.h"
#include "storage/dataset/data_source.h"
#include "storage/dataset/preprocess.h"
#include "storage/interchange/file_format.h"
#include "storage/interchange/network_file.h"
#include "storage/io/byte_source.h"
#include "storage/io/file_system.h"
#include "tests/unit/engine/progressive/levels.h"

namespace dlv {
namespace {

using progressive::Precision;

struct Settings {
  std::string network, weights, data, preprocess = "scale=1/255";
  Precision precision = Precision::kF32;
  unsigned planes = 20;
  std::size_t batch = 64, repeats = 50, calibrate = 200;
  bool sketches = true;
};

std::shared_ptr<const io::ByteSource> BytesOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  std::vector<std::byte> bytes(in.good() ? static_cast<std::size_t>(in.tellg()) : 0);
  in.seekg(0).read(reinterpret_cast<char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
  return io::MakeBufferSource(std::move(bytes));
}

Result<Network> ReadNetwork(const std::string& path) {
  const auto bytes = BytesOf(path);
  DLV_ASSIGN(auto raw, interchange::ReadNetworkFile(*bytes, path));
  if (!raw) return Error{ErrorCode::kNotFound, path + ": no network"};
  DLV_ASSIGN(auto normal, network::Normalise(std::move(*raw)));
  return std::move(normal.network);
}

Status ReadWeights(const std::string& path, const Network& network,
                   progressive::MemoryLevels& levels) {
  const auto bytes = BytesOf(path);
  DLV_ASSIGN(const auto described, interchange::DescribeFile(*bytes, path));
  for (const NetworkParameter& parameter : network.parameters) {
    const auto tensor =
        std::ranges::find(described.tensors, parameter.name, &interchange::DescribedTensor::name);
    if (tensor == described.tensors.end())
      return Error{ErrorCode::kNotFound, path + ": no tensor " + parameter.name};
    std::vector<float> values(static_cast<std::size_t>(tensor->source->size()) / sizeof(float));
    DLV_TRY(tensor->source->ReadAt(0, std::as_writable_bytes(std::span(values))));
    levels.Add(parameter.name, parameter.shape ? Shape(*parameter.shape) : Shape(), values);
  }
  return Ok();
}

Result<std::vector<float>> ReadInputs(const Settings& settings, std::size_t first,
                                      std::size_t count) {
  io::FileSystem& files = io::PosixFileSystem();
  DLV_ASSIGN(const auto data, dataset::OpenData(files, settings.data));
  DLV_ASSIGN(const auto steps, dataset::Preprocess::Parse(settings.preprocess));
  DLV_ASSIGN(const auto made, dataset::Preprocessor::Make(files, steps, data->description()));
  std::vector<std::byte> raw(count * data->description().example_bytes());
  DLV_TRY(data->Read(first, raw));
  std::size_t size = count;
  for (const auto one : made.output_shape()) size *= static_cast<std::size_t>(one);
  std::vector<float> inputs(size);
  made.Apply(count, raw, inputs);
  return inputs;
}

struct Case {
  const char* name;
  std::function<void()> run;
  double least = 1e30;
};

void Measure(std::vector<Case>& cases, std::size_t repeats) {
  // Time of all threads of this program: other programs disturb that least.
  const auto now = [] { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; };
  for (std::size_t i = 0; i < repeats; ++i) {
    for (Case& one : cases) {
      const double begin = now();
      one.run();
      const double seconds = now() - begin;
      one.least = std::min(one.least, seconds);
    }
  }
}

Status UseLevels(progressive::WeightLoader& loader, const Settings& settings) {
  std::vector<std::size_t> levels;
  for (std::size_t i = 0; i < loader.size(); ++i) {
    const auto& all = loader.LevelsOf(i);
    const auto found = std::ranges::find_if(
        all, [&](const auto& level) { return level.planes >= settings.planes; });
    levels.push_back(
        std::min<std::size_t>(static_cast<std::size_t>(found - all.begin()), all.size() - 1));
  }
  loader.SetPrecision(settings.precision);
  return loader.Use(levels).ok() ? Ok() : Status(Error{ErrorCode::kInternal, "no weights"});
}

/// Bounds, for what preparing chooses.
Status Prepare(const Settings& settings, progressive::LayerGraph& graph,
               progressive::WeightLoader& loader, progressive::MemoryLevels& levels) {
  if (settings.calibrate == 0) return loader.ComputeBounds(nullptr, nullptr);
  progressive::RunOptions options;
  options.precision = settings.precision;
  options.sketches = settings.sketches;
  DLV_ASSIGN(const auto read, ReadInputs(settings, settings.batch, settings.calibrate));
  progressive::Preparation preparation(graph, loader, levels, nullptr, options, nullptr);
  DLV_TRY(preparation.Run(progressive::Values(read.begin(), read.end())));
  return Ok();
}

void PrintDirections(const progressive::LayerGraph& graph) {
  for (const progressive::LinearPlan& plan : graph.linears) {
    const progressive::LinearWeights& weights = plan.layer->weights();
    const char* const kind = weights.stretch != nullptr  ? "stretched inputs"
                             : weights.sketch != nullptr ? "a sketch"
                                                         : nullptr;
    if (kind != nullptr) std::printf("  %s: %s\n", plan.layer->name().c_str(), kind);
  }
}

Status Bench(const Settings& settings) {
  const bounds::ScopedFloatEnvironment environment;
  DLV_ASSIGN(const Network network, ReadNetwork(settings.network));
  progressive::MemoryLevels levels;
  DLV_TRY(
      ReadWeights(settings.weights.empty() ? settings.network : settings.weights, network, levels));
  DLV_ASSIGN(const std::vector<float> inputs, ReadInputs(settings, 0, settings.batch));
  DLV_ASSIGN(const auto planned, progressive::PlanLayers(network, levels));
  if (planned.graph == nullptr) return Error{ErrorCode::kUnsupported, planned.stopped_by};
  progressive::WeightLoader loader(*planned.graph, levels, nullptr, std::uint64_t{1} << 32);
  DLV_TRY(loader.Open());
  DLV_TRY(Prepare(settings, *planned.graph, loader, levels));
  DLV_TRY(UseLevels(loader, settings));
  progressive::Pass plain(*planned.graph, {inputs.begin(), inputs.end()}, settings.precision);
  progressive::Pass bounded(*planned.graph, {inputs.begin(), inputs.end()}, settings.precision);
  DLV_ASSIGN(const auto session, infer::Session::Make(network, levels));
  kernels::Shape shape = {static_cast<std::int64_t>(settings.batch)};
  const auto& wanted = *network.inputs[0].shape;
  shape.insert(shape.end(), wanted.begin() + 1, wanted.end());
  DLV_ASSIGN(kernels::Value value, session->memory().Make(DType::kF32, shape));
  std::ranges::copy(inputs, value.As<float>().begin());
  std::size_t decided = 0;
  bool failed = false;
  std::vector<Case> cases = {
      {"forward", [&] { plain.Forward(0, false); }},
      {"with bounds", [&] { bounded.Forward(0, true); }},
      {"decision",
       [&] {
         decided = 0;
         progressive::Answer answer;
         const auto losses = bounded.BoundContrasts();
         for (std::size_t i = 0; i < settings.batch; ++i)
           decided += progressive::Prove(bounded, losses, i, 1, false, false, answer);
       }},
      {"plain inference, f32", [&] { failed = !session->Run({value}).ok() || failed; }},
  };
  Measure(cases, settings.repeats);
  if (failed) return Error{ErrorCode::kInternal, "plain inference failed"};
  const char* const precision = settings.precision == Precision::kF32 ? "f32" : "f64";
  std::printf("%s, batch %zu, %u planes, centres in %s; milliseconds of processor time a batch\n",
              settings.network.c_str(), settings.batch, settings.planes, precision);
  PrintDirections(*planned.graph);
  for (const Case& one : cases) std::printf("  %-22s %9.3f\n", one.name, 1e3 * one.least);
  const double certificate = cases[1].least + cases[2].least;
  std::printf("  certificate / forward  %9.2f   (at most 1.5)\n", certificate / cases[0].least);
  std::printf("  certificate / plain    %9.2f\n", certificate / cases[3].least);
  std::printf("  decided                %9zu\n", decided);
  return Ok();
}

/// False: an argument is not understood.
bool Parse(int count, char** arguments, Settings& settings) {
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = arguments[i], value = arguments[i + 1];
    if (name == "--network")
      settings.network = value;
    else if (name == "--weights")
      settings.weights = value;
    else if (name == "--data")
      settings.data = value;
    else if (name == "--preprocess")
      settings.preprocess = value;
    else if (name == "--precision" && (value == "f32" || value == "f64"))
      settings.precision = value == "f32" ? Precision::kF32 : Precision::kF64;
    else if (name == "--planes")
      settings.planes = static_cast<unsigned>(std::stoul(value));
    else if (name == "--batch")
      settings.batch = std::stoul(value);
    else if (name == "--repeats")
      settings.repeats = std::stoul(value);
    else if (name == "--calibrate")
      settings.calibrate = std::stoul(value);
    else if (name == "--sketches" && (value == "yes" || value == "no"))
      settings.sketches = value == "yes";
    else
      return false;
  }
  return count % 2 == 1 && !settings.network.empty() && !settings.data.empty();
}

}  // namespace
}  // namespace dlv

int main(int count, char** arguments) {
  dlv::Settings settings;
  if (!dlv::Parse(count, arguments, settings)) {
    std::fprintf(stderr,
                 "usage: bench_certificate --network FILE [--weights FILE] --data DATA\n"
                 "    [--preprocess STEPS] [--precision f32|f64] [--planes N] [--batch N] "
                 "[--repeats N]\n"
                 "    [--calibrate N] [--sketches yes|no]\n");
    return 2;
  }
  const dlv::Status status = dlv::Bench(settings);
  if (status.ok()) return 0;
  std::fprintf(stderr, "bench_certificate: %s\n", status.error().message.c_str());
  return 1;
}
