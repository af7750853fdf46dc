#pragma once
/// \file
/// The signs of zeros, kept apart from the elements (docs/format/codec.md §6.1, bit 5). Elements of
/// `width` = 1, 2, 4 or 8 bytes with the sign on top.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace dlv::codec {

/// Returns how many elements are -0.0.
std::size_t CountNegativeZeros(const std::uint8_t* elements, std::size_t n, unsigned width);

/// Makes every -0.0 a +0.0; `signs` receives one bit for each zero of either sign, LSB first.
void SplitSignsOfZeros(std::size_t n, unsigned width, std::uint8_t* elements,
                       std::vector<std::uint8_t>& signs);

/// The inverse: gives the elements whose symbol is 0 their signs. `signs` holds a bit for each.
void JoinSignsOfZeros(std::span<const std::uint8_t> symbols, unsigned width,
                      std::span<const std::byte> signs, std::uint8_t* elements);

}  // namespace dlv::codec
