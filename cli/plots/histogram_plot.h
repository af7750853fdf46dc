#pragma once
/// \file
/// Histograms of weights: a panel for each tensor, in it one for each version over each other.

#include <string>
#include <vector>

#include "cli/plots/svg.h"
#include "dlv/statistics.h"

namespace dlv::cli::plots {

/// Edges are places on the axis: of a logarithmic histogram, the logarithms.
struct NamedHistogram {
  std::string name;
  Histogram histogram;
  std::string note = {};     ///< what the histogram does not show ("NaN 3"); empty: nothing
  std::string figures = {};  ///< "25000 values, mean 0.01, std 0.2", for a terminal
};

struct HistogramPanel {
  std::string name;
  std::vector<NamedHistogram> histograms;
};

/// The same versions in every panel have the same colour. Heights are shares of all elements per
/// unit of width, in per cent of the highest in the panel, so that histograms of unlike bins and
/// sizes can be compared. `axis`: what the values are.
Svg DrawHistograms(const std::string& title, const std::vector<HistogramPanel>& panels,
                   const std::string& axis);

}  // namespace dlv::cli::plots
