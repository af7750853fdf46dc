#include "engine/api/evaluation.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "dlv/repository.h"
#include "engine/api/example_inputs.h"
#include "engine/api/loss_scores.h"
#include "engine/api/predictions_file.h"
#include "engine/api/repository_impl.h"
#include "engine/api/version_weights.h"
#include "engine/evaluation/classification.h"
#include "engine/infer/session.h"
#include "storage/dataset/data_source.h"
#include "storage/io/parallel.h"
#include "storage/store/alias_tag.h"
#include "storage/store/evaluations.h"

namespace dlv::api {
namespace {

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

  Result<VersionEvaluation> Run(std::unique_ptr<OpenedVersion> version) {
    version_ = std::move(version);
    result_.reference = version_->reference();
    result_.id = version_->id();
    DLV_ASSIGN(auto inputs,
               ExampleInputs::Make(store_, *version_, data_, options_.preprocess, options_.batch));
    inputs_.emplace(std::move(inputs));
    DLV_TRY(version_->SizeInput(inputs_->shape()));
    result_.preprocess = inputs_->preprocess();
    VersionWeights weights(store_, version_->tensors());
    Network network = version_->report().network;
    adds_logits_ = WantsLoss() && AddLogits(network);
    auto session = infer::Session::Make(std::move(network), weights);
    if (!session.ok()) return version_->Named(session.error());
    session_ = std::move(session).value();
    DLV_TRY(RunAll());
    return Finish();
  }

  const Predictions& predictions() const { return predictions_; }

 private:
  /// One batch on its way: labels, then scores.
  struct Batch {
    std::uint64_t count = 0;
    std::vector<std::int64_t> labels;
    std::vector<kernels::Value> outputs;
  };

  bool WantsLoss() const {
    return std::ranges::any_of(metrics_, [](const auto& metric) { return metric.top == 0; });
  }

  /// Batches run side by side; their scores are added in order.
  Status RunAll() {
    const std::uint64_t size = inputs_->batch();
    const std::uint64_t batches = (examples_ + size - 1) / size;
    const unsigned threads = operation_.threads == 0 ? io::DefaultThreads() : operation_.threads;
    const std::uint64_t window = 2 * std::uint64_t{threads};
    std::vector<Batch> slots(static_cast<std::size_t>(window + threads + 1));
    const auto start = std::chrono::steady_clock::now();
    DLV_TRY(io::ParallelOrdered(
        batches, threads, window,
        [&](std::uint64_t index, unsigned) {
          const std::uint64_t first = index * size;
          return RunBatch(first, std::min(size, examples_ - first), slots[index % slots.size()]);
        },
        [&](std::uint64_t index) { return AddScores(slots[index % slots.size()]); }));
    result_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return Ok();
  }

  /// A batch that the network fixes is filled up with zeros.
  Status RunBatch(std::uint64_t first, std::uint64_t count, Batch& batch) const {
    batch.count = count;
    DLV_ASSIGN(batch.labels, inputs_->ReadLabels(first, count));
    DLV_ASSIGN(kernels::Value input,
               inputs_->Read(first, count, inputs_->RowsOf(count), session_->memory()));
    auto outputs = session_->Run({std::move(input)}, operation_.cancel);
    if (!outputs.ok()) return version_->Named(outputs.error());
    batch.outputs = std::move(outputs).value();
    return Ok();
  }

  Status AddScores(Batch& batch) {
    const kernels::Value scores = std::move(batch.outputs.front());
    const kernels::Value logits = adds_logits_ ? std::move(batch.outputs.back()) : kernels::Value();
    batch.outputs.clear();
    const auto rows = static_cast<std::int64_t>(inputs_->RowsOf(batch.count));
    if (scores.dtype() != DType::kF32 || scores.rank() < 2 || scores.shape()[0] != rows) {
      return version_->Unfit("its output is " + std::string(NameOf(scores.dtype())) + " " +
                             kernels::TextOf(scores.shape()) + ", want f32 scores [" +
                             std::to_string(rows) + ", classes]");
    }
    const auto classes = static_cast<std::size_t>(scores.count() / rows);
    if (!sums_) {
      auto made = evaluation::Classification::Make(
          classes, metrics_, KindOfScores(version_->report().network), options_.confusion);
      if (!made.ok()) return version_->Unfit(made.error().message);
      sums_.emplace(std::move(made).value());
    }
    const auto used = scores.As<float>().first(static_cast<std::size_t>(batch.count) * classes);
    std::span<const float> before_softmax;
    if (adds_logits_ && IsSoftmaxOfExamples(version_->report().network, logits.shape(), rows))
      before_softmax = logits.As<float>().first(used.size());
    const Status added = sums_->Add(used, batch.labels, before_softmax);
    if (!added.ok()) return version_->Unfit(added.error().message);
    if (!options_.predictions.empty()) Keep(used, classes, batch.labels);
    if (operation_.progress != nullptr)
      operation_.progress->ReportCount("evaluating", sums_->examples(), examples_, "examples");
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
    result_.warnings = WarningsOn(*version_);
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
  std::unique_ptr<OpenedVersion> version_;
  std::unique_ptr<infer::Session> session_;
  bool adds_logits_ = false;  ///< the session's last output is what the final Softmax reads
  std::optional<ExampleInputs> inputs_;
  std::optional<evaluation::Classification> sums_;
  Predictions predictions_;
};

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
                          {"preprocess", version.preprocess},
                          {"engine", "plain"}};
  if (const auto step = version.reference.find('#'); step != std::string::npos)
    attributes.emplace("step", version.reference.substr(step + 1));
  store::VersionResults results{version.id, {}};
  for (const auto& [name, value] : version.metrics)
    results.values.push_back({data, name, value, attributes, 0});
  return results;
}

}  // namespace

std::string NameOfData(const std::filesystem::path& path) {
  const auto name = path.has_filename() ? path.filename() : path.parent_path().filename();
  return name.string();
}

Status RememberPreprocess(store::Store& store, const std::string& reference,
                          const std::string& steps) {
  return store::SetTags(store, reference.substr(0, reference.find('#')),
                        {{std::string(store::kPreprocessTag), steps}});
}

Result<std::unique_ptr<dataset::DataSource>> OpenExamples(const EvaluationOptions& options,
                                                          bool labelled) {
  DLV_ASSIGN(auto data,
             dataset::OpenData(io::PosixFileSystem(), options.data.string(),
                               {options.labels.string(), options.array, options.label_array}));
  if (labelled && !data->description().has_labels) {
    return Error{ErrorCode::kInvalidArgument,
                 options.data.string() + ": " + data->description().why_no_labels,
                 data->description().labels_hint};
  }
  return data;
}

Result<EvaluationReport> Evaluate(store::Store& store, const std::vector<std::string>& references,
                                  const EvaluationOptions& options, const Operation& operation) {
  DLV_TRY(CheckEvaluation(references, options));
  DLV_ASSIGN(const auto metrics, MetricsOf(options));
  DLV_ASSIGN(const auto data, OpenExamples(options, true));
  EvaluationReport report;
  report.data = options.data.string();
  report.format = data->description().format;
  report.examples =
      std::min(data->description().count, options.limit.value_or(data->description().count));
  std::vector<store::VersionResults> results;
  for (const std::string& reference : references) {
    VersionRun run(store, *data, options, metrics, report.examples, operation);
    DLV_ASSIGN(auto opened, OpenedVersion::Open(store, reference));
    DLV_ASSIGN(auto version, run.Run(std::move(opened)));
    if (!options.predictions.empty())
      DLV_TRY(WritePredictions(options.predictions, run.predictions()));
    results.push_back(ResultsOf(version, NameOfData(options.data)));
    report.versions.push_back(std::move(version));
  }
  if (options.save) DLV_TRY(store::SaveEvaluations(store, results));
  if (options.preprocess && options.remember) {
    for (const VersionEvaluation& version : report.versions)
      DLV_TRY(RememberPreprocess(store, version.reference, version.preprocess));
  }
  return report;
}

Result<VersionEvaluation> EvaluateOpened(store::Store& store,
                                         std::unique_ptr<OpenedVersion> version,
                                         const EvaluationOptions& options,
                                         const Operation& operation) {
  DLV_TRY(CheckEvaluation({version->reference()}, options));
  DLV_ASSIGN(const auto metrics, MetricsOf(options));
  DLV_ASSIGN(const auto data, OpenExamples(options, true));
  const std::uint64_t count = data->description().count;
  VersionRun run(store, *data, options, metrics, std::min(count, options.limit.value_or(count)),
                 operation);
  return run.Run(std::move(version));
}

}  // namespace dlv::api

namespace dlv {

Result<EvaluationReport> Repository::Evaluate(const std::vector<std::string>& references,
                                              const EvaluationOptions& options,
                                              const Operation& operation) {
  return api::Evaluate(*impl_->store, references, options, operation);
}

}  // namespace dlv
