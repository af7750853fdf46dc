// Bits a weight that answers take, method by method, from what is stored: planes without and with
// what may be kept beside them, levels by significance, tensors stored as differences, and
// intervals by whole bytes, the method of ModelHub (Miao et al., ICDE 2017), on the same inputs.
//
//     bench_progressive --network FILE [--weights FILE] --data DATA [--preprocess STEPS]
//         [--calibrate DATA] [--calibrate-limit N] [--first N] [--limit N] [--intervals-limit N]
//         [--methods NAME,...] [--precision f32|f64] [--threads N]
//
// Commits the network to a repository of its own in the temporary folder, which is removed at the
// end. Every input counts from cold. "planes" counts the coded bytes of bit planes and of sketches
// and stretches, "all" headers, chains, bounds, biases and normalisations, too. Tables of profiles
// come from the first N inputs (256) of --calibrate, without it from random numbers; inputs that
// are evaluated should be others (--first). Answers are compared with those of the fp64 reference,
// which keeps doubles between nodes.
//
//     bare          planes alone
//     planes        with stretched inputs
//     any           with whatever of stretched inputs and sketches takes the least
//     significance  the same, weights stored by significance
//     difference    the same, of weights that are each off by 0.2 % and stored against those above
//     intervals     intervals by whole bytes, on the first inputs (64) only

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "dlv/network.h"
#include "dlv/repository.h"
#include "engine/api/example_inputs.h"
#include "engine/api/progressive_run.h"
#include "engine/infer/session.h"
#include "storage/dataset/data_source.h"
#include "storage/io/file_system.h"
#include "storage/store/store.h"

namespace dlv {
namespace {

namespace fs = std::filesystem;

struct Settings {
  std::string network, weights, data, calibrate, preprocess;
  std::string methods = "bare,planes,any,significance,difference,intervals";
  std::uint64_t calibrated = 256, first = 0, limit = 1000, intervals = 64;
  std::optional<progressive::Precision> precision;
  unsigned threads = 0;
};

struct Folder {
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "bench-progressive-XXXXXX").string();
    path = mkdtemp(pattern.data()) == nullptr ? "" : pattern;
  }
  ~Folder() {
    std::error_code ignored;
    if (!path.empty()) fs::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path;
};

/// A network's weights, each a little off: what a version after it could have.
class Drifted : public TensorSource {
 public:
  void Add(const NetworkParameter& parameter, const kernels::Value& value) {
    TensorInfo info;
    info.name = parameter.name;
    info.dtype = DType::kF32;
    info.shape = value.shape();
    infos_.push_back(std::move(info));
    std::vector<float>& values = values_.emplace_back();
    std::normal_distribution<float> normal(0, 0.002F);
    for (const float one : value.As<float>()) values.push_back(one * (1 + normal(random_)));
  }
  std::size_t size() const override { return infos_.size(); }
  TensorInfo Info(std::size_t index) const override { return infos_[index]; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    std::ranges::copy(std::as_bytes(std::span(values_[index])).subspan(offset, out.size()),
                      out.begin());
    return Ok();
  }

 private:
  std::mt19937 random_{1};
  std::vector<TensorInfo> infos_;
  std::vector<std::vector<float>> values_;
};

Result<std::unique_ptr<store::Store>> OpenStore(const std::string& folder) {
  return store::Store::Open(folder, {});
}

Status CommitNetwork(const Settings& settings, const std::string& folder) {
  DLV_ASSIGN(const auto repository, Repository::Init(folder));
  CommitRequest request;
  request.model = "network";
  FileInput& file = request.files.emplace_back();
  file.source = settings.weights.empty() ? settings.network : settings.weights;
  if (!settings.weights.empty()) request.graph = settings.network;
  request.parent_choice = ParentChoice::kNone;
  request.side_information = false;
  DLV_TRY(repository->Commit(request));
  return Ok();
}

/// Makes version 2, whose tensors are differences to those of version 1.
Status CommitDrifted(const Settings& settings, const std::string& folder) {
  Drifted drifted;
  {
    DLV_ASSIGN(const auto store, OpenStore(folder));
    DLV_ASSIGN(const auto version, api::OpenedVersion::Open(*store, "network:v1"));
    api::VersionWeights weights(*store, version->tensors());
    kernels::Memory memory;
    for (const NetworkParameter& parameter : version->report().network.parameters) {
      DLV_ASSIGN(const kernels::Value value, weights.Read(parameter, DType::kF32, memory));
      drifted.Add(parameter, value);
    }
  }
  DLV_ASSIGN(const auto repository, Repository::Open(folder));
  CommitRequest request;
  request.model = "network";
  request.tensors.push_back({&drifted, {}});
  request.graph = settings.network;
  request.parent_choice = ParentChoice::kGiven;
  request.parents = {"network:v1"};
  DLV_TRY(repository->Commit(request));
  return Ok();
}

/// Examples of one file as inputs of a version.
class Inputs {
 public:
  static Result<std::unique_ptr<Inputs>> Open(store::Store& store,
                                              const api::OpenedVersion& version,
                                              const std::string& path, const Settings& settings) {
    std::unique_ptr<Inputs> made(new Inputs);
    DLV_ASSIGN(made->data_, dataset::OpenData(io::PosixFileSystem(), path));
    DLV_ASSIGN(auto inputs,
               api::ExampleInputs::Make(store, version, *made->data_, settings.preprocess, 64));
    made->inputs_.emplace(std::move(inputs));
    return made;
  }
  std::uint64_t count() const { return data_->description().count; }
  bool is_fixed_batch() const { return inputs_->is_fixed_batch(); }
  std::uint64_t batch() const { return inputs_->batch(); }
  Result<kernels::Value> Read(std::uint64_t first, std::uint64_t count, std::uint64_t rows,
                              kernels::Memory& memory) const {
    return inputs_->Read(first, count, rows, memory);
  }

 private:
  Inputs() = default;
  std::unique_ptr<dataset::DataSource> data_;
  std::optional<api::ExampleInputs> inputs_;
};

/// The classes that the fp64 reference names; equal scores go to the first.
Result<std::vector<std::int64_t>> ReferenceLabels(store::Store& store,
                                                  const api::OpenedVersion& version,
                                                  const Inputs& inputs, const Settings& settings) {
  api::VersionWeights weights(store, version.tensors());
  infer::SessionOptions options;
  options.precision = infer::Precision::kF64;
  DLV_ASSIGN(const auto session, infer::Session::Make(version.report().network, weights, options));
  std::vector<std::int64_t> labels;
  while (labels.size() < settings.limit) {
    const std::uint64_t count = std::min(inputs.batch(), settings.limit - labels.size());
    const std::uint64_t rows = inputs.is_fixed_batch() ? inputs.batch() : count;
    DLV_ASSIGN(kernels::Value batch,
               inputs.Read(settings.first + labels.size(), count, rows, session->memory()));
    DLV_ASSIGN(const auto outputs, session->Run({std::move(batch)}));
    const auto scores = outputs.front().As<double>();
    const std::size_t classes = scores.size() / rows;
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto row = scores.subspan(i * classes, classes);
      labels.push_back(std::ranges::max_element(row) - row.begin());
    }
  }
  return labels;
}

struct Method {
  std::string name;
  std::string reference = "network:v1";
  progressive::RunOptions options;
};

std::vector<Method> MethodsOf(const Settings& settings) {
  std::vector<Method> all;
  for (const char* name : {"bare", "planes", "any", "significance", "difference", "intervals"}) {
    Method method;
    method.name = name;
    method.options.threads = settings.threads;
    method.options.precision = settings.precision;
    method.options.stretches = method.name != "bare";
    method.options.sketches = method.name != "bare" && method.name != "planes";
    if (method.name == "intervals") method.options.method = progressive::BoundMethod::kIntervals;
    if (method.name == "difference") method.reference = "network:v2";
    all.push_back(std::move(method));
  }
  std::erase_if(all, [&](const Method& method) {
    return ("," + settings.methods + ",").find("," + method.name + ",") == std::string::npos;
  });
  // Storing weights otherwise changes version 1 for those that come later.
  std::stable_partition(all.begin(), all.end(),
                        [](const Method& one) { return one.name != "significance"; });
  return all;
}

void Print(const Method& method, const ProgressiveReport& report, std::uint64_t others) {
  std::printf(
      "| %-12s | %6llu | %5.2f | %5.2f | %5.2f | %5.2f | %5.2f | %5.2f | %5.2f | %6llu | "
      "%4llu | %4llu | %5llu | %7.1f |\n",
      method.name.c_str(), static_cast<unsigned long long>(report.inputs), report.plane_bits.mean,
      report.plane_bits.p50, report.plane_bits.p99, report.all_bits.mean, report.all_bits.p50,
      report.all_bits.p99, report.all_bits.full, static_cast<unsigned long long>(report.certified),
      static_cast<unsigned long long>(report.certified_full),
      static_cast<unsigned long long>(report.computed), static_cast<unsigned long long>(others),
      report.seconds);
  if (!report.stopped_by.empty())
    std::printf("|              | no proofs: %s\n", report.stopped_by.c_str());
  std::fflush(stdout);
}

/// Answers the inputs by one method and prints its line.
Status Measure(store::Store& store, const Method& method, const Settings& settings,
               std::vector<std::int64_t>& labels) {
  DLV_ASSIGN(auto version, api::OpenedVersion::Open(store, method.reference));
  DLV_ASSIGN(const auto inputs, Inputs::Open(store, *version, settings.data, settings));
  if (settings.first + settings.limit > inputs->count()) {
    return Error{ErrorCode::kInvalidArgument,
                 settings.data + ": has " + std::to_string(inputs->count()) + " examples"};
  }
  if (labels.empty()) {
    DLV_ASSIGN(labels, ReferenceLabels(store, *version, *inputs, settings));
  }
  DLV_ASSIGN(const auto run, api::ProgressiveRun::Open(store, std::move(version), method.options));
  kernels::Memory memory(std::uint64_t{4} << 30);
  if (settings.calibrate.empty()) {
    DLV_TRY(run->run().Prepare(nullptr));
  } else {
    DLV_ASSIGN(const auto others,
               Inputs::Open(store, run->version(), settings.calibrate, settings));
    const std::uint64_t count = std::min(settings.calibrated, others->count());
    DLV_ASSIGN(const kernels::Value examples, others->Read(0, count, count, memory));
    DLV_TRY(run->run().Prepare(&examples));
  }
  const std::uint64_t count =
      method.name == "intervals" ? std::min(settings.intervals, settings.limit) : settings.limit;
  DLV_ASSIGN(const kernels::Value asked, inputs->Read(settings.first, count, count, memory));
  DLV_ASSIGN(const auto answers, run->run().Classify(asked));
  std::uint64_t others = 0;
  for (std::size_t i = 0; i < answers.size(); ++i)
    others += answers[i].classes.empty() || answers[i].classes[0] != labels[i] ? 1 : 0;
  Print(method, run->Report(), others);
  return Ok();
}

Status MeasureAll(const Settings& settings) {
  const Folder folder;
  DLV_TRY(CommitNetwork(settings, folder.path));
  std::printf("%s, inputs %llu to %llu of %s, profiles from %s\n", settings.network.c_str(),
              static_cast<unsigned long long>(settings.first),
              static_cast<unsigned long long>(settings.first + settings.limit - 1),
              settings.data.c_str(),
              settings.calibrate.empty() ? "random numbers" : settings.calibrate.c_str());
  std::printf(
      "| method       | inputs | planes: mean | p50 | p99 | all: mean | p50 | p99 | "
      "full read | certified | full | computed | other labels | s |\n");
  std::printf("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
  std::vector<std::int64_t> labels, drifted;
  for (const Method& method : MethodsOf(settings)) {
    if (method.name == "difference") DLV_TRY(CommitDrifted(settings, folder.path));
    if (method.name == "significance") {
      DLV_ASSIGN(const auto repository, Repository::Open(folder.path));
      DLV_TRY(repository->SetLayout("network:v1", TensorLayout::kSignificance));
    }
    DLV_ASSIGN(const auto store, OpenStore(folder.path));
    DLV_TRY(Measure(*store, method, settings, method.name == "difference" ? drifted : labels));
  }
  return Ok();
}

/// False: an argument is not understood.
bool Parse(int count, char** arguments, Settings& settings) {
  const auto number = [](const std::string& text) {
    return std::strtoull(text.c_str(), nullptr, 10);
  };
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
    else if (name == "--calibrate")
      settings.calibrate = value;
    else if (name == "--methods")
      settings.methods = value;
    else if (name == "--precision" && (value == "f32" || value == "f64"))
      settings.precision =
          value == "f32" ? progressive::Precision::kF32 : progressive::Precision::kF64;
    else if (name == "--calibrate-limit")
      settings.calibrated = number(value);
    else if (name == "--first")
      settings.first = number(value);
    else if (name == "--limit")
      settings.limit = number(value);
    else if (name == "--intervals-limit")
      settings.intervals = number(value);
    else if (name == "--threads")
      settings.threads = static_cast<unsigned>(number(value));
    else
      return false;
  }
  return count % 2 == 1 && !settings.network.empty() && !settings.data.empty() &&
         settings.limit > 0 && !MethodsOf(settings).empty();
}

}  // namespace
}  // namespace dlv

int main(int count, char** arguments) {
  dlv::Settings settings;
  if (!dlv::Parse(count, arguments, settings)) {
    std::fprintf(stderr,
                 "usage: bench_progressive --network FILE [--weights FILE] --data DATA\n"
                 "    [--preprocess STEPS] [--calibrate DATA] [--calibrate-limit N] [--first N]\n"
                 "    [--limit N] [--intervals-limit N] [--methods NAME,...]\n"
                 "    [--precision f32|f64] [--threads N]\n"
                 "methods: bare, planes, any, significance, difference, intervals\n");
    return 2;
  }
  const dlv::Status status = dlv::MeasureAll(settings);
  if (status.ok()) return 0;
  std::fprintf(stderr, "bench_progressive: %s\n", status.error().message.c_str());
  return 1;
}
