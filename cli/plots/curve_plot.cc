#include "cli/plots/curve_plot.h"

#include <algorithm>
#include <cmath>

#include "cli/plots/frame.h"

namespace dlv::cli::plots {
namespace {

constexpr double kPageWidth = 760, kPanelHeight = 190, kPanelGap = 62, kLeft = 72;
constexpr std::size_t kMostPoints = 1200;

// Keeps the lowest and the highest point of each stretch.
std::vector<MetricPoint> Thinned(const std::vector<MetricPoint>& points) {
  if (points.size() <= kMostPoints) return points;
  std::vector<MetricPoint> kept;
  const std::size_t parts = kMostPoints / 2;
  for (std::size_t part = 0; part < parts; ++part) {
    const auto first = points.begin() + static_cast<std::ptrdiff_t>(part * points.size() / parts);
    const auto last =
        points.begin() + static_cast<std::ptrdiff_t>((part + 1) * points.size() / parts);
    const auto less = [](const MetricPoint& a, const MetricPoint& b) { return a.value < b.value; };
    // NaN compares as equal to everything: it may be kept, and is then a gap.
    auto [low, high] = std::minmax_element(first, last, less);
    if (low > high) std::swap(low, high);
    kept.push_back(*low);
    if (high != low) kept.push_back(*high);
  }
  return kept;
}

bool IsSame(const Curve& a, const Curve& b) {
  return std::equal(a.points.begin(), a.points.end(), b.points.begin(), b.points.end(),
                    [](const MetricPoint& one, const MetricPoint& other) {
                      return one.step == other.step && one.value == other.value;
                    });
}

// A curve that covers another one from end to end is dashed, so that both are seen.
bool CoversAnother(const Panel& panel, std::size_t series) {
  const auto& curves = panel.curves;
  return std::any_of(curves.begin() + static_cast<std::ptrdiff_t>(series) + 1, curves.end(),
                     [&](const Curve& other) { return IsSame(curves[series], other); });
}

void DrawCurve(Svg& svg, const Curve& curve, std::size_t series, bool dashed, const Scale& x,
               const Scale& y) {
  std::vector<Point> line;
  const auto flush = [&] {
    if (line.size() == 1) svg.Dot(line.front(), 3, series, curve.version);
    svg.Polyline(line, series, dashed);
    line.clear();
  };
  for (const MetricPoint& point : Thinned(curve.points)) {
    if (!std::isfinite(point.value)) {
      flush();
      continue;
    }
    const auto step = static_cast<double>(std::max<std::int64_t>(point.step, 0));
    line.push_back({x(step), y(point.value)});
  }
  flush();
}

void DrawPanel(Svg& svg, const Panel& panel, const Box& box) {
  Range steps, values;
  for (const Curve& curve : panel.curves) {
    for (const MetricPoint& point : curve.points) {
      steps.Include(static_cast<double>(std::max<std::int64_t>(point.step, 0)));
      values.Include(point.value);
    }
  }
  svg.Text({box.left - 6, box.top - 12}, FitText(panel.name, box.right - box.left));
  if (!values.any)
    svg.Text({(box.left + box.right) / 2, (box.top + box.bottom) / 2}, "no finite value",
             Anchor::kMiddle, Ink::kFaint);
  const Scale x(steps.low, steps.high, box.left, box.right, 8);
  const Scale y(values.low, values.high, box.bottom, box.top, 5);
  DrawAxes(svg, box, x, y, "step");
  // The first on top: later versions of a run often go on where it ends.
  for (std::size_t i = panel.curves.size(); i-- > 0;)
    DrawCurve(svg, panel.curves[i], i, CoversAnother(panel, i), x, y);
}

}  // namespace

Svg DrawCurves(const std::string& title, const std::vector<Panel>& panels) {
  std::vector<std::string> legend;
  if (!panels.empty()) {
    for (const Curve& curve : panels.front().curves) legend.push_back(curve.version);
  }
  const double head = HeadHeight(legend, kPageWidth) + 20;
  const double height = head + static_cast<double>(std::max<std::size_t>(panels.size(), 1)) *
                                   (kPanelHeight + kPanelGap);
  Svg svg(kPageWidth, height, title);
  DrawHead(svg, title, legend);
  if (panels.empty()) svg.Text({kMargin, head + 20}, "no metrics", Anchor::kStart, Ink::kFaint);
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const double top = head + static_cast<double>(i) * (kPanelHeight + kPanelGap);
    DrawPanel(svg, panels[i], {kLeft, top, kPageWidth - kMargin, top + kPanelHeight});
  }
  return svg;
}

}  // namespace dlv::cli::plots
