#pragma once
/// \file
/// Constants of the binary encoding. On disk: do not renumber (docs/format/network.md).

#include <array>
#include <cstddef>
#include <cstdint>

namespace dlv::network {

inline constexpr std::array<char, 8> kEncodingMagic = {'D', 'L', 'V', 'N', 'E', 'T', '\r', '\n'};
inline constexpr std::uint8_t kEncodingVersion = 1;
inline constexpr std::size_t kMaxEncodedItems = 32'000'000;  ///< of all lists together

/// Kinds of attributes: the place in AttributeValue, from 1.
enum class AttributeKind : std::uint8_t {
  kInteger = 1,
  kReal = 2,
  kText = 3,
  kIntegers = 4,
  kReals = 5,
  kTexts = 6,
  kConstant = 7,
  kNetwork = 8,
};

}  // namespace dlv::network
