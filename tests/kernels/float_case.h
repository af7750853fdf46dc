#pragma once
/// \file
/// A chunk of mode float (docs/format/codec.md §6) taken apart, with what the codec makes of it:
/// the material of the kernels' tests. `make_vectors` writes such cases to a file where the codec
/// is built; the device's tests read them where nothing else is.

#include <cstdint>
#include <string>
#include <vector>

#include "engine/kernels/cuda/element_format.h"
#include "engine/kernels/cuda/jobs.h"

namespace dlv::kernels::test {

using Bytes = std::vector<std::uint8_t>;

/// What a reader of so many planes gets.
struct FloatLevel {
  std::uint32_t known_planes = 0;
  std::uint32_t stored_planes = 0;
  bool has_tail = false;
  Bytes elements;  ///< unknown bits zero. In files the last level's alone
  Bytes centres;   ///< as bits of the type; NaN as any NaN. Not in files
};

struct FloatCase {
  std::string name;
  cuda::ElementFormat format;
  cuda::PlaneJob job;  ///< sizes and numbers; pointers are null
  std::uint32_t max_symbol = 0;
  std::uint64_t checksum = 0;  ///< XXH3-64 of the elements
  Bytes coded_symbols;
  Bytes coded_tail;  ///< empty: none
  Bytes symbols;     ///< what the codec decodes the first to
  Bytes tail;
  Bytes signs;       ///< empty: no sign is set
  Bytes zero_signs;  ///< empty: all zeros are +0.0
  Bytes mantissa;    ///< all stored planes
  std::vector<FloatLevel> levels;
};

}  // namespace dlv::kernels::test
