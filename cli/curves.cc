#include "cli/curves.h"

#include <algorithm>
#include <set>

#include "cli/block_chart.h"
#include "cli/human.h"
#include "cli/plots/scale.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

std::vector<std::string> RowOf(const plots::Curve& curve, const plots::Range& scale,
                               std::size_t width, Glyphs glyphs) {
  if (curve.points.empty()) return {curve.version, "-"};
  std::vector<double> values;
  plots::Range own;
  for (const MetricPoint& point : curve.points) {
    values.push_back(point.value);
    own.Include(point.value);
  }
  std::vector<std::string> cells = {curve.version, HumanNumber(values.back())};
  if (values.size() < 2) return cells;
  cells.push_back(own.any ? HumanNumber(own.low) : "-");
  cells.push_back(own.any ? HumanNumber(own.high) : "-");
  cells.push_back(std::to_string(values.size()));
  cells.push_back(Sparkline(values, width, scale.low, scale.high, glyphs));
  return cells;
}

}  // namespace

std::vector<plots::Panel> PanelsOf(const std::vector<NamedMetrics>& versions) {
  std::set<std::pair<int, std::string>> names;
  for (const auto& [version, metrics] : versions) {
    for (const Metric& metric : metrics) names.emplace(MetricRank(metric.name), metric.name);
  }
  std::vector<plots::Panel> panels;
  for (const auto& [rank, name] : names) {
    plots::Panel panel{name, {}};
    for (const auto& [version, metrics] : versions) {
      panel.curves.push_back({version, {}});
      for (const Metric& metric : metrics) {
        if (metric.name == name) panel.curves.back().points = metric.points;
      }
    }
    panels.push_back(std::move(panel));
  }
  return panels;
}

void ShowCurves(Output& out, const std::vector<plots::Panel>& panels) {
  if (panels.empty()) return out.Line("no metrics");
  Table table({{"METRIC", Align::kLeft, 0, 8, Cut::kMiddle},
               {"VERSION", Align::kLeft, 0, 8, Cut::kMiddle},
               {"LAST", Align::kRight},
               {"LEAST", Align::kRight, 3},
               {"MOST", Align::kRight, 3},
               {"POINTS", Align::kRight, 4},
               {"CURVE", Align::kLeft, 1}});
  const std::size_t room = out.terminal().width == 0 ? 80 : out.terminal().width;
  const std::size_t width = std::clamp<std::size_t>(room / 3, 8, 60);
  for (const plots::Panel& panel : panels) {
    plots::Range scale;
    for (const plots::Curve& curve : panel.curves) {
      for (const MetricPoint& point : curve.points) scale.Include(point.value);
    }
    for (std::size_t i = 0; i < panel.curves.size(); ++i) {
      auto cells = RowOf(panel.curves[i], scale, width, out.terminal().glyphs);
      cells.insert(cells.begin(), i == 0 ? panel.name : "");
      table.AddRow(std::move(cells));
    }
  }
  out.Print(table);
}

}  // namespace dlv::cli
