#include "engine/api/evaluation.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "dlv/repository.h"
#include "engine/api/repository_impl.h"
#include "engine/api/version_network.h"
#include "engine/api/version_weights.h"
#include "engine/evaluation/classification.h"
#include "engine/infer/session.h"
#include "engine/kernels/convert.h"
#include "storage/dataset/data_source.h"
#include "storage/dataset/preprocess.h"
#include "storage/interchange/export.h"
#include "storage/io/output_folder.h"
#include "storage/io/parallel.h"
#include "storage/store/alias_tag.h"
#include "storage/store/evaluations.h"
#include "storage/store/resolve.h"

namespace dlv::api {
namespace {

/// What the last node makes of its scores.
evaluation::ScoreKind KindOf(const Network& network) {
  const NetworkOperand& source = network.outputs.front().source;
  if (source.kind == OperandKind::kNode) {
    const std::string& op = network.nodes[source.index].op;
    if (op == "Softmax") return evaluation::ScoreKind::kProbabilities;
    if (op == "LogSoftmax") return evaluation::ScoreKind::kLogProbabilities;
  }
  return evaluation::ScoreKind::kLogits;
}

/// The data as a name for the catalog: what a person would call it.
std::string NameOfData(const std::filesystem::path& path) {
  const auto name = path.has_filename() ? path.filename() : path.parent_path().filename();
  return name.string();
}

/// Scores and classes of all examples, for --predictions.
struct Predictions {
  std::size_t classes = 0;
  std::vector<float> scores;
  std::vector<std::int64_t> predicted, labels;
};

class PredictionSource : public TensorSource {
 public:
  explicit PredictionSource(const Predictions& from) {
    const auto examples = static_cast<std::int64_t>(from.labels.size());
    Add("scores", DType::kF32, {examples, static_cast<std::int64_t>(from.classes)},
        std::as_bytes(std::span(from.scores)));
    Add("predicted", DType::kI64, {examples}, std::as_bytes(std::span(from.predicted)));
    Add("labels", DType::kI64, {examples}, std::as_bytes(std::span(from.labels)));
  }
  std::size_t size() const override { return tensors_.size(); }
  TensorInfo Info(std::size_t index) const override { return tensors_[index].first; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    const auto from = tensors_[index].second.subspan(static_cast<std::size_t>(offset), out.size());
    std::copy(from.begin(), from.end(), out.begin());
    return Ok();
  }

 private:
  void Add(const char* name, DType dtype, Shape shape, std::span<const std::byte> bytes) {
    TensorInfo info;
    info.name = name;
    info.dtype = dtype;
    info.shape = std::move(shape);
    tensors_.emplace_back(std::move(info), bytes);
  }
  std::vector<std::pair<TensorInfo, std::span<const std::byte>>> tensors_;
};

/// One version on the data.
class VersionRun {
 public:
  VersionRun(store::Store& store, const dataset::DataSource& data, const EvaluationOptions& options,
             const std::vector<evaluation::Metric>& metrics, std::uint64_t examples,
             const Operation& operation)
      : store_(store),
        data_(data),
        options_(options),
        metrics_(metrics),
        examples_(examples),
        operation_(operation) {}

  Result<VersionEvaluation> Run(const std::string& reference) {
    DLV_ASSIGN(const store::Target target, store::ResolveTarget(store_, reference));
    result_.reference = target.version.summary.reference();
    if (target.step) result_.reference += "#" + std::to_string(*target.step);
    result_.id = target.version.summary.id;
    DLV_TRY(Open(target, reference));
    DLV_TRY(Prepare(target));
    DLV_TRY(RunAll());
    return Finish();
  }

  const Predictions& predictions() const { return predictions_; }

 private:
  Error Unfit(const std::string& what) const {
    return Error{ErrorCode::kInvalidArgument, result_.reference + ": " + what};
  }

  Status Open(const store::Target& target, const std::string& reference) {
    DLV_ASSIGN(report_, ReadNetwork(store_, reference));
    DLV_ASSIGN(const archive::Manifest manifest,
               store::ReadVersionManifest(store_, target.version));
    DLV_ASSIGN(const std::uint32_t ordinal,
               store::FindSnapshot(manifest, target.step, result_.reference));
    DLV_ASSIGN(const store::SnapshotContent content,
               store::ReadSnapshot(store_, manifest, ordinal));
    VersionWeights weights(store_, manifest, content, report_);
    auto session = infer::Session::Make(report_.network, weights);
    if (!session.ok()) {
      Error error = session.error();
      error.message = result_.reference + ": " + error.message;
      return error;
    }
    session_ = std::move(session).value();
    return Ok();
  }

  Status Prepare(const store::Target& target) {
    const Network& network = report_.network;
    if (network.inputs.size() != 1 || network.outputs.empty()) {
      return Unfit("its network has " + std::to_string(network.inputs.size()) + " inputs and " +
                   std::to_string(network.outputs.size()) +
                   " outputs, want one input and scores of classes");
    }
    std::string text;
    if (options_.preprocess) {
      text = *options_.preprocess;
    } else {
      DLV_ASSIGN(text, store_.Read([&](const catalog::Catalog& catalog) {
        return store::RememberedPreprocess(catalog, target.version);
      }));
    }
    DLV_ASSIGN(const auto steps, dataset::Preprocess::Parse(text));
    result_.preprocess = steps.Text();
    DLV_ASSIGN(auto made,
               dataset::Preprocessor::Make(io::PosixFileSystem(), steps, data_.description()));
    preprocessor_.emplace(std::move(made));
    return SetShape();
  }

  /// The input's shape behind the batch, and the batch itself where the network fixes it.
  Status SetShape() {
    const NetworkValue& input = report_.network.inputs.front();
    shape_ = preprocessor_->output_shape();
    batch_ = options_.batch;
    fixed_batch_ = false;
    if (!input.shape || input.shape->empty()) return Ok();
    if (input.shape->front() != kUnknownSize) {
      batch_ = static_cast<std::uint64_t>(input.shape->front());
      fixed_batch_ = true;
      if (batch_ == 0) return Unfit("its network takes batches of 0");
    }
    const bool wants_row = input.shape->size() == 2 && shape_.size() > 1;
    if (wants_row) shape_ = {static_cast<std::int64_t>(preprocessor_->output_elements())};
    return Ok();
  }

  /// One batch on its way: labels, then scores.
  struct Batch {
    std::uint64_t count = 0;
    std::vector<std::byte> raw;
    std::vector<std::int64_t> labels;
    std::vector<kernels::Value> outputs;
  };

  /// Batches run side by side; their scores are added in order.
  Status RunAll() {
    const std::uint64_t batches = (examples_ + batch_ - 1) / batch_;
    const unsigned threads = operation_.threads == 0 ? io::DefaultThreads() : operation_.threads;
    const std::uint64_t window = 2 * std::uint64_t{threads};
    std::vector<Batch> slots(static_cast<std::size_t>(window + threads + 1));
    const auto start = std::chrono::steady_clock::now();
    DLV_TRY(io::ParallelOrdered(
        batches, threads, window,
        [&](std::uint64_t index, unsigned) {
          const std::uint64_t first = index * batch_;
          return RunBatch(first, std::min(batch_, examples_ - first), slots[index % slots.size()]);
        },
        [&](std::uint64_t index) { return AddScores(slots[index % slots.size()]); }));
    result_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return Ok();
  }

  /// A batch that the network fixes is filled up with zeros.
  Status RunBatch(std::uint64_t first, std::uint64_t count, Batch& batch) const {
    const auto one = static_cast<std::size_t>(data_.description().example_bytes());
    batch.count = count;
    batch.raw.resize(static_cast<std::size_t>(count) * one);
    batch.labels.resize(static_cast<std::size_t>(count));
    DLV_TRY(data_.Read(first, batch.raw));
    DLV_TRY(data_.ReadLabels(first, batch.labels));
    NetworkShape shape = {static_cast<std::int64_t>(fixed_batch_ ? batch_ : count)};
    shape.insert(shape.end(), shape_.begin(), shape_.end());
    DLV_ASSIGN(kernels::Value input, session_->memory().Make(DType::kF32, shape));
    const std::span<float> elements = input.As<float>();
    const auto filled = static_cast<std::size_t>(count * preprocessor_->output_elements());
    preprocessor_->Apply(count, batch.raw, elements.first(filled));
    std::ranges::fill(elements.subspan(filled), 0.0F);
    auto outputs = session_->Run({std::move(input)}, operation_.cancel);
    if (!outputs.ok()) {
      Error error = outputs.error();
      error.message = result_.reference + ": " + error.message;
      return error;
    }
    batch.outputs = std::move(outputs).value();
    return Ok();
  }

  Status AddScores(Batch& batch) {
    const kernels::Value scores = std::move(batch.outputs.front());
    batch.outputs.clear();
    const auto rows = static_cast<std::int64_t>(fixed_batch_ ? batch_ : batch.count);
    if (scores.dtype() != DType::kF32 || scores.rank() < 2 || scores.shape()[0] != rows) {
      return Unfit("its output is " + std::string(NameOf(scores.dtype())) + " " +
                   kernels::TextOf(scores.shape()) + ", want f32 scores [" + std::to_string(rows) +
                   ", classes]");
    }
    const auto classes = static_cast<std::size_t>(scores.count() / rows);
    if (!sums_) {
      auto made = evaluation::Classification::Make(classes, metrics_, KindOf(report_.network),
                                                   options_.confusion);
      if (!made.ok()) return Unfit(made.error().message);
      sums_.emplace(std::move(made).value());
    }
    const auto used = scores.As<float>().first(static_cast<std::size_t>(batch.count) * classes);
    const Status added = sums_->Add(used, batch.labels);
    if (!added.ok()) return Unfit(added.error().message);
    if (!options_.predictions.empty()) Keep(used, classes, batch.labels);
    if (operation_.progress != nullptr)
      operation_.progress->Report("evaluating", sums_->examples(), examples_);
    return Ok();
  }

  void Keep(std::span<const float> scores, std::size_t classes,
            const std::vector<std::int64_t>& labels) {
    predictions_.classes = classes;
    predictions_.scores.insert(predictions_.scores.end(), scores.begin(), scores.end());
    predictions_.labels.insert(predictions_.labels.end(), labels.begin(), labels.end());
    for (std::size_t i = 0; i < labels.size(); ++i) {
      predictions_.predicted.push_back(
          evaluation::PredictedClass(scores.subspan(i * classes, classes)));
    }
  }

  Result<VersionEvaluation> Finish() {
    result_.examples = sums_->examples();
    result_.undefined = sums_->undefined();
    result_.confusion = sums_->confusion();
    result_.peak_bytes = session_->report().peak_bytes;
    const auto values = sums_->Values();
    for (std::size_t i = 0; i < values.size(); ++i)
      result_.metrics.emplace_back(metrics_[i].Name(), values[i]);
    const auto& names = data_.description().classes;
    for (std::size_t i = 0; i < sums_->classes(); ++i) {
      const evaluation::Classification::Class& one = sums_->by_class()[i];
      result_.classes.push_back({i < names.size() ? names[i] : std::to_string(i), one.examples,
                                 one.right, one.predicted});
    }
    return std::move(result_);
  }

  store::Store& store_;
  const dataset::DataSource& data_;
  const EvaluationOptions& options_;
  const std::vector<evaluation::Metric>& metrics_;
  std::uint64_t examples_;
  const Operation& operation_;
  VersionEvaluation result_;
  NetworkReport report_;
  std::unique_ptr<infer::Session> session_;
  std::optional<dataset::Preprocessor> preprocessor_;
  NetworkShape shape_;
  std::uint64_t batch_ = 1;
  bool fixed_batch_ = false;
  std::optional<evaluation::Classification> sums_;
  Predictions predictions_;
};

Status WritePredictions(const std::filesystem::path& path, const Predictions& predictions) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  DLV_ASSIGN(const auto output, io::OutputFolder::Open(folder.string()));
  DLV_ASSIGN(const auto file, output.Create(path.filename().string()));
  PredictionSource source(predictions);
  DLV_TRY(interchange::ExportNpz(source, {}, *file));
  return file->Commit(0644);
}

Result<std::vector<evaluation::Metric>> MetricsOf(const EvaluationOptions& options) {
  std::vector<evaluation::Metric> metrics;
  for (const std::string& name : options.metrics) {
    DLV_ASSIGN(const evaluation::Metric metric, evaluation::Metric::Parse(name));
    metrics.push_back(metric);
  }
  return metrics;
}

Status CheckEvaluation(const std::vector<std::string>& references,
                       const EvaluationOptions& options) {
  const auto wrong = [](const char* what) { return Error{ErrorCode::kInvalidArgument, what}; };
  if (references.empty()) return wrong("no version to evaluate");
  if (options.batch == 0) return wrong("a batch of 0 examples");
  if (options.limit && *options.limit == 0) return wrong("a limit of 0 examples");
  if (!options.predictions.empty() && references.size() != 1)
    return wrong("predictions are of one version; name one");
  return Ok();
}

/// What is recorded of a version.
store::VersionResults ResultsOf(const VersionEvaluation& version, const std::string& data) {
  KeyValues attributes = {{"examples", std::to_string(version.examples)},
                          {"preprocess", version.preprocess}};
  if (const auto step = version.reference.find('#'); step != std::string::npos)
    attributes.emplace("step", version.reference.substr(step + 1));
  store::VersionResults results{version.id, {}};
  for (const auto& [name, value] : version.metrics)
    results.values.push_back({data, name, value, attributes, 0});
  return results;
}

Status Remember(store::Store& store, const EvaluationReport& report, const std::string& text) {
  for (const VersionEvaluation& version : report.versions) {
    const std::string reference = version.reference.substr(0, version.reference.find('#'));
    DLV_TRY(store::SetTags(store, reference, {{std::string(store::kPreprocessTag), text}}));
  }
  return Ok();
}

}  // namespace

Result<EvaluationReport> Evaluate(store::Store& store, const std::vector<std::string>& references,
                                  const EvaluationOptions& options, const Operation& operation) {
  DLV_TRY(CheckEvaluation(references, options));
  DLV_ASSIGN(const auto metrics, MetricsOf(options));
  DLV_ASSIGN(const auto data,
             dataset::OpenData(io::PosixFileSystem(), options.data.string(),
                               {options.labels.string(), options.array, options.label_array}));
  if (!data->description().has_labels) {
    return Error{ErrorCode::kInvalidArgument, options.data.string() + ": has no labels",
                 "name them with --labels"};
  }
  EvaluationReport report;
  report.data = options.data.string();
  report.format = data->description().format;
  report.examples =
      std::min(data->description().count, options.limit.value_or(data->description().count));
  std::vector<store::VersionResults> results;
  for (const std::string& reference : references) {
    VersionRun run(store, *data, options, metrics, report.examples, operation);
    DLV_ASSIGN(auto version, run.Run(reference));
    if (!options.predictions.empty())
      DLV_TRY(WritePredictions(options.predictions, run.predictions()));
    results.push_back(ResultsOf(version, NameOfData(options.data)));
    report.versions.push_back(std::move(version));
  }
  if (options.save) DLV_TRY(store::SaveEvaluations(store, results));
  if (options.preprocess && options.remember)
    DLV_TRY(Remember(store, report, report.versions.front().preprocess));
  return report;
}

}  // namespace dlv::api

namespace dlv {

Result<EvaluationReport> Repository::Evaluate(const std::vector<std::string>& references,
                                              const EvaluationOptions& options,
                                              const Operation& operation) {
  return api::Evaluate(*impl_->store, references, options, operation);
}

}  // namespace dlv
