#pragma once
/// \file
/// Bars with names: sizes of versions, changes of tensors.

#include <string>
#include <vector>

#include "cli/plots/svg.h"

namespace dlv::cli::plots {

struct NamedBar {
  std::string name;
  double value = 0;
  double behind = 0;       ///< a longer bar behind it; 0: none
  std::string value_text;  ///< stands after the bar
};

/// A bar a line, from 0 on. `legend`: what the bar is, and what the bar behind it is.
Svg DrawBars(const std::string& title, const std::vector<std::string>& legend,
             const std::vector<NamedBar>& bars);

}  // namespace dlv::cli::plots
