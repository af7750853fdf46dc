#pragma once
/// \file
/// Metric series from training logs.

#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"
#include "dlv/version_info.h"

namespace dlv::cli {

/// Reads a table of metrics: CSV (or tab-separated) whose header has a column "step", "iteration"
/// or "epoch", or JSON lines of objects with such a key. Every other column of numbers becomes a
/// series; empty cells are skipped. Errors: kNotFound, kIo, kSyntax (with the line),
/// kInvalidArgument (no column of steps).
Result<std::vector<Metric>> ReadMetricsFile(const std::string& path);

/// The same from text; `name` goes into messages.
Result<std::vector<Metric>> ParseMetrics(std::string_view text, const std::string& name);

/// Adds the points of `metric` to the one of that name in `metrics`, or adds it.
void MergeMetric(Metric metric, std::vector<Metric>& metrics);

}  // namespace dlv::cli
