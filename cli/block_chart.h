#pragma once
/// \file
/// Charts in characters: sparklines, histograms and bars, in block characters or in plain ASCII.
/// Labels must be printable already (see Sanitize).

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cli/terminal.h"

namespace dlv::cli {

/// One character of eight heights for each of at most `width` equal parts of the series, from its
/// lowest to its highest mean; empty for fewer than two values. Parts without a finite value are
/// shown as "?".
std::string Sparkline(std::span<const double> values, std::size_t width,
                      Glyphs glyphs = Glyphs::kBlocks);

/// The same with low and high given, so that several lines have one scale.
std::string Sparkline(std::span<const double> values, std::size_t width, double low, double high,
                      Glyphs glyphs = Glyphs::kBlocks);

/// The counts as one line of heights above zero, the highest bar full. Neighbouring bins are added
/// up where there are more bins than `width`. A bin of zero is blank, any other never is: outliers
/// stay in sight.
std::string HistogramLine(std::span<const std::uint64_t> counts, std::size_t width,
                          Glyphs glyphs = Glyphs::kBlocks);

/// A bar that fills `fraction` (cut to 0..1) of `width` cells, in eighths of a cell; more than
/// nothing is never shown as nothing. Not padded.
std::string Bar(double fraction, std::size_t width, Glyphs glyphs = Glyphs::kBlocks);

struct HistogramChart {
  std::span<const std::uint64_t> counts;
  double low = 0, high = 0;  ///< lower edge of the first bin, upper edge of the last
  std::size_t width = 60;    ///< cells of the whole chart, labels included; at least 16
  std::size_t height = 6;    ///< lines of bars; the axis takes two more
  /// Cells at least for the count in front, at most 7: charts below each other have one axis.
  std::size_t label_width = 0;
};

/// Bars over an axis with the edges, the middle, and the highest count as labels: `height` + 2
/// lines, none wider than `width`. One line that says so when there is nothing to show.
std::vector<std::string> HistogramLines(const HistogramChart& chart,
                                        Glyphs glyphs = Glyphs::kBlocks);

}  // namespace dlv::cli
