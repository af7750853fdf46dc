#pragma once
/// \file
/// Which share of inputs is proved after how many bits of the weights.

#include <string>
#include <vector>

#include "cli/plots/svg.h"

namespace dlv::cli::plots {

/// A step of a table of profiles.
struct SharePoint {
  double bits = 0;   ///< a weight
  double share = 0;  ///< of the inputs, from 0 to 1, up to here
};

struct ShareCurve {
  std::string version;
  std::vector<SharePoint> points;  ///< ascending
  double full_bits = 0;            ///< of a full read, where the rest is answered
};

/// Stairs from left to right, with a dot at each step; one colour a version.
Svg DrawShares(const std::string& title, const std::string& bits_name,
               const std::vector<ShareCurve>& curves);

}  // namespace dlv::cli::plots
