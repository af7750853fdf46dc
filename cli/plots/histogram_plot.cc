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

}  // namespace

Svg DrawHistograms(const std::string& title, const std::vector<NamedHistogram>& histograms) {
  constexpr double kWidth = 760, kHeight = 260, kLeft = 72;
  std::vector<std::string> legend;
  std::vector<Density> densities;
  Range values;
  double most = 0;
  for (const NamedHistogram& named : histograms) {
    legend.push_back(named.name);
    densities.push_back(DensityOf(named.histogram));
    for (const double edge : densities.back().edges) values.Include(edge);
    for (const double height : densities.back().heights) most = std::max(most, height);
  }
  const double head = HeadHeight(legend, kWidth) + 8;
  const Box box{kLeft, head, kWidth - kMargin, head + kHeight};
  Svg svg(kWidth, head + kHeight + 46, title);
  DrawHead(svg, title, legend);
  if (!values.any) {
    svg.Text({kMargin, head + 20}, "no finite element", Anchor::kStart, Ink::kFaint);
    return svg;
  }
  const Scale x(values.low, values.high, box.left, box.right, 8);
  const Scale y(0, 100, box.bottom, box.top, 5);
  DrawAxes(svg, box, x, y, "value");
  for (std::size_t i = 0; i < densities.size(); ++i) {
    const Density& density = densities[i];
    if (density.heights.empty() || most == 0) continue;
    std::vector<Point> outline = {{x(density.edges.front()), y(0)}};
    for (std::size_t k = 0; k < density.heights.size(); ++k) {
      const double height = y(density.heights[k] / most * 100);
      outline.push_back({x(density.edges[k]), height});
      outline.push_back({x(density.edges[k + 1]), height});
    }
    outline.push_back({x(density.edges.back()), y(0)});
    svg.Area(outline, box.bottom, i);
    svg.Polyline(outline, i);
  }
  return svg;
}

}  // namespace dlv::cli::plots
