#pragma once
/// \file
/// Curves of several versions: a panel for each metric, one colour for each version.

#include <string>
#include <vector>

#include "cli/plots/svg.h"
#include "dlv/version_info.h"

namespace dlv::cli::plots {

struct Curve {
  std::string version;
  std::vector<MetricPoint> points;
};

struct Panel {
  std::string name;  ///< of the metric
  std::vector<Curve> curves;
};

/// The same versions in every panel have the same colour. A single value is a dot; values that are
/// not finite are gaps. Long series are thinned out so that their extremes stay.
Svg DrawCurves(const std::string& title, const std::vector<Panel>& panels);

}  // namespace dlv::cli::plots
