#include "cli/diff_digest.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "cli/human.h"
#include "cli/text.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

using Kind = TensorChange::Kind;

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

std::uint64_t NonfiniteBefore(const PairStatistics& figures) {
  return figures.nan_before + figures.inf_before;
}
std::uint64_t NonfiniteAfter(const PairStatistics& figures) {
  return figures.nan_after + figures.inf_after;
}

std::string InQuotes(const std::string& prefix) { return "\"" + Sanitize(prefix) + "\""; }

}  // namespace

DiffWords WordsFor(Glyphs glyphs) {
  if (glyphs == Glyphs::kAscii) return {"->", "|d|/|w|", "|d|", "~"};
  return {"→", "‖Δ‖/‖w‖", "|Δ|", "≈"};
}

std::string NameOfSide(const VersionSummary& version, const std::optional<std::int64_t>& step) {
  return Sanitize(version.reference()) + (step ? "#" + std::to_string(*step) : "");
}

std::string TitleOf(const VersionDiff& diff, const DiffWords& words) {
  return NameOfSide(diff.before, diff.before_step) + " " + words.arrow + " " +
         NameOfSide(diff.after, diff.after_step);
}

std::vector<std::pair<std::string, std::vector<Metric>>> MetricsOf(
    const std::vector<VersionDiff>& diffs) {
  std::vector<std::pair<std::string, std::vector<Metric>>> versions;
  versions.emplace_back(NameOfSide(diffs[0].before, diffs[0].before_step), std::vector<Metric>());
  for (const MetricChange& metric : diffs[0].metrics) {
    if (metric.before) versions[0].second.push_back(*metric.before);
  }
  for (const VersionDiff& diff : diffs) {
    versions.emplace_back(NameOfSide(diff.after, diff.after_step), std::vector<Metric>());
    for (const MetricChange& metric : diff.metrics) {
      if (metric.after) versions.back().second.push_back(*metric.after);
    }
  }
  return versions;
}

bool HoldsIntegers(const TensorChange& change) {
  const auto is_integer = [](const std::optional<TensorInfo>& info) {
    if (!info) return true;
    return !IsFloat(info->dtype) && info->dtype != DType::kComplex64 &&
           info->dtype != DType::kComplex128;
  };
  return is_integer(change.before) && is_integer(change.after);
}

ChangeDigest DigestOf(const VersionDiff& diff) {
  const bool any_floats = std::any_of(
      diff.tensors.begin(), diff.tensors.end(),
      [](const TensorChange& change) { return change.figures && !HoldsIntegers(change); });
  ChangeDigest digest;
  std::vector<double> relative, bounds;
  for (const TensorChange& change : diff.tensors) {
    if (!change.figures) continue;
    const PairStatistics& figures = *change.figures;
    if (figures.planes != 0)
      digest.planes = digest.planes == 0 ? figures.planes : std::min(digest.planes, figures.planes);
    if (NonfiniteAfter(figures) > NonfiniteBefore(figures)) {
      if (digest.new_nan_tensors++ == 0) digest.new_nan_example = change.name;
    }
    if (figures.finite() == 0 || (any_floats && HoldsIntegers(change))) continue;
    relative.push_back(figures.relative());
    bounds.push_back(figures.relative_bound());
    if (digest.largest == nullptr || relative.back() > digest.largest->figures->relative())
      digest.largest = &change;
  }
  digest.compared = relative.size();
  digest.median = Median(std::move(relative));
  digest.median_bound = Median(std::move(bounds));
  return digest;
}

std::string CountsText(const VersionDiff& diff) {
  std::string text;
  for (const Kind kind : {Kind::kIdentical, Kind::kChanged, Kind::kReshaped, Kind::kResized,
                          Kind::kAdded, Kind::kRemoved}) {
    const std::uint64_t count = diff.Count(kind);
    if (count == 0) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(NameOf(kind));
  }
  return text.empty() ? "none" : text;
}

std::string RenamesText(const VersionDiff& diff, const DiffWords& words) {
  std::uint64_t left = diff.CountRenamed();
  std::string text;
  for (const PrefixChange& prefix : diff.prefixes) {
    left -= std::min(left, prefix.tensors);
    text += (text.empty() ? "" : ", ") + std::to_string(prefix.tensors);
    if (prefix.after.empty()) {
      text += " without the prefix " + InQuotes(prefix.before);
    } else if (prefix.before.empty()) {
      text += " with the prefix " + InQuotes(prefix.after);
    } else {
      text += " " + InQuotes(prefix.before) + " " + words.arrow + " " + InQuotes(prefix.after);
    }
  }
  if (left > 0) text += (text.empty() ? "" : ", ") + std::to_string(left) + " by content or shape";
  return text;
}

std::string ChangeText(const TensorChange& change, const DiffWords& words) {
  const std::string arrow = " " + words.arrow + " ";
  std::string text;
  const bool plain = change.kind == Kind::kIdentical && (change.renamed || change.converted);
  if (!plain) text = std::string(NameOf(change.kind));
  const bool other_shape =
      change.before && change.after && change.before->shape != change.after->shape;
  if (other_shape)
    text += " " + ShapeText(change.before->shape) + arrow + ShapeText(change.after->shape);
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (change.renamed) add("renamed");
  if (change.converted)
    add(std::string(NameOf(change.before->dtype)) + arrow +
        std::string(NameOf(change.after->dtype)));
  return text;
}

std::string RelativeText(const TensorChange& change, const DiffWords& words) {
  if (!change.figures) return {};
  const PairStatistics& figures = *change.figures;
  if (figures.count > 0 && figures.finite() == 0) return "?";
  return (figures.planes == 0 ? "" : words.about) + HumanNumber(figures.relative(), 3);
}

std::string ValueText(const std::optional<std::string>& value) {
  return value ? Sanitize(*value) : "-";
}

std::string LastText(const std::optional<Metric>& metric) {
  return metric ? HumanNumber(metric->last()) : "-";
}

std::string PercentText(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (part > 0 && percent < 0.1) return "<0.1 %";
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, percent < 99.95 ? "%.1f %%" : "%.0f %%", percent);
  return buffer;
}

}  // namespace dlv::cli
