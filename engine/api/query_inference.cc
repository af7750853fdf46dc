#include "engine/api/query_inference.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "engine/api/evaluation.h"
#include "engine/api/example_inputs.h"
#include "engine/api/progressive_evaluation.h"
#include "engine/api/progressive_run.h"
#include "storage/interchange/side_tree.h"
#include "storage/store/evaluations.h"

namespace dlv::api {
namespace {

constexpr std::uint64_t kMostSettingsBytes = 1 << 20;
/// Of inputs that are answered together.
constexpr std::uint64_t kMostGatheredBytes = std::uint64_t{256} << 20;

EvaluationOptions OptionsOf(const query::RunData& data) {
  EvaluationOptions options;
  options.data = data.data;
  options.labels = data.labels;
  options.array = data.array;
  options.label_array = data.label_array;
  options.preprocess = data.preprocess;
  options.batch = data.batch;
  options.limit = data.limit;
  options.remember = false;
  return options;
}

ProgressiveOptions OptionsOf(const query::PredictionRequest& request) {
  ProgressiveOptions options;
  options.stop = request.heuristic ? ProgressiveStop::kHeuristic : ProgressiveStop::kCertified;
  options.tau = request.tau;
  options.method = request.intervals ? ProgressiveMethod::kIntervals : ProgressiveMethod::kNorms;
  options.most_planes = request.most_planes;
  options.calibration = request.calibration;
  options.calibration_examples = request.calibration_examples;
  return options;
}

Result<std::unique_ptr<OpenedVersion>> OpenSubject(store::Store& store,
                                                   const query::RunSubject& subject) {
  if (subject.made != nullptr)
    return OpenedVersion::OpenMade(store, *subject.made, subject.reference);
  DLV_ASSIGN(auto opened, OpenedVersion::Open(store, subject.reference));
  if (opened->id() != subject.version)
    return Error{ErrorCode::kNotFound, subject.reference + " was removed meanwhile"};
  return opened;
}

class StorePredictor final : public query::Predictor {
 public:
  StorePredictor(store::Store& store, const query::PredictionRequest& request,
                 const Operation& operation)
      : store_(store),
        options_(OptionsOf(request.data)),
        progressive_(OptionsOf(request)),
        top_k_(request.top_k),
        operation_(operation) {}

  Status Open(const query::RunSubject& subject) {
    const std::uint64_t before = store_.tensors().fetched_bytes();
    DLV_ASSIGN(data_, OpenExamples(options_, false));
    DLV_ASSIGN(auto version, OpenSubject(store_, subject));
    DLV_ASSIGN(auto inputs,
               ExampleInputs::Make(store_, *version, *data_, options_.preprocess, options_.batch));
    inputs_.emplace(std::move(inputs));
    DLV_TRY(version->SizeInput(inputs_->shape()));
    DLV_ASSIGN(const auto options, RunOptionsOf(progressive_, top_k_, operation_));
    DLV_ASSIGN(run_, ProgressiveRun::Open(store_, std::move(version), options));
    std::error_code ignored;
    if (std::filesystem::equivalent(progressive_.calibration, options_.data, ignored)) {
      return Error{ErrorCode::kInvalidArgument,
                   options_.data.string() + " cannot calibrate its own predictions",
                   "other data of the same kind do"};
    }
    fetched_ += store_.tensors().fetched_bytes() - before;
    return Ok();
  }

  std::uint64_t examples() const override {
    const std::uint64_t count = data_->description().count;
    return std::min(count, options_.limit.value_or(count));
  }

  Result<std::vector<std::int64_t>> Labels(std::uint64_t first, std::uint64_t count) override {
    if (!data_->description().has_labels) return std::vector<std::int64_t>();
    return inputs_->ReadLabels(first, count);
  }

  Result<std::vector<query::Prediction>> Answer(std::span<const std::uint64_t> inputs) override {
    std::vector<query::Prediction> answers;
    const std::uint64_t one = std::max<std::uint64_t>(inputs_->elements() * sizeof(float), 1);
    const std::size_t step = std::max<std::size_t>(kMostGatheredBytes / one, 1);
    const std::uint64_t before = store_.tensors().fetched_bytes();
    for (std::size_t at = 0; at < inputs.size(); at += step) {
      DLV_TRY(AnswerSome(inputs.subspan(at, std::min(step, inputs.size() - at)), answers));
    }
    fetched_ += store_.tensors().fetched_bytes() - before;
    return answers;
  }

  std::uint64_t fetched_bytes() const override { return fetched_; }
  unsigned planes() const override { return planes_; }

 private:
  Status AnswerSome(std::span<const std::uint64_t> inputs,
                    std::vector<query::Prediction>& answers) {
    if (!prepared_) DLV_TRY(Calibrate(store_, *run_, options_, progressive_, operation_));
    prepared_ = true;
    const Status answered = AnswerPrepared(inputs, answers);
    return answered.ok() ? Ok() : Status(run_->version().Named(answered.error()));
  }

  Status AnswerPrepared(std::span<const std::uint64_t> inputs,
                        std::vector<query::Prediction>& answers) {
    kernels::Memory memory;
    DLV_ASSIGN(const kernels::Value batch, Gather(inputs, memory));
    DLV_ASSIGN(const auto found, run_->run().Classify(batch));
    const ProgressiveReport report = run_->Report();
    for (const progressive::Answer& answer : found) {
      if (!answer.scores.empty() && answer.scores.size() < top_k_) {
        return Error{ErrorCode::kInvalidArgument,
                     "the " + std::to_string(top_k_) + " greatest scores of " +
                         std::to_string(answer.scores.size()) + " classes"};
      }
      answers.push_back(PredictionOf(answer, report));
    }
    if (operation_.progress != nullptr) {
      done_ += inputs.size();
      operation_.progress->ReportCount("predicting", done_,
                                       std::max<std::uint64_t>(examples(), done_), "examples");
    }
    return Ok();
  }

  /// The examples, whose numbers ascend: consecutive ones are read together.
  Result<kernels::Value> Gather(std::span<const std::uint64_t> inputs, kernels::Memory& memory) {
    if (inputs.back() - inputs.front() + 1 == inputs.size())
      return inputs_->Read(inputs.front(), inputs.size(), inputs.size(), memory);
    DLV_ASSIGN(kernels::Value first, inputs_->Read(inputs.front(), 1, 1, memory));
    kernels::Shape shape = first.shape();
    shape[0] = static_cast<std::int64_t>(inputs.size());
    DLV_ASSIGN(kernels::Value gathered, memory.Make(first.dtype(), shape));
    const std::size_t bytes = first.size_bytes();
    for (std::size_t at = 0; at < inputs.size();) {
      std::size_t count = 1;
      while (at + count < inputs.size() && inputs[at + count] == inputs[at] + count) ++count;
      DLV_ASSIGN(const kernels::Value run, inputs_->Read(inputs[at], count, count, memory));
      std::copy_n(run.data(), run.size_bytes(), gathered.data() + at * bytes);
      at += count;
    }
    return gathered;
  }

  query::Prediction PredictionOf(const progressive::Answer& answer,
                                 const ProgressiveReport& report) {
    query::Prediction prediction;
    prediction.classes = answer.classes;
    const AnswerStatus status = StatusOf(answer.status);
    prediction.status = NameOf(status);
    prediction.reason = answer.reason;
    if (!answer.classes.empty()) prediction.margin = answer.margin;
    prediction.all_bits = report.all_bits.full;
    prediction.plane_bits = report.plane_bits.full;
    if (status == AnswerStatus::kComputed || answer.step >= report.steps.size()) {
      planes_ = std::max(planes_, 32u);
      return prediction;
    }
    const ProgressiveStep& step = report.steps[answer.step];
    prediction.all_bits = step.all_bits;
    prediction.plane_bits = step.plane_bits;
    for (const ProgressiveLevel& level : step.levels)
      planes_ = std::max(planes_, level.by_significance ? 32U : level.planes);
    return prediction;
  }

  store::Store& store_;
  EvaluationOptions options_;
  ProgressiveOptions progressive_;
  unsigned top_k_;
  Operation operation_;
  std::unique_ptr<dataset::DataSource> data_;
  std::unique_ptr<ProgressiveRun> run_;
  std::optional<ExampleInputs> inputs_;
  bool prepared_ = false;
  std::uint64_t fetched_ = 0, done_ = 0;
  unsigned planes_ = 0;
};

/// Steps that a statement gave are remembered with a version where one alone was kept of it, as
/// `dlv eval --preprocess` does.
std::map<VersionId, std::set<std::string>> GivenSteps(std::span<const query::Evaluated> results) {
  std::map<VersionId, std::set<std::string>> given;
  for (const query::Evaluated& result : results) {
    if (result.preprocess_given) given[result.subject.version].insert(result.preprocess);
  }
  return given;
}

/// A metric under the name that an evaluation knows it by.
std::string MetricName(const std::string& name) {
  return name == "acc" || name == "accuracy" ? "top1" : name;
}

}  // namespace

Result<std::unique_ptr<query::Predictor>> OpenPredictor(store::Store& store,
                                                        const query::RunSubject& subject,
                                                        const query::PredictionRequest& request,
                                                        const Operation& operation) {
  auto predictor = std::make_unique<StorePredictor>(store, request, operation);
  DLV_TRY(predictor->Open(subject));
  return std::unique_ptr<query::Predictor>(std::move(predictor));
}

Result<query::Evaluated> EvaluateSubject(store::Store& store, const query::RunSubject& subject,
                                         const query::RunData& data,
                                         std::span<const std::string> metrics,
                                         const Operation& operation) {
  EvaluationOptions options = OptionsOf(data);
  options.metrics.clear();
  for (const std::string& metric : metrics) options.metrics.push_back(MetricName(metric));
  const std::uint64_t before = store.tensors().fetched_bytes();
  DLV_ASSIGN(auto version, OpenSubject(store, subject));
  DLV_ASSIGN(const VersionEvaluation done,
             EvaluateOpened(store, std::move(version), options, operation));
  query::Evaluated result;
  result.subject = subject;
  result.data = data.data;
  result.preprocess = done.preprocess;
  result.preprocess_given = data.preprocess.has_value();
  result.examples = done.examples;
  for (std::size_t i = 0; i < metrics.size(); ++i)
    result.metrics.emplace_back(metrics[i], done.metrics[i].second);
  result.fetched_bytes = store.tensors().fetched_bytes() - before;
  return result;
}

Status SaveResults(store::Store& store, std::span<const query::Evaluated> results) {
  std::vector<store::VersionResults> saved;
  const auto given = GivenSteps(results);
  for (const query::Evaluated& result : results) {
    if (result.subject.made != nullptr) {
      return Error{ErrorCode::kInvalidArgument,
                   result.subject.reference + " is not stored, so its results are not kept",
                   "save as makes a version of it first"};
    }
    store::VersionResults of{result.subject.version, {}};
    const auto steps = given.find(result.subject.version);
    if (steps != given.end() && steps->second.size() == 1) of.preprocess = *steps->second.begin();
    const KeyValues attributes = {{"examples", std::to_string(result.examples)},
                                  {"preprocess", result.preprocess},
                                  {"engine", "plain"}};
    for (const auto& [name, value] : result.metrics)
      of.values.push_back({NameOfData(result.data), MetricName(name), value, attributes, 0});
    saved.push_back(std::move(of));
  }
  return store::SaveEvaluations(store, saved);
}

Result<KeyValues> ReadSettings(const std::string& path) {
  DLV_ASSIGN(const auto bytes, io::ReadWholeFile(io::PosixFileSystem(), path, kMostSettingsBytes));
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  auto tree =
      path.ends_with(".prototxt") ? interchange::ParsePrototxt(text) : interchange::ParseYaml(text);
  if (!tree.ok()) {
    Error error = tree.error();
    error.message = path + ": " + error.message;
    return error;
  }
  const interchange::TreeNode& top = tree->top();
  if (top.kind != interchange::TreeKind::kDict) {
    return Error{ErrorCode::kInvalidArgument, path + ": holds no settings, want NAME: VALUE lines"};
  }
  KeyValues settings;
  for (std::size_t i = 0; i + 1 < top.items.size(); i += 2) {
    const auto value = interchange::TextOfNode(*tree, tree->at(top.items[i + 1]));
    if (value) settings.insert_or_assign(tree->at(top.items[i]).text, *value);
  }
  return settings;
}

}  // namespace dlv::api
