#include "engine/api/progressive_evaluation.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <limits>

#include "dlv/repository.h"
#include "engine/api/answer_tally.h"
#include "engine/api/certificates.h"
#include "engine/api/evaluation.h"
#include "engine/api/example_inputs.h"
#include "engine/api/plain_comparison.h"
#include "engine/api/predictions_file.h"
#include "engine/api/progressive_run.h"
#include "engine/api/repository_impl.h"
#include "storage/io/hash.h"
#include "storage/store/evaluations.h"

namespace dlv::api {
namespace {

/// Inputs that are answered together share the planes that are read, so the more the better.
constexpr std::uint64_t kMostInputs = 16'384;
constexpr std::uint64_t kMostInputBytes = std::uint64_t{256} << 20;

Error Wrong(std::string what, std::string hint = {}) {
  return {ErrorCode::kInvalidArgument, std::move(what), std::move(hint)};
}

/// Of the metrics, "topK" alone.
Result<unsigned> TopOf(const EvaluationOptions& options) {
  if (options.metrics.size() == 1 && options.metrics[0].starts_with("top")) {
    const std::string& name = options.metrics[0];
    unsigned top = 0;
    const auto [end, error] = std::from_chars(name.data() + 3, name.data() + name.size(), top);
    if (error == std::errc() && end == name.data() + name.size() && top > 0) return top;
  }
  return Wrong("progressive evaluation has one metric, as top1 or top5",
               "a loss takes all bits of the weights: evaluate without --progressive");
}

Status Check(const std::vector<std::string>& references, const EvaluationOptions& options,
             const ProgressiveOptions& progressive) {
  if (references.empty()) return Wrong("no version to evaluate");
  if (options.batch == 0) return Wrong("a batch of 0 examples");
  if (options.limit && *options.limit == 0) return Wrong("a limit of 0 examples");
  if (!options.predictions.empty() && references.size() != 1)
    return Wrong("predictions are of one version; name one");
  if (!progressive.certificate.empty() && references.size() != 1)
    return Wrong("certificates are of one version; name one");
  if (!progressive.calibration.empty() && progressive.calibration_examples == 0)
    return Wrong("a calibration on 0 examples");
  return Ok();
}

bool IsSameFile(const std::filesystem::path& a, const std::filesystem::path& b) {
  std::error_code ignored;
  return std::filesystem::equivalent(a, b, ignored);
}

/// What is looked at: examples [first, first + count) of the data.
struct Examples {
  const dataset::DataSource& data;
  std::uint64_t first = 0, count = 0;
  std::string hash;
};

class ProgressiveVersion {
 public:
  ProgressiveVersion(store::Store& store, const Examples& examples,
                     const EvaluationOptions& options, const ProgressiveOptions& progressive,
                     unsigned top_k, const Operation& operation)
      : store_(store),
        examples_(examples),
        options_(options),
        progressive_(progressive),
        operation_(operation),
        top_k_(top_k),
        tally_(top_k, options.confusion) {}

  Result<ProgressiveEvaluation> Run(const std::string& reference) {
    DLV_ASSIGN(auto version, OpenedVersion::Open(store_, reference));
    DLV_ASSIGN(auto inputs, ExampleInputs::Make(store_, *version, examples_.data,
                                                options_.preprocess, options_.batch));
    inputs_.emplace(std::move(inputs));
    DLV_TRY(version->SizeInput(inputs_->shape()));
    DLV_ASSIGN(const auto options, RunOptionsOf(progressive_, top_k_, operation_));
    DLV_ASSIGN(run_, ProgressiveRun::Open(store_, std::move(version), options));
    DLV_TRY(Calibrate(store_, *run_, options_, progressive_, operation_));
    if (!progressive_.certificate.empty()) {
      DLV_ASSIGN(certificates_,
                 Certificates::Create(progressive_.certificate.string(), *run_, HeaderParts()));
    }
    const Status answered = AnswerAll();
    if (!answered.ok()) return run_->version().Named(answered.error());
    return Finish();
  }

 private:
  CertificateParts HeaderParts() const {
    CertificateParts parts;
    parts.preprocess = inputs_->preprocess();
    parts.data = options_.data.string();
    parts.data_sha256 = examples_.hash;
    parts.first = examples_.first;
    parts.examples = examples_.count;
    parts.top_k = top_k_;
    parts.method = progressive_.method;
    parts.stop = progressive_.stop;
    return parts;
  }

  std::uint64_t InputsAtOnce() const {
    const std::uint64_t one = std::max<std::uint64_t>(inputs_->elements() * sizeof(float), 1);
    return std::clamp<std::uint64_t>(kMostInputBytes / one, 1, kMostInputs);
  }

  Status AnswerAll() {
    const std::uint64_t step = InputsAtOnce();
    for (std::uint64_t at = 0; at < examples_.count; at += step)
      DLV_TRY(AnswerSome(at, std::min(step, examples_.count - at)));
    return Ok();
  }

  Status AnswerSome(std::uint64_t at, std::uint64_t count) {
    const std::uint64_t first = examples_.first + at;
    kernels::Memory memory;
    DLV_ASSIGN(const kernels::Value inputs, inputs_->Read(first, count, count, memory));
    DLV_ASSIGN(const auto labels, inputs_->ReadLabels(first, count));
    DLV_ASSIGN(const auto answers, run_->run().Classify(inputs));
    DLV_TRY(tally_.Add(answers, labels));
    if (!options_.predictions.empty()) Keep(answers, labels);
    if (certificates_) DLV_TRY(certificates_->Add(inputs, answers, first));
    if (progressive_.compare) {
      if (!plain_) {
        const std::uint64_t before = run_->Report().fetched_bytes;
        DLV_ASSIGN(plain_, PlainComparison::Make(run_->version().report().network, run_->weights(),
                                                 operation_));
        plain_bytes_ = run_->Report().fetched_bytes - before;
      }
      DLV_TRY(plain_->Add(inputs, answers, first, inputs_->batch(), inputs_->is_fixed_batch()));
    }
    if (operation_.progress != nullptr)
      operation_.progress->ReportCount("evaluating", at + count, examples_.count, "examples");
    return Ok();
  }

  void Keep(const std::vector<progressive::Answer>& answers,
            const std::vector<std::int64_t>& labels) {
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const progressive::Answer& answer = answers[i];
      predictions_.classes = std::max(predictions_.classes, answer.scores.size());
      for (std::size_t c = 0; c < predictions_.classes; ++c) {
        predictions_.scores.push_back(c < answer.scores.size()
                                          ? static_cast<float>(answer.scores[c])
                                          : std::numeric_limits<float>::quiet_NaN());
      }
      predictions_.predicted.push_back(answer.classes.empty() ? -1 : answer.classes.front());
      predictions_.labels.push_back(labels[i]);
      predictions_.status.push_back(static_cast<std::uint8_t>(StatusOf(answer.status)));
    }
  }

  Result<ProgressiveEvaluation> Finish() {
    if (!options_.predictions.empty())
      DLV_TRY(WritePredictions(options_.predictions, predictions_));
    ProgressiveEvaluation done;
    done.evaluation.reference = run_->version().reference();
    done.evaluation.id = run_->version().id();
    done.evaluation.preprocess = inputs_->preprocess();
    done.evaluation.warnings = WarningsOn(run_->version());
    tally_.Finish(examples_.data.description().classes, done.evaluation);
    done.run = run_->Report();
    done.run.fetched_bytes -= plain_bytes_;
    if (plain_) plain_->Finish(done.run);
    done.evaluation.seconds = done.run.seconds;
    done.evaluation.peak_bytes = done.run.peak_bytes;
    if (certificates_) DLV_TRY(certificates_->Finish());
    DLV_TRY(CountMaterialised(done.run));
    return done;
  }

  /// All inputs again, from a source without differences.
  Status CountMaterialised(ProgressiveReport& report) {
    if (report.delta_tensors == 0) {
      report.materialised = FiguresOf(report);
      return Ok();
    }
    if (!progressive_.count_materialised) return Ok();
    DLV_ASSIGN(auto version, OpenedVersion::Open(store_, run_->version().reference()));
    DLV_TRY(version->SizeInput(inputs_->shape()));
    DLV_ASSIGN(const auto options, RunOptionsOf(progressive_, top_k_, operation_));
    DLV_ASSIGN(const auto run, ProgressiveRun::Open(store_, std::move(version), options,
                                                    ProgressiveRun::Source::kMaterialised));
    if (!report.stopped_by.empty()) {  // nothing is answered from less than everything
      report.materialised = FullFiguresOf(run->Report());
      return Ok();
    }
    DLV_TRY(Calibrate(store_, *run, options_, progressive_, operation_));
    for (std::uint64_t at = 0, count = 0; at < examples_.count; at += count) {
      count = std::min(InputsAtOnce(), examples_.count - at);
      kernels::Memory memory;
      DLV_ASSIGN(const kernels::Value inputs,
                 inputs_->Read(examples_.first + at, count, count, memory));
      const auto answers = run->run().Classify(inputs);
      if (!answers.ok()) return run_->version().Named(answers.error());
      if (operation_.progress != nullptr)
        operation_.progress->ReportCount("counting materialised", at + count, examples_.count,
                                         "examples");
    }
    report.materialised = FiguresOf(run->Report());
    return Ok();
  }

  static MaterialisedFigures FullFiguresOf(const ProgressiveReport& report) {
    const auto all = [](double full) { return BitsPerWeight{full, full, full, full}; };
    return {0, report.full_bytes, all(report.plane_bits.full), all(report.all_bits.full)};
  }

  static MaterialisedFigures FiguresOf(const ProgressiveReport& report) {
    return {report.certified, report.full_bytes, report.plane_bits, report.all_bits};
  }

  store::Store& store_;
  const Examples& examples_;
  const EvaluationOptions& options_;
  const ProgressiveOptions& progressive_;
  const Operation& operation_;
  unsigned top_k_;
  Predictions predictions_;
  AnswerTally tally_;
  std::unique_ptr<ProgressiveRun> run_;
  std::optional<ExampleInputs> inputs_;
  std::unique_ptr<Certificates> certificates_;
  std::unique_ptr<PlainComparison> plain_;
  std::uint64_t plain_bytes_ = 0;
};

std::string EngineOf(const ProgressiveOptions& progressive) {
  std::string engine = progressive.method == ProgressiveMethod::kIntervals ? "progressive intervals"
                                                                           : "progressive norms";
  const bool guesses = progressive.stop == ProgressiveStop::kHeuristic || progressive.most_planes;
  return guesses ? engine + ", heuristic" : engine;
}

/// What is recorded of a version: how many answers are proved is part of what the metric says.
store::VersionResults ResultsOf(const ProgressiveEvaluation& done,
                                const ProgressiveEvaluationReport& report,
                                const ProgressiveOptions& progressive, const std::string& data) {
  const ProgressiveReport& run = done.run;
  KeyValues attributes = {{"examples", std::to_string(done.evaluation.examples)},
                          {"preprocess", done.evaluation.preprocess},
                          {"engine", EngineOf(progressive)},
                          {"data_sha256", report.data_hash},
                          {"proved", std::to_string(run.certified + run.certified_full)},
                          {"certified", std::to_string(run.certified)},
                          {"certified_full", std::to_string(run.certified_full)},
                          {"heuristic", std::to_string(run.heuristic)},
                          {"computed", std::to_string(run.computed)}};
  const std::string& reference = done.evaluation.reference;
  if (const auto step = reference.find('#'); step != std::string::npos)
    attributes.emplace("step", reference.substr(step + 1));
  store::VersionResults results{done.evaluation.id, {}};
  for (const auto& [name, value] : done.evaluation.metrics)
    results.values.push_back({data, name, value, attributes, 0});
  return results;
}

/// The examples that profiles are computed from.
Result<std::unique_ptr<dataset::DataSource>> OpenCalibration(
    const EvaluationOptions& options, const ProgressiveOptions& progressive) {
  EvaluationOptions named = options;
  if (!IsSameFile(progressive.calibration, options.data)) named.labels.clear();
  named.data = progressive.calibration;
  return OpenExamples(named, false);
}

/// Sizes that the network leaves open are those of the examples that calibrate.
Status SizeByCalibration(store::Store& store, OpenedVersion& version,
                         const EvaluationOptions& options, const ProgressiveOptions& progressive) {
  if (progressive.calibration.empty() || version.has_input_sizes()) return Ok();
  DLV_ASSIGN(const auto data, OpenCalibration(options, progressive));
  DLV_ASSIGN(const auto inputs,
             ExampleInputs::Make(store, version, *data, options.preprocess, options.batch));
  return version.SizeInput(inputs.shape());
}

}  // namespace

Result<std::uint64_t> Calibrate(store::Store& store, ProgressiveRun& run,
                                const EvaluationOptions& options,
                                const ProgressiveOptions& progressive, const Operation& operation) {
  if (progressive.calibration.empty()) {
    const Status prepared = run.run().Prepare(nullptr, operation.progress);
    if (!prepared.ok()) return run.version().Named(prepared.error());
    return std::uint64_t{0};
  }
  DLV_ASSIGN(const auto data, OpenCalibration(options, progressive));
  DLV_ASSIGN(const auto inputs,
             ExampleInputs::Make(store, run.version(), *data, options.preprocess, options.batch));
  const std::uint64_t count = std::min(progressive.calibration_examples, data->description().count);
  if (count == 0) return Wrong(progressive.calibration.string() + ": has no examples");
  kernels::Memory memory;
  DLV_ASSIGN(const kernels::Value examples, inputs.Read(0, count, count, memory));
  const Status prepared = run.run().Prepare(&examples, operation.progress);
  if (!prepared.ok()) return run.version().Named(prepared.error());
  return count;
}

Result<ProgressiveEvaluationReport> EvaluateProgressive(store::Store& store,
                                                        const std::vector<std::string>& references,
                                                        const EvaluationOptions& options,
                                                        const ProgressiveOptions& progressive,
                                                        const Operation& operation) {
  DLV_TRY(Check(references, options, progressive));
  DLV_ASSIGN(const unsigned top_k, TopOf(options));
  DLV_ASSIGN(const auto data, OpenExamples(options, true));
  Examples examples{*data, 0, data->description().count, {}};
  if (!progressive.calibration.empty() && IsSameFile(progressive.calibration, options.data)) {
    examples.first = std::min(progressive.calibration_examples, examples.count);
    examples.count -= examples.first;  // what a table was made from proves nothing of it
    if (examples.count == 0)
      return Wrong("all examples are taken for calibration", "fewer of them, or other data");
  }
  examples.count = std::min(examples.count, options.limit.value_or(examples.count));
  ProgressiveEvaluationReport report;
  report.data = options.data.string();
  report.format = data->description().format;
  report.examples = examples.count;
  DLV_ASSIGN(report.data_hash, HashOfExamples(*data, examples.first, examples.count));
  examples.hash = report.data_hash;
  std::vector<store::VersionResults> results;
  for (const std::string& reference : references) {
    ProgressiveVersion version(store, examples, options, progressive, top_k, operation);
    DLV_ASSIGN(auto done, version.Run(reference));
    results.push_back(ResultsOf(done, report, progressive, NameOfData(options.data)));
    report.versions.push_back(std::move(done));
  }
  if (options.save) DLV_TRY(store::SaveEvaluations(store, results));
  if (options.preprocess && options.remember) {
    for (const ProgressiveEvaluation& done : report.versions)
      DLV_TRY(RememberPreprocess(store, done.evaluation.reference, done.evaluation.preprocess));
  }
  return report;
}

Result<std::vector<ProgressivePreparation>> PrepareProgressive(
    store::Store& store, const std::vector<std::string>& references,
    const EvaluationOptions& options, const ProgressiveOptions& progressive,
    const Operation& operation) {
  if (references.empty()) return Wrong("no version to prepare");
  std::vector<ProgressivePreparation> prepared;
  for (const std::string& reference : references) {
    const auto begin = std::chrono::steady_clock::now();
    DLV_ASSIGN(auto version, OpenedVersion::Open(store, reference));
    DLV_TRY(SizeByCalibration(store, *version, options, progressive));
    DLV_ASSIGN(const auto run_options, RunOptionsOf(progressive, 1, operation));
    DLV_ASSIGN(const auto run, ProgressiveRun::Open(store, std::move(version), run_options));
    ProgressivePreparation one;
    one.reference = run->version().reference();
    one.id = run->version().id();
    DLV_ASSIGN(one.calibration_examples, Calibrate(store, *run, options, progressive, operation));
    ProgressiveReport report = run->Report();
    one.steps = std::move(report.steps);
    one.parameter_elements = report.parameter_elements;
    one.stopped_by = report.stopped_by;
    one.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    prepared.push_back(std::move(one));
  }
  return prepared;
}

}  // namespace dlv::api

namespace dlv {

Result<ProgressiveEvaluationReport> Repository::EvaluateProgressive(
    const std::vector<std::string>& references, const EvaluationOptions& options,
    const ProgressiveOptions& progressive, const Operation& operation) {
  return api::EvaluateProgressive(*impl_->store, references, options, progressive, operation);
}

Result<std::vector<ProgressivePreparation>> Repository::PrepareProgressive(
    const std::vector<std::string>& references, const EvaluationOptions& options,
    const ProgressiveOptions& progressive, const Operation& operation) {
  return api::PrepareProgressive(*impl_->store, references, options, progressive, operation);
}

}  // namespace dlv
