#include "cli/json_progressive.h"

#include "cli/json_values.h"

namespace dlv::cli {
namespace {

Json StepsOf(const std::vector<ProgressiveStep>& steps) {
  Json values = Json::array();
  for (const ProgressiveStep& step : steps) {
    Json levels = Json::array();
    for (const ProgressiveLevel& level : step.levels)
      levels.push_back({{"parameter", level.parameter},
                        {level.by_significance ? "bit_step" : "planes", level.planes},
                        {"exact", level.exact}});
    values.push_back({{"levels", std::move(levels)},
                      {"plane_bytes", step.plane_bytes},
                      {"all_bytes", step.all_bytes},
                      {"plane_bits", NumberOf(step.plane_bits)},
                      {"all_bits", NumberOf(step.all_bits)},
                      {"inputs", step.inputs},
                      {"certified_forward", step.certified_forward},
                      {"certified_backward", step.certified_backward},
                      {"heuristic", step.heuristic},
                      {"left", step.left()},
                      {"seconds", NumberOf(step.seconds)}});
  }
  return values;
}

Json BitsOf(const BitsPerWeight& bits) {
  return {{"mean", NumberOf(bits.mean)},
          {"p50", NumberOf(bits.p50)},
          {"p99", NumberOf(bits.p99)},
          {"full", NumberOf(bits.full)}};
}

Json FiguresOf(const std::optional<MaterialisedFigures>& figures) {
  if (!figures) return nullptr;
  return {{"certified", figures->certified},
          {"full_bytes", figures->full_bytes},
          {"plane_bits", BitsOf(figures->plane_bits)},
          {"all_bits", BitsOf(figures->all_bits)}};
}

Json RunOf(const ProgressiveReport& run) {
  Json differences = Json::array();
  for (const PlainDifference& one : run.differences) {
    differences.push_back({{"input", one.input},
                           {"answer", one.answer},
                           {"plain", one.plain},
                           {"margin", NumberOf(one.margin)}});
  }
  return {{"inputs", run.inputs},
          {"certified", run.certified},
          {"certified_full", run.certified_full},
          {"heuristic", run.heuristic},
          {"computed", run.computed},
          {"reasons", run.reasons},
          {"steps", StepsOf(run.steps)},
          {"parameter_elements", run.parameter_elements},
          {"full_bytes", run.full_bytes},
          {"bound_bytes", run.bound_bytes},
          {"fetched_bytes", run.fetched_bytes},
          {"opening_bytes", run.opening_bytes},
          {"plane_bits", BitsOf(run.plane_bits)},
          {"all_bits", BitsOf(run.all_bits)},
          {"stored_tensors", run.stored_tensors},
          {"delta_tensors", run.delta_tensors},
          {"materialised", FiguresOf(run.materialised)},
          {"precision", NameOf(run.precision)},
          {"escalated", run.escalated},
          {"stopped_by", run.stopped_by},
          {"seconds", NumberOf(run.seconds)},
          {"bound_seconds", NumberOf(run.bound_seconds)},
          {"peak_bytes", run.peak_bytes},
          {"plain_seconds", NumberOf(run.plain_seconds)},
          {"plain_differences", run.plain_differences},
          {"differences", std::move(differences)}};
}

}  // namespace

std::string ProgressiveDocument(const ProgressiveEvaluationReport& report, OutputMode mode) {
  Json versions = Json::array();
  for (const ProgressiveEvaluation& version : report.versions) {
    Json value = ValueOf(version.evaluation);
    value["progressive"] = RunOf(version.run);
    versions.push_back(std::move(value));
  }
  if (mode == OutputMode::kJsonLines) {
    std::string lines;
    for (const Json& version : versions) lines += Render(version, mode);
    return lines;
  }
  return Render({{"data", report.data},
                 {"format", report.format},
                 {"examples", report.examples},
                 {"data_sha256", report.data_hash},
                 {"versions", std::move(versions)}},
                mode);
}

std::string PreparationDocument(const std::vector<ProgressivePreparation>& prepared,
                                OutputMode mode) {
  Json versions = Json::array();
  for (const ProgressivePreparation& one : prepared) {
    versions.push_back({{"reference", one.reference},
                        {"id", one.id.Hex()},
                        {"calibration_examples", one.calibration_examples},
                        {"steps", StepsOf(one.steps)},
                        {"parameter_elements", one.parameter_elements},
                        {"stopped_by", one.stopped_by},
                        {"seconds", NumberOf(one.seconds)}});
  }
  if (mode == OutputMode::kJsonLines) {
    std::string lines;
    for (const Json& version : versions) lines += Render(version, mode);
    return lines;
  }
  return Render({{"prepared", std::move(versions)}}, mode);
}

std::string CertificateDocument(const CertificateReport& report, OutputMode mode) {
  Json faults = Json::array();
  for (const CertificateFault& fault : report.faults)
    faults.push_back({{"line", fault.line}, {"what", fault.what}});
  return Render({{"reference", report.reference},
                 {"id", report.id.Hex()},
                 {"inputs", report.inputs},
                 {"proved", report.proved},
                 {"unproved", report.unproved},
                 {"notices", report.notices},
                 {"fault_count", report.fault_count},
                 {"faults", std::move(faults)},
                 {"seconds", NumberOf(report.seconds)}},
                mode);
}

}  // namespace dlv::cli
