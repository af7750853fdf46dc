#pragma once
/// \file
/// Coded bytes that were fetched before, so that whoever reads more planes of a tensor later
/// fetches only what is new.

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "dlv/ids.h"
#include "storage/archive/framing.h"

namespace dlv::archive {

/// Leading bytes of coded units, within a limit: what finds no room is fetched again when it is
/// wanted. Keeps nothing until it is given a limit. Thread-safe.
class CodedPrefixes {
 public:
  using Key = std::pair<SectionId, std::uint64_t>;  ///< a unit: its section, its offset there

  /// Forgets what is kept where that is more; 0 forgets everything.
  void SetLimit(std::uint64_t limit_bytes);
  /// Copies what is kept of a unit to the front of `out`, and returns how much that is.
  std::size_t CopyTo(const Key& unit, std::span<std::byte> out) const;
  /// Keeps the prefix unless a longer one is there, or there is no room.
  void Keep(const Key& unit, std::span<const std::byte> prefix);

 private:
  mutable std::mutex mutex_;
  std::uint64_t limit_bytes_ = 0, held_bytes_ = 0;
  std::map<Key, std::vector<std::byte>> by_unit_;
};

}  // namespace dlv::archive
