#include "cli/plots/histogram_plot.h"

#include <algorithm>
#include <cmath>

#include "cli/plots/frame.h"

namespace dlv::cli::plots {
namespace {

struct Density {
  std::vector<double> edges, heights;
};

Density DensityOf(const Histogram& histogram) {
  Density density{histogram.edges, {}};
  double all = 0;
  for (const std::uint64_t count : histogram.counts) all += static_cast<double>(count);
  for (std::size_t k = 0; k + 1 < histogram.edges.size() && k < histogram.counts.size(); ++k) {
    const double width = histogram.edges[k + 1] - histogram.edges[k];
    const double share = all > 0 ? static_cast<double>(histogram.counts[k]) / all : 0;
    density.heights.push_back(width > 0 && std::isfinite(width) ? share / width : 0);
  }
  return density;
}

constexpr double kHistogramWidth = 760, kHistogramHeight = 220, kHistogramGap = 62,
                 kHistogramLeft = 72;

// "lenet:v1: NaN 3; lenet:v2: no such tensor".
std::string NotesOf(const HistogramPanel& panel) {
  std::string text;
  for (const NamedHistogram& one : panel.histograms) {
    std::string note = one.note;
    if (note.empty() && one.histogram.edges.empty())
      note = one.figures.empty() ? "no such tensor" : "no finite element";
    if (!note.empty()) text += (text.empty() ? "" : "; ") + one.name + ": " + note;
  }
  return text;
}

void DrawOutline(Svg& svg, const Density& density, double most, std::size_t series, const Box& box,
                 const Scale& x, const Scale& y) {
  if (density.heights.empty() || most == 0) return;
  std::vector<Point> outline = {{x(density.edges.front()), y(0)}};
  for (std::size_t k = 0; k < density.heights.size(); ++k) {
    const double height = y(density.heights[k] / most * 100);
    outline.push_back({x(density.edges[k]), height});
    outline.push_back({x(density.edges[k + 1]), height});
  }
  outline.push_back({x(density.edges.back()), y(0)});
  svg.Area(outline, box.bottom, series);
  svg.Polyline(outline, series);
}

void DrawPanel(Svg& svg, const HistogramPanel& panel, const Box& box, const std::string& axis) {
  std::vector<Density> densities;
  Range values;
  double most = 0;
  for (const NamedHistogram& named : panel.histograms) {
    densities.push_back(DensityOf(named.histogram));
    for (const double edge : densities.back().edges) values.Include(edge);
    for (const double height : densities.back().heights) most = std::max(most, height);
  }
  const std::string name = FitText(panel.name, (box.right - box.left) / 2);
  svg.Text({box.left - 6, box.top - 12}, name);
  const double room = box.right - box.left - WidthOfText(name) - 12;
  svg.Text({box.right, box.top - 12}, FitText(NotesOf(panel), room), Anchor::kEnd, Ink::kFaint);
  if (!values.any) {
    svg.Text({(box.left + box.right) / 2, (box.top + box.bottom) / 2}, "no finite element",
             Anchor::kMiddle, Ink::kFaint);
    return;
  }
  const Scale x(values.low, values.high, box.left, box.right, 8);
  const Scale y(0, 100, box.bottom, box.top, 5);
  DrawAxes(svg, box, x, y, axis);
  for (std::size_t i = 0; i < densities.size(); ++i)
    DrawOutline(svg, densities[i], most, i, box, x, y);
}

}  // namespace

Svg DrawHistograms(const std::string& title, const std::vector<HistogramPanel>& panels,
                   const std::string& axis) {
  std::vector<std::string> legend;
  if (!panels.empty()) {
    for (const NamedHistogram& one : panels.front().histograms) legend.push_back(one.name);
  }
  const double head = HeadHeight(legend, kHistogramWidth) + 20;
  const auto count = static_cast<double>(std::max<std::size_t>(panels.size(), 1));
  Svg svg(kHistogramWidth, head + count * (kHistogramHeight + kHistogramGap), title);
  DrawHead(svg, title, legend);
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const double top = head + static_cast<double>(i) * (kHistogramHeight + kHistogramGap);
    DrawPanel(svg, panels[i],
              {kHistogramLeft, top, kHistogramWidth - kMargin, top + kHistogramHeight}, axis);
  }
  return svg;
}

}  // namespace dlv::cli::plots
