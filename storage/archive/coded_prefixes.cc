#include "storage/archive/coded_prefixes.h"

#include <algorithm>
#include <cstring>

namespace dlv::archive {

void CodedPrefixes::SetLimit(std::uint64_t limit_bytes) {
  const std::lock_guard lock(mutex_);
  limit_bytes_ = limit_bytes;
  if (held_bytes_ <= limit_bytes_) return;
  by_unit_.clear();
  held_bytes_ = 0;
}

std::size_t CodedPrefixes::CopyTo(const Key& unit, std::span<std::byte> out) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_unit_.find(unit);
  if (found == by_unit_.end()) return 0;
  const std::size_t size = std::min(out.size(), found->second.size());
  if (size != 0) std::memcpy(out.data(), found->second.data(), size);
  return size;
}

void CodedPrefixes::Keep(const Key& unit, std::span<const std::byte> prefix) {
  const std::lock_guard lock(mutex_);
  if (limit_bytes_ == 0) return;
  const auto found = by_unit_.find(unit);
  const std::size_t before = found == by_unit_.end() ? 0 : found->second.size();
  if (prefix.size() <= before || held_bytes_ - before + prefix.size() > limit_bytes_) return;
  held_bytes_ += prefix.size() - before;
  by_unit_[unit].assign(prefix.begin(), prefix.end());
}

}  // namespace dlv::archive
