#pragma once
/// \file
/// What was said of nodes that are encoded alike (OutlineNode::record), up to a bound.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "engine/network/outline.h"

namespace dlv::query {

/// For the networks of one GraphCache, which gives out records in the order of reading: the memory
/// slides with them.
class RecordVerdicts {
 public:
  enum class Verdict : std::uint8_t { kUnknown, kNo, kYes };

  /// Makes room for the nodes of a network, which are asked for next.
  void Prepare(const network::Outline& network) {
    std::uint64_t lowest = std::numeric_limits<std::uint64_t>::max(), highest = 0;
    for (const network::OutlineNode& node : network.nodes) {
      lowest = std::min(lowest, node.record);
      highest = std::max(highest, node.record);
    }
    if (highest != 0) Reach(lowest, highest);
  }
  /// The same for one node.
  void Prepare(const network::OutlineNode& node) {
    const bool is_ahead = node.record >= first_ + verdicts_.size();
    if (is_ahead) Reach(node.record - std::min(node.record - 1, kMost / 4), node.record);
  }
  /// The verdict of such a node; null where none is remembered.
  Verdict* Of(const network::OutlineNode& node) {
    const std::uint64_t place = node.record - first_;
    if (node.record < first_ || place >= verdicts_.size()) return nullptr;
    return &verdicts_[static_cast<std::size_t>(place)];
  }

 private:
  static constexpr std::uint64_t kMost = 1 << 22;

  void Reach(std::uint64_t lowest, std::uint64_t highest) {
    if (verdicts_.empty() || (highest >= first_ && highest - first_ >= kMost)) {
      verdicts_.clear();
      first_ = std::max({lowest, std::uint64_t{1}, highest - std::min(highest, kMost / 2)});
    }
    if (highest >= first_ + verdicts_.size()) {
      verdicts_.resize(static_cast<std::size_t>(highest - first_) + 1);
    }
  }

  std::uint64_t first_ = 1;  ///< the record of the first verdict
  std::vector<Verdict> verdicts_;
};

}  // namespace dlv::query
