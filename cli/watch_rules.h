#pragma once
/// \file
/// Which versions a watch keeps: "last:5,best:val_acc,best:loss:min,every:1000".

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dlv/result.h"

namespace dlv::cli {

/// A version is kept where any rule keeps it.
struct KeepRule {
  enum class Kind : std::uint8_t {
    kLast,   ///< the `count` newest
    kBest,   ///< the best by `metric`
    kEvery,  ///< those whose step is a multiple of `count`
  } kind = Kind::kLast;
  std::uint64_t count = 0;
  std::string metric;
  bool smallest = false;  ///< the best is the smallest
};

/// Errors: kInvalidArgument, with `option` in the message.
Result<std::vector<KeepRule>> ParseKeepRules(std::string_view text, const std::string& option);

/// Whether a metric of that name is better the smaller it is: losses, errors, perplexities, times.
bool IsBetterSmall(std::string_view metric);

/// What the rules look at, of one version.
struct KeepCandidate {
  std::string reference;
  std::optional<std::int64_t> step;
  std::vector<std::pair<std::string, double>> metrics;
};

/// Returns the references that no rule keeps; `candidates` are oldest first. No rules keep all.
/// A version without the metric of a `best` rule is not its best; NaN never is.
std::vector<std::string> NotKept(std::span<const KeepRule> rules,
                                 std::span<const KeepCandidate> candidates);

}  // namespace dlv::cli
