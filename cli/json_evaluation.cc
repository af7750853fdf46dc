#include "cli/json_evaluation.h"

#include "cli/json_values.h"

namespace dlv::cli {
namespace {

Json ConfusionOf(const VersionEvaluation& version) {
  if (version.confusion.empty()) return nullptr;
  Json rows = Json::array();
  const std::size_t classes = version.classes.size();
  for (std::size_t label = 0; label < classes; ++label) {
    const auto first = version.confusion.begin() + static_cast<std::ptrdiff_t>(label * classes);
    rows.push_back(std::vector<std::uint64_t>(first, first + static_cast<std::ptrdiff_t>(classes)));
  }
  return rows;
}

}  // namespace

Json ValueOf(const VersionEvaluation& version) {
  Json metrics = Json::object();
  for (const auto& [name, value] : version.metrics) metrics[name] = NumberOf(value);
  Json classes = Json::array();
  for (const ClassEvaluation& one : version.classes) {
    classes.push_back({{"name", one.name},
                       {"examples", one.examples},
                       {"right", one.right},
                       {"predicted", one.predicted}});
  }
  return {{"reference", version.reference},       {"id", version.id.Hex()},
          {"preprocess", version.preprocess},     {"examples", version.examples},
          {"metrics", std::move(metrics)},        {"undefined", version.undefined},
          {"classes", std::move(classes)},        {"confusion", ConfusionOf(version)},
          {"seconds", NumberOf(version.seconds)}, {"peak_bytes", version.peak_bytes},
          {"warnings", version.warnings}};
}

std::string EvaluationDocument(const EvaluationReport& report, OutputMode mode) {
  Json versions = Json::array();
  for (const VersionEvaluation& version : report.versions) versions.push_back(ValueOf(version));
  if (mode == OutputMode::kJsonLines) {
    std::string lines;
    for (const Json& version : versions) lines += Render(version, mode);
    return lines;
  }
  return Render({{"data", report.data},
                 {"format", report.format},
                 {"examples", report.examples},
                 {"versions", std::move(versions)}},
                mode);
}

}  // namespace dlv::cli
