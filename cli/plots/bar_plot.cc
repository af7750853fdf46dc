#include "cli/plots/bar_plot.h"

#include <algorithm>
#include <cmath>

#include "cli/plots/frame.h"

namespace dlv::cli::plots {

Svg DrawBars(const std::string& title, const std::vector<std::string>& legend,
             const std::vector<NamedBar>& bars) {
  constexpr double kWidth = 760, kRow = 22, kThick = 14, kMostName = 300;
  double name_width = 0, value_width = 0, most = 0;
  for (const NamedBar& bar : bars) {
    name_width = std::max(name_width, std::min(kMostName, WidthOfText(bar.name)));
    value_width = std::max(value_width, WidthOfText(bar.value_text));
    for (const double value : {bar.value, bar.behind}) {
      if (std::isfinite(value)) most = std::max(most, value);
    }
  }
  const double head = HeadHeight(legend, kWidth) + 6;
  Svg svg(kWidth,
          head + kRow * static_cast<double>(std::max<std::size_t>(bars.size(), 1)) + kMargin,
          title);
  DrawHead(svg, title, legend);
  if (bars.empty()) svg.Text({kMargin, head + 14}, "nothing to show", Anchor::kStart, Ink::kFaint);
  const double left = kMargin + name_width + 10;
  const double room = std::max(40.0, kWidth - kMargin - value_width - 10 - left);
  const auto length = [&](double value) {
    if (std::isnan(value) || value <= 0) return 0.0;
    return most > 0 && std::isfinite(value) ? std::max(1.0, value / most * room) : room;
  };
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const NamedBar& bar = bars[i];
    const double top = head + kRow * static_cast<double>(i);
    svg.Text({left - 10, top + 12}, FitText(bar.name, name_width), Anchor::kEnd);
    if (bar.behind > 0) svg.Bar({left, top + 1}, length(bar.behind), kThick, 1);
    svg.Bar({left, top + 1}, length(bar.value), kThick, 0, false, bar.name + ": " + bar.value_text);
    const double end = left + std::max(length(bar.value), length(bar.behind));
    svg.Text({end + 6, top + 12}, bar.value_text, Anchor::kStart, Ink::kFaint);
  }
  return svg;
}

}  // namespace dlv::cli::plots
