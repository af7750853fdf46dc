#pragma once
/// \file
/// One byte for each block of a delta, as both kinds of deltas store them (docs/format/delta.md
/// §6): as they are, or by rANS with a table of their own.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "storage/codec/bit_stream.h"

namespace dlv::codec {

/// How the scales are coded. On disk: do not renumber (docs/format/delta.md §6, §11).
enum class DeltaScaleMode : std::uint8_t {
  kRaw = 0,
  kRans = 1,
  kNone = 2,  ///< only of integers: there are none
};

/// Appends the form and the scales in the shorter one. Holds scratch memory; one per thread.
class BlockScaleEncoder {
 public:
  void Write(std::span<const std::uint8_t> scales, std::vector<std::byte>& out);

 private:
  std::vector<std::uint32_t> tables_;
  std::vector<std::byte> coded_;
};

/// Reads scales in one of the first two forms, which the caller has read. Returns what is wrong
/// with them; empty: nothing. `tables` is scratch memory.
[[nodiscard]] std::string_view ReadBlockScales(FieldReader& in, std::uint8_t form,
                                               std::vector<std::uint32_t>& tables,
                                               std::span<std::uint8_t> scales);

}  // namespace dlv::codec
