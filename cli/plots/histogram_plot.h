#pragma once
/// \file
/// Histograms of weights, several over each other.

#include <string>
#include <vector>

#include "cli/plots/svg.h"
#include "dlv/statistics.h"

namespace dlv::cli::plots {

struct NamedHistogram {
  std::string name;
  Histogram histogram;
};

/// A panel with shared axes. Heights are shares of all elements per unit of width, in per cent of
/// the highest, so that histograms of unlike bins and sizes can be compared.
Svg DrawHistograms(const std::string& title, const std::vector<NamedHistogram>& histograms);

}  // namespace dlv::cli::plots
