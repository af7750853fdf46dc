#include "cli/evaluation_view.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cli/human.h"

namespace dlv::cli {
namespace {

/// Confusions that are listed where the matrix is too wide.
constexpr std::size_t kMostPairs = 10;
constexpr std::size_t kWidestMatrix = 20;

std::string PercentText(double share) {
  if (std::isnan(share)) return "-";
  char text[32];
  std::snprintf(text, sizeof(text), "%.2f %%", 100 * share);
  return text;
}

std::string Share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? "-" : PercentText(static_cast<double>(part) / static_cast<double>(whole));
}

std::string MetricText(const std::string& name, double value) {
  return name == "loss" ? HumanNumber(value, 4) : PercentText(value);
}

/// Of a metric's values, the best is shown in bold: the greatest share, the least loss.
std::vector<double> BestOf(const EvaluationReport& report) {
  std::vector<double> best;
  for (std::size_t i = 0; i < report.versions.front().metrics.size(); ++i) {
    const bool is_loss = report.versions.front().metrics[i].first == "loss";
    double found = report.versions.front().metrics[i].second;
    for (const VersionEvaluation& version : report.versions) {
      const double value = version.metrics[i].second;
      if (std::isnan(found) || (is_loss ? value < found : value > found)) found = value;
    }
    best.push_back(found);
  }
  return best;
}

void ShowVersions(Output& out, const EvaluationReport& report) {
  std::vector<Column> columns = {{"VERSION", Align::kLeft, 0, 16, Cut::kMiddle}};
  for (const auto& [name, value] : report.versions.front().metrics)
    columns.push_back({Sanitize(name), Align::kRight});
  columns.push_back({"EXAMPLES", Align::kRight, 3});
  columns.push_back({"A SECOND", Align::kRight, 2});
  columns.push_back({"PREPROCESS", Align::kLeft, 1, 12, Cut::kMiddle});
  Table table(std::move(columns));
  const std::vector<double> best = BestOf(report);
  for (const VersionEvaluation& version : report.versions) {
    std::vector<std::string> cells = {version.reference};
    std::vector<Paint> paints = {Paint::kBold};
    for (std::size_t i = 0; i < version.metrics.size(); ++i) {
      const auto& [name, value] = version.metrics[i];
      cells.push_back(MetricText(name, value));
      const bool is_best = report.versions.size() > 1 && value == best[i];
      paints.push_back(is_best ? Paint::kGreen : Paint::kNone);
    }
    cells.push_back(HumanCount(version.examples));
    cells.push_back(version.seconds > 0
                        ? HumanRate(static_cast<double>(version.examples) / version.seconds)
                        : "-");
    cells.push_back(version.preprocess.empty() ? "none" : version.preprocess);
    table.AddRow(std::move(cells), std::move(paints));
  }
  out.Print(table);
}

void ShowClasses(Output& out, const VersionEvaluation& version) {
  Table table({{"CLASS", Align::kLeft, 0, 8},
               {"EXAMPLES", Align::kRight, 1},
               {"RIGHT", Align::kRight},
               {"RECALL", Align::kRight},
               {"PRECISION", Align::kRight}});
  for (const ClassEvaluation& one : version.classes) {
    table.AddRow({one.name, std::to_string(one.examples), std::to_string(one.right),
                  Share(one.right, one.examples), Share(one.right, one.predicted)});
  }
  out.Print(table);
}

/// Which is taken for which most often.
void ShowPairs(Output& out, const VersionEvaluation& version) {
  const std::size_t classes = version.classes.size();
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < version.confusion.size(); ++at) {
    if (at / classes != at % classes && version.confusion[at] != 0) places.push_back(at);
  }
  std::ranges::stable_sort(places, [&](std::size_t a, std::size_t b) {
    return version.confusion[a] > version.confusion[b];
  });
  if (places.size() > kMostPairs) places.resize(kMostPairs);
  Table table(
      {{"CLASS", Align::kLeft, 0, 8}, {"TAKEN FOR", Align::kLeft, 0, 8}, {"TIMES", Align::kRight}});
  for (const std::size_t at : places)
    table.AddRow({version.classes[at / classes].name, version.classes[at % classes].name,
                  HumanCount(version.confusion[at])});
  out.Print(table);
}

void ShowConfusion(Output& out, const VersionEvaluation& version) {
  const std::size_t classes = version.classes.size();
  if (classes > kWidestMatrix) return ShowPairs(out, version);
  std::vector<Column> columns = {{"LABEL", Align::kLeft, 0, 6}};
  for (const ClassEvaluation& one : version.classes)
    columns.push_back({Sanitize(one.name), Align::kRight, 0, 3});
  Table table(std::move(columns));
  for (std::size_t label = 0; label < classes; ++label) {
    std::vector<std::string> cells = {version.classes[label].name};
    std::vector<Paint> paints = {Paint::kBold};
    for (std::size_t named = 0; named < classes; ++named) {
      const std::uint64_t times = version.confusion[label * classes + named];
      cells.push_back(times == 0 ? "." : std::to_string(times));
      paints.push_back(named == label ? Paint::kGreen : times == 0 ? Paint::kDim : Paint::kNone);
    }
    table.AddRow(std::move(cells), std::move(paints));
  }
  out.Print(table);
}

}  // namespace

void ShowEvaluation(Output& out, const EvaluationReport& report, const EvaluationParts& parts) {
  out.Line(Sanitize(report.data) + "  " + report.format + ", " +
           Plural(report.examples, "example"));
  ShowVersions(out, report);
  for (const VersionEvaluation& version : report.versions) {
    if (version.undefined != 0) {
      out.Line(Sanitize(version.reference) + ": " + Plural(version.undefined, "example") +
               " with a NaN among the scores, counted as wrong");
    }
    for (const std::string& warning : version.warnings)
      out.Line(Sanitize(version.reference) + ": " + Sanitize(warning));
    if (!parts.per_class && !parts.confusion) continue;
    out.Line("");
    out.Line(out.style()(Paint::kBold, Sanitize(version.reference)));
    if (parts.per_class) ShowClasses(out, version);
    if (parts.confusion) ShowConfusion(out, version);
  }
}

}  // namespace dlv::cli
