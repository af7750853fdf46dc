#pragma once
/// \file
/// What plots have in common: the title, the legend, the axes.

#include <cstddef>
#include <string>
#include <vector>

#include "cli/plots/scale.h"
#include "cli/plots/svg.h"

namespace dlv::cli::plots {

inline constexpr double kMargin = 16;
inline constexpr double kLineHeight = 18;

/// Room that a title and a legend of these names take in a drawing of that width.
double HeadHeight(const std::vector<std::string>& legend, double width);
/// Draws both at the top; names that do not fit a line go to the next.
void DrawHead(Svg& svg, const std::string& title, const std::vector<std::string>& legend);

struct Box {
  double left = 0, top = 0, right = 0, bottom = 0;
};

/// Draws axes with ticks and a grid; labels that would touch their neighbours are left out.
void DrawAxes(Svg& svg, const Box& box, const Scale& x, const Scale& y, const std::string& x_name);

}  // namespace dlv::cli::plots
