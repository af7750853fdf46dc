#pragma once
/// \file
/// The curves of several versions beside each other, on a terminal.

#include <string>
#include <utility>
#include <vector>

#include "cli/output.h"
#include "cli/plots/curve_plot.h"

namespace dlv::cli {

/// A version with its metrics.
using NamedMetrics = std::pair<std::string, std::vector<Metric>>;

/// A panel for each metric that any version has, in the order of MetricRank; each has a curve for
/// every version, without points where a version has no such metric.
std::vector<plots::Panel> PanelsOf(const std::vector<NamedMetrics>& versions);

/// A row for each version under each metric: last, least and greatest value, and the curve, on one
/// scale for the metric.
void ShowCurves(Output& out, const std::vector<plots::Panel>& panels);

}  // namespace dlv::cli
