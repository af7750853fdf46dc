#include "cli/block_chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

#include "cli/human.h"
#include "cli/text.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kHeights = 8;

std::string_view HeightGlyph(std::size_t eighths, Glyphs glyphs) {  // 1 to 8
  static constexpr std::array<std::string_view, kHeights> kBlocks = {"▁", "▂", "▃", "▄",
                                                                     "▅", "▆", "▇", "█"};
  static constexpr std::array<std::string_view, kHeights> kAscii = {"_", ".", "-", "~",
                                                                    "=", "+", "*", "#"};
  return (glyphs == Glyphs::kBlocks ? kBlocks : kAscii)[eighths - 1];
}

// The mean of the finite values of each of `cells` equal parts; NaN for a part without one.
std::vector<double> PartMeans(std::span<const double> values, std::size_t cells) {
  std::vector<double> means(cells, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t cell = 0; cell < cells; ++cell) {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t i = cell * values.size() / cells; i < (cell + 1) * values.size() / cells;
         ++i) {
      if (!std::isfinite(values[i])) continue;
      sum += values[i];
      ++count;
    }
    if (count > 0) means[cell] = sum / static_cast<double>(count);
  }
  return means;
}

// Adds up neighbours until there are at most `width` bins.
std::vector<double> Rebinned(std::span<const std::uint64_t> counts, std::size_t width) {
  const std::size_t bins = std::min(width, counts.size());
  std::vector<double> sums(bins, 0.0);
  for (std::size_t i = 0; i < counts.size(); ++i)
    sums[i * bins / counts.size()] += static_cast<double>(counts[i]);
  return sums;
}

// `count` of `most` in `steps` steps; 0 only for nothing.
std::size_t StepsOf(double count, double most, std::size_t steps) {
  if (!(count > 0) || !(most > 0)) return 0;
  const double place = std::round(count / most * static_cast<double>(steps));
  return std::clamp<std::size_t>(static_cast<std::size_t>(place), 1, steps);
}

// The characters that line `line` (0 is the lowest) of bars of the given heights in eighths shows.
std::string LineOfBars(std::span<const std::size_t> heights, std::size_t line, Glyphs glyphs) {
  std::string text;
  for (const std::size_t height : heights) {
    const std::size_t below = line * kHeights;
    if (height <= below) {
      text += ' ';
    } else {
      text += HeightGlyph(std::min(height - below, kHeights), glyphs);
    }
  }
  return text;
}

// "low   middle   high" in `width` cells; the middle only where it has room.
std::string EdgeLabels(double low, double high, std::size_t width) {
  const std::string left = HumanNumber(low, 3);
  const std::string right = HumanNumber(high, 3);
  const std::string middle = HumanNumber(low / 2 + high / 2, 3);
  if (left.size() + right.size() + 1 > width) return left;
  std::string line = left;
  const std::size_t at = width / 2 - std::min(width / 2, middle.size() / 2);
  if (at > left.size() && at + middle.size() + right.size() < width) {
    line = PadRight(std::move(line), at) + middle;
  }
  return PadRight(std::move(line), width - right.size()) + right;
}

}  // namespace

std::string Sparkline(std::span<const double> values, std::size_t width, Glyphs glyphs) {
  if (values.size() < 2 || width == 0) return {};
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const double mean : PartMeans(values, std::min(width, values.size()))) {
    if (!std::isfinite(mean)) continue;
    low = std::min(low, mean);
    high = std::max(high, mean);
  }
  return Sparkline(values, width, low, high, glyphs);
}

std::string Sparkline(std::span<const double> values, std::size_t width, double low, double high,
                      Glyphs glyphs) {
  if (values.size() < 2 || width == 0) return {};
  std::string line;
  for (const double mean : PartMeans(values, std::min(width, values.size()))) {
    if (!std::isfinite(mean)) {
      line += '?';  // a part of the series without a finite value: a training that diverged
      continue;
    }
    const double place = high > low ? (mean / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
    line += HeightGlyph(1 + static_cast<std::size_t>(std::clamp(place * 7.999, 0.0, 7.0)), glyphs);
  }
  return line;
}

std::string HistogramLine(std::span<const std::uint64_t> counts, std::size_t width, Glyphs glyphs) {
  if (width == 0 || counts.empty()) return {};
  const std::vector<double> bins = Rebinned(counts, width);
  const double most = *std::max_element(bins.begin(), bins.end());
  std::string line;
  for (const double bin : bins) {
    const std::size_t height = StepsOf(bin, most, kHeights);
    line += height == 0 ? std::string_view(" ") : HeightGlyph(height, glyphs);
  }
  return line;
}

std::string Bar(double fraction, std::size_t width, Glyphs glyphs) {
  static constexpr std::array<std::string_view, kHeights> kLeftBlocks = {"▏", "▎", "▍", "▌",
                                                                         "▋", "▊", "▉", "█"};
  std::string bar;
  if (glyphs == Glyphs::kAscii) {
    bar.assign(StepsOf(fraction, 1, width), '#');
    return bar;
  }
  std::size_t eighths = width == 0 ? 0 : StepsOf(fraction, 1, width * kHeights);
  for (; eighths >= kHeights; eighths -= kHeights) bar += kLeftBlocks.back();
  if (eighths > 0) bar += kLeftBlocks[eighths - 1];
  return bar;
}

std::vector<std::string> HistogramLines(const HistogramChart& chart, Glyphs glyphs) {
  const std::uint64_t highest =
      chart.counts.empty() ? 0 : *std::max_element(chart.counts.begin(), chart.counts.end());
  if (highest == 0) return {"(no values)"};
  const bool blocks = glyphs == Glyphs::kBlocks;
  constexpr std::size_t kLeastWidth = 16;
  const std::size_t width = std::max(chart.width, kLeastWidth);
  // A label is at most 7 cells; the axis takes one.
  const std::vector<double> bins = Rebinned(chart.counts, width - 8);
  const double most = *std::max_element(bins.begin(), bins.end());
  const std::string top = PadLeft(HumanCount(static_cast<std::uint64_t>(most)),
                                  std::min<std::size_t>(chart.label_width, 7));
  const std::size_t height = std::max<std::size_t>(chart.height, 1);
  std::vector<std::size_t> heights;
  for (const double bin : bins) heights.push_back(StepsOf(bin, most, height * kHeights));
  std::vector<std::string> lines;
  for (std::size_t line = height; line-- > 0;) {
    std::string text = PadLeft(line + 1 == height ? top : "", top.size());
    text += (blocks ? "│" : "|") + LineOfBars(heights, line, glyphs);
    while (text.back() == ' ') text.pop_back();
    lines.push_back(std::move(text));
  }
  std::string axis = PadLeft("0", top.size()) + (blocks ? "└" : "+");
  for (std::size_t i = 0; i < bins.size(); ++i) axis += blocks ? "─" : "-";
  lines.push_back(std::move(axis));
  lines.push_back(std::string(top.size() + 1, ' ') +
                  EdgeLabels(chart.low, chart.high, bins.size()));
  return lines;
}

}  // namespace dlv::cli
