#include "storage/codec/signed_zeros.h"

#include <cstring>

namespace dlv::codec {
namespace {

/// Calls `body` with an unsigned integer of the width.
template <class Body>
auto ForWidth(unsigned width, Body body) {
  switch (width) {
    case 1:
      return body(std::uint8_t{});
    case 2:
      return body(std::uint16_t{});
    case 4:
      return body(std::uint32_t{});
    default:
      return body(std::uint64_t{});
  }
}

template <class Word>
Word Load(const std::uint8_t* elements, std::size_t i) {
  Word word;
  std::memcpy(&word, elements + i * sizeof word, sizeof word);
  return word;
}

template <class Word>
constexpr Word kSign = static_cast<Word>(Word{1} << (8 * sizeof(Word) - 1));

}  // namespace

std::size_t CountNegativeZeros(const std::uint8_t* elements, std::size_t n, unsigned width) {
  return ForWidth(width, [&](auto word) {
    using Word = decltype(word);
    std::size_t count = 0;
    for (std::size_t i = 0; i < n; ++i) count += Load<Word>(elements, i) == kSign<Word> ? 1 : 0;
    return count;
  });
}

void SplitSignsOfZeros(std::size_t n, unsigned width, std::uint8_t* elements,
                       std::vector<std::uint8_t>& signs) {
  signs.assign((n + 7) / 8, 0);
  const std::size_t zeros = ForWidth(width, [&](auto word) {
    using Word = decltype(word);
    std::size_t at = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const Word value = Load<Word>(elements, i);
      if (static_cast<Word>(value << 1) != 0) continue;
      signs[at / 8] |= static_cast<std::uint8_t>((value != 0 ? 1u : 0u) << (at % 8));
      std::memset(elements + i * sizeof value, 0, sizeof value);
      ++at;
    }
    return at;
  });
  signs.resize((zeros + 7) / 8);
}

void JoinSignsOfZeros(std::span<const std::uint8_t> symbols, unsigned width,
                      std::span<const std::byte> signs, std::uint8_t* elements) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i] != 0) continue;
    const unsigned sign = static_cast<unsigned>(signs[at / 8]) >> (at % 8) & 1u;
    elements[i * width + width - 1] |= static_cast<std::uint8_t>(sign << 7);
    ++at;
  }
}

}  // namespace dlv::codec
