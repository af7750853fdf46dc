#pragma once
/// \file
/// A comparison in a few words: what the summary, the tables and the page of `dlv diff` say alike.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/terminal.h"
#include "dlv/diff.h"

namespace dlv::cli {

/// Words that differ where there is only ASCII.
struct DiffWords {
  std::string arrow, norm, delta, about;
};
DiffWords WordsFor(Glyphs glyphs);

/// "lenet:v3", or "lenet:v3#400" where a step is known. Sanitised.
std::string NameOfSide(const VersionSummary& version, const std::optional<std::int64_t>& step);
/// "before → after".
std::string TitleOf(const VersionDiff& diff, const DiffWords& words);

/// The version before and each version after, by name, with their metrics.
std::vector<std::pair<std::string, std::vector<Metric>>> MetricsOf(
    const std::vector<VersionDiff>& diffs);

/// Whether a tensor holds integers or truth values: counters, masks, tables. Their relative change
/// says nothing of the weights.
bool HoldsIntegers(const TensorChange& change);

/// The relative change of the tensors whose elements were compared and have finite pairs; of those
/// of floating-point numbers, where there are any.
struct ChangeDigest {
  std::uint64_t compared = 0;
  double median = 0;
  double median_bound = 0;                ///< median of the bounds; as `median` where all was read
  const TensorChange* largest = nullptr;  ///< null: nothing was compared
  unsigned planes = 0;                    ///< fewest read; 0: figures are exact
  std::uint64_t new_nan_tensors = 0;      ///< with more NaN or infinite elements than before
  std::string new_nan_example;
};
ChangeDigest DigestOf(const VersionDiff& diff);

/// "62 identical, 58 changed, 1 added", without what there is none of.
std::string CountsText(const VersionDiff& diff);
/// "398 lost the prefix "module.", 2 have other names"; empty where nothing was renamed.
std::string RenamesText(const VersionDiff& diff, const DiffWords& words);
/// "changed", "renamed", "changed, renamed, f32 → bf16", "resized 10x8 → 20x8", ...
std::string ChangeText(const TensorChange& change, const DiffWords& words);
/// "0.0019", with a mark in front where it is an estimate; "inf" from a tensor of zeros; empty
/// where there are no figures; "?" where no pair of elements was finite.
std::string RelativeText(const TensorChange& change, const DiffWords& words);
/// A value, or "-" where there is none.
std::string ValueText(const std::optional<std::string>& value);
/// "0.912", "0.912 → 0.873": the last values; "-" for a missing one.
std::string LastText(const std::optional<Metric>& metric);
/// "12.1 %".
std::string PercentText(std::uint64_t part, std::uint64_t whole);

}  // namespace dlv::cli
