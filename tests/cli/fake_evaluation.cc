// Canned answers of evaluations (fake_repository.cc has the others).

#include "dlv/evaluation.h"

#include "dlv/progressive.h"
#include "dlv/repository.h"

namespace dlv {
namespace {

/// Steps of two tensors; of 1,000 inputs `left` are left after each.
std::vector<ProgressiveStep> CannedSteps() {
  std::vector<ProgressiveStep> steps(3);
  const unsigned planes[] = {9, 12, 32};
  const std::uint64_t left[] = {310, 24, 6};
  std::uint64_t inputs = 1'000;
  for (std::size_t i = 0; i < 3; ++i) {
    const bool exact = planes[i] == 32;
    steps[i].levels = {{"conv1.weight", planes[i] + (exact ? 0 : 4), exact},
                       {"fc.weight", planes[i], exact}};
    steps[i].plane_bytes = 20'000 * (i + 1);
    steps[i].all_bytes = 23'000 * (i + 1);
    steps[i].plane_bits = 3.5 * static_cast<double>(i + 1);
    steps[i].all_bits = 4.1 * static_cast<double>(i + 1);
    steps[i].inputs = inputs;
    steps[i].certified_backward = i == 1 ? 100 : 0;
    steps[i].certified_forward = inputs - left[i] - steps[i].certified_backward;
    steps[i].seconds = 0.06;
    inputs = left[i];
  }
  return steps;
}

ProgressiveReport CannedRun(const ProgressiveOptions& options) {
  ProgressiveReport run;
  run.inputs = 1'000;
  run.steps = CannedSteps();
  run.certified = 976;
  run.certified_full = 18;
  run.computed = 6;
  if (options.stop == ProgressiveStop::kHeuristic) {
    run.steps[0].heuristic = 300;
    run.steps[0].certified_forward -= 300;
    run.certified -= 300;
    run.heuristic = 300;
  }
  run.parameter_elements = 61'706;
  run.full_bytes = 205'000;
  run.bound_bytes = 1'216;
  run.fetched_bytes = 205'000;
  run.plane_bits = {4.7, 3.5, 7, 25.9};
  run.all_bits = {5.4, 4.1, 8.2, 26.6};
  run.stored_tensors = 8;
  run.delta_tensors = 3;
  if (options.count_materialised) {
    run.materialised =
        MaterialisedFigures{976, 198'000, {4.2, 3.1, 6.6, 25.1}, {4.6, 3.6, 7.1, 25.7}};
  }
  run.precision = CentrePrecision::kF32;
  run.escalated = 24;
  run.seconds = 0.31;
  run.bound_seconds = 1.2;
  run.peak_bytes = 5'242'880;
  run.plain_seconds = 0.12;
  run.plain_differences = 1;
  run.differences = {{417, 3, 5, 2e-8}};
  return run;
}

}  // namespace

std::string_view NameOf(AnswerStatus status) {
  constexpr std::string_view kNames[] = {"certified", "certified-full", "heuristic", "computed"};
  return kNames[static_cast<std::size_t>(status)];
}

std::string_view NameOf(CentrePrecision precision) {
  return precision == CentrePrecision::kF32 ? "f32" : "f64";
}

Result<ProgressiveEvaluationReport> Repository::EvaluateProgressive(
    const std::vector<std::string>& references, const EvaluationOptions& options,
    const ProgressiveOptions& progressive, const Operation& operation) {
  DLV_ASSIGN(const EvaluationReport plain, Evaluate(references, options, operation));
  ProgressiveEvaluationReport report;
  report.data = plain.data;
  report.format = plain.format;
  report.examples = plain.examples;
  report.data_hash = std::string(64, 'a');
  for (const VersionEvaluation& version : plain.versions) {
    report.versions.push_back({version, CannedRun(progressive)});
    if (version.reference.starts_with("odd"))
      report.versions.back().run.stopped_by = "node gate (GRU): no rule for this operator";
  }
  return report;
}

Result<std::vector<ProgressivePreparation>> Repository::PrepareProgressive(
    const std::vector<std::string>& references, const EvaluationOptions&,
    const ProgressiveOptions& progressive, const Operation&) {
  std::vector<ProgressivePreparation> prepared;
  for (const std::string& reference : references) {
    ProgressivePreparation one;
    one.reference = reference;
    one.calibration_examples = progressive.calibration.empty() ? 0 : 32;
    one.steps = CannedSteps();
    one.parameter_elements = 61'706;
    one.seconds = 1.2;
    prepared.push_back(std::move(one));
  }
  return prepared;
}

Result<CertificateReport> Repository::VerifyCertificate(const CertificateOptions& options,
                                                        const Operation&) const {
  CertificateReport report;
  report.reference = "lenet:v3";
  report.inputs = 1'000;
  report.unproved = 6;
  report.proved = 994;
  report.seconds = 2.5;
  if (options.file.filename() == "forged.jsonl") {
    --report.proved;
    report.fault_count = 1;
    report.faults = {{12, "input 10: class 7 over class 2 is not proved at step 1"}};
  }
  return report;
}

Result<EvaluationReport> Repository::Evaluate(const std::vector<std::string>& references,
                                              const EvaluationOptions& options, const Operation&) {
  EvaluationReport report;
  report.data = options.data.string();
  report.format = "idx";
  report.examples = 1'000;
  double share = 0.854;
  for (const std::string& reference : references) {
    VersionEvaluation version;
    version.reference = reference;
    version.preprocess = options.preprocess.value_or("scale=1/255");
    version.examples = report.examples;
    for (const std::string& name : options.metrics)
      version.metrics.emplace_back(name, name == "loss" ? 0.41 : share);
    version.undefined = reference.find('#') == std::string::npos ? 0 : 2;
    version.classes = {{"shirt", 510, 450, 536}, {"boot", 490, 404, 464}};
    if (options.confusion) version.confusion = {450, 60, 86, 404};
    version.seconds = 0.25;
    version.peak_bytes = 3'145'728;
    report.versions.push_back(std::move(version));
    share -= 0.013;
  }
  return report;
}

}  // namespace dlv
