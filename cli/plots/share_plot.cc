#include "cli/plots/share_plot.h"

#include <cstdio>

#include "cli/plots/frame.h"

namespace dlv::cli::plots {
namespace {

constexpr double kShareWidth = 760, kHeight = 300, kShareLeft = 72, kBottom = 48;

std::string TooltipOf(const ShareCurve& curve, const SharePoint& point) {
  char text[64];
  std::snprintf(text, sizeof(text), ": %.2f %% at %.2f bits", 100 * point.share, point.bits);
  return curve.version + text;
}

void DrawCurve(Svg& svg, const ShareCurve& curve, std::size_t series, const Scale& x,
               const Scale& y) {
  std::vector<Point> line;
  double share = 0;
  for (const SharePoint& point : curve.points) {
    line.push_back({x(point.bits), y(100 * share)});
    share = point.share;
    line.push_back({x(point.bits), y(100 * share)});
  }
  if (!line.empty()) line.push_back({x(curve.full_bits), y(100 * share)});
  svg.Polyline(line, series);
  for (const SharePoint& point : curve.points)
    svg.Dot({x(point.bits), y(100 * point.share)}, 3, series, TooltipOf(curve, point));
}

}  // namespace

Svg DrawShares(const std::string& title, const std::string& bits_name,
               const std::vector<ShareCurve>& curves) {
  std::vector<std::string> legend;
  Range bits;
  bits.Include(0);
  for (const ShareCurve& curve : curves) {
    legend.push_back(curve.version);
    bits.Include(curve.full_bits);
    for (const SharePoint& point : curve.points) bits.Include(point.bits);
  }
  const double head = HeadHeight(legend, kShareWidth) + 24;
  Svg svg(kShareWidth, head + kHeight + kBottom, title);
  DrawHead(svg, title, legend);
  const Box box{kShareLeft, head, kShareWidth - kMargin, head + kHeight};
  const Scale x(bits.low, bits.high, box.left, box.right, 8);
  const Scale y(0, 100, box.bottom, box.top, 5);
  svg.Text({box.left - 6, box.top - 10}, "inputs proved, %");
  DrawAxes(svg, box, x, y, bits_name);
  for (std::size_t i = curves.size(); i-- > 0;) DrawCurve(svg, curves[i], i, x, y);
  return svg;
}

}  // namespace dlv::cli::plots
