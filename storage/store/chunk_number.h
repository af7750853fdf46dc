#pragma once
/// \file
/// A chunk of one of the tensors of a list.

#include <compare>
#include <cstdint>

namespace dlv::store {

struct ChunkNumber {
  std::uint32_t tensor = 0;
  std::uint32_t chunk = 0;  ///< a stored tensor has far fewer than 2^32: each has a record
  auto operator<=>(const ChunkNumber&) const = default;
};

}  // namespace dlv::store
