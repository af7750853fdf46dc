#pragma once
/// \file
/// The factor by which a chunk's untouched elements changed (weight decay, decay of optimizer
/// moments).

#include <cstddef>
#include <cstdint>

namespace dlv::codec {

/// Returns the mode of child / base over up to 512 of the `n` elements that differ, are normal
/// and of equal sign; 0 where there are fewer than 64 of them or the mode is 1 or beyond
/// 1/1024..1024. Elements are binary32
/// (`element_bytes` 4) or bfloat16 (2).
float MedianRatio(unsigned element_bytes, const std::uint8_t* child, const std::uint8_t* base,
                  std::size_t n);

}  // namespace dlv::codec
