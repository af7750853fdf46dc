#include "cli/plots/frame.h"

#include <limits>

namespace dlv::cli::plots {
namespace {

constexpr double kTitleHeight = 30;
constexpr double kMarkWidth = 16;
constexpr double kMaxName = 320;

struct Entry {
  Point at;
  std::string name;
};

// Where the names of the legend go.
std::vector<Entry> LegendPlaces(const std::vector<std::string>& legend, double width) {
  std::vector<Entry> entries;
  double x = kMargin, y = kMargin + kTitleHeight;
  for (const std::string& name : legend) {
    const std::string text = FitText(name, kMaxName);
    const double taken = kMarkWidth + WidthOfText(text) + 18;
    if (x > kMargin && x + taken > width - kMargin) {
      x = kMargin;
      y += kLineHeight;
    }
    entries.push_back({{x, y}, text});
    x += taken;
  }
  return entries;
}

}  // namespace

double HeadHeight(const std::vector<std::string>& legend, double width) {
  const auto entries = LegendPlaces(legend, width);
  return entries.empty() ? kMargin + kTitleHeight : entries.back().at.y + kLineHeight;
}

void DrawHead(Svg& svg, const std::string& title, const std::vector<std::string>& legend) {
  svg.Text({kMargin, kMargin + 12}, FitText(title, svg.width() - 2 * kMargin, 14.5), Anchor::kStart,
           Ink::kTitle);
  const auto entries = LegendPlaces(legend, svg.width());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Point& at = entries[i].at;
    svg.Bar({at.x, at.y - 9}, 10, 10, i);
    svg.Text({at.x + kMarkWidth, at.y}, entries[i].name);
  }
}

void DrawAxes(Svg& svg, const Box& box, const Scale& x, const Scale& y, const std::string& x_name) {
  for (const Tick& tick : y.ticks()) {
    svg.GridLine({box.left, y(tick.value)}, {box.right, y(tick.value)});
    svg.Text({box.left - 6, y(tick.value) + 4}, tick.label, Anchor::kEnd, Ink::kFaint);
  }
  svg.AxisLine({box.left, box.bottom}, {box.right, box.bottom});
  svg.AxisLine({box.left, box.top}, {box.left, box.bottom});
  double taken = -std::numeric_limits<double>::infinity();
  const double name_left = box.right - WidthOfText(x_name);
  for (const Tick& tick : x.ticks()) {
    const double at = x(tick.value), half = WidthOfText(tick.label) / 2;
    svg.AxisLine({at, box.bottom}, {at, box.bottom + 4});
    if (at - half < taken + 8) continue;
    svg.Text({at, box.bottom + 17}, tick.label, Anchor::kMiddle, Ink::kFaint);
    taken = at + half;
  }
  if (!x_name.empty()) svg.Text({name_left, box.bottom + 33}, x_name, Anchor::kStart, Ink::kFaint);
}

}  // namespace dlv::cli::plots
