#include "storage/codec/integer_delta_loops.h"

#include <algorithm>
#include <cstring>

namespace dlv::codec {
namespace {

// Larger differences count as this large in a block's scale, so that sums stay within 64 bits.
constexpr std::uint64_t kMostCounted = std::uint64_t{1} << 56;

template <class Word>
std::uint64_t SplitWords(const std::uint8_t* child, const std::uint8_t* base, std::size_t size,
                         std::size_t stride, std::uint8_t* out) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < size; ++i) {
    Word to, from;
    std::memcpy(&to, child + i * sizeof to, sizeof to);
    std::memcpy(&from, base + i * sizeof from, sizeof from);
    const auto difference = static_cast<Word>(to - from);
    const auto sign = static_cast<Word>(0 - (difference >> (8 * sizeof(Word) - 1)));
    std::uint64_t zigzag = static_cast<Word>(static_cast<Word>(difference << 1) ^ sign);
    sum += std::min((zigzag >> 1) + (zigzag & 1), kMostCounted);
    for (std::size_t group = sizeof(Word); group-- > 0; zigzag >>= 8)
      out[group * stride + i] = static_cast<std::uint8_t>(zigzag & 0xff);
  }
  return sum;
}

std::uint64_t SplitBytes(const std::uint8_t* child, const std::uint8_t* base, std::size_t size,
                         std::uint8_t* out) {
  std::uint32_t sum = 0;  // of at most a block
  for (std::size_t i = 0; i < size; ++i) {
    const auto difference = static_cast<std::int8_t>(child[i] - base[i]);
    const auto zigzag = static_cast<std::uint8_t>((difference << 1) ^ (difference >> 7));
    out[i] = zigzag;
    sum += (zigzag >> 1u) + (zigzag & 1u);
  }
  return sum;
}

template <class Word>
void JoinWords(const std::uint8_t* symbols, std::size_t stride, std::size_t size,
               const std::uint8_t* base, std::uint8_t* out) {
  for (std::size_t i = 0; i < size; ++i) {
    std::uint64_t zigzag = 0;
    for (std::size_t group = 0; group < sizeof(Word); ++group)
      zigzag = zigzag << 8 | symbols[group * stride + i];
    Word value;
    std::memcpy(&value, base + i * sizeof value, sizeof value);
    value = static_cast<Word>(value + ((zigzag >> 1) ^ (0 - (zigzag & 1))));
    std::memcpy(out + i * sizeof value, &value, sizeof value);
  }
}

void JoinBytes(const std::uint8_t* symbols, std::size_t size, const std::uint8_t* base,
               std::uint8_t* out) {
  for (std::size_t i = 0; i < size; ++i) {
    const auto sign = static_cast<std::uint8_t>(0 - (symbols[i] & 1));
    out[i] = static_cast<std::uint8_t>(base[i] + ((symbols[i] >> 1) ^ sign));
  }
}

// `table_of` is that of the block's first context. Limits ascend, so the last one that a value
// reaches decides.
void FillByBase(const IntegerDeltaLayout& layout, const std::uint8_t* base, std::size_t size,
                const std::uint8_t* table_of, std::uint8_t* tables) {
  std::fill_n(tables, size, table_of[0]);
  for (std::size_t k = 0; k < layout.limits; ++k) {
    if (table_of[k + 1] == table_of[k]) continue;
    const std::uint8_t limit = layout.limit_values[k], table = table_of[k + 1];
    const std::uint8_t flip = layout.flip;
    for (std::size_t i = 0; i < size; ++i)
      tables[i] = static_cast<std::uint8_t>(base[i] ^ flip) >= limit ? table : tables[i];
  }
}

}  // namespace

void FillIntegerContexts(const IntegerDeltaLayout& layout, unsigned group,
                         std::span<const std::uint8_t> scales, const std::uint8_t* base,
                         const std::uint8_t* open,
                         std::span<const std::uint8_t, kMostIntegerContexts> table_of,
                         std::uint8_t* tables) {
  const unsigned shift = 8 * (layout.width - 1 - group);
  const std::uint8_t of_open = table_of[kOpenContext];
  for (std::size_t block = 0; block < scales.size(); ++block) {
    const unsigned scale = scales[block];
    if (scale == 0) continue;
    const unsigned step = std::min(scale > shift ? scale - shift : 1, kIntegerSteps) - 1;
    const std::uint8_t* const of_step = table_of.data() + step * (layout.limits + 1);
    const std::size_t size = layout.BlockSize(block);
    if (layout.width == 1) {
      FillByBase(layout, base + block * kIntegerBlock, size, of_step, tables);
    } else {
      const std::uint8_t of_closed = *of_step;
      for (std::size_t i = 0; i < size; ++i) tables[i] = open[i] != 0 ? of_open : of_closed;
      open += size;
    }
    tables += size;
  }
}

std::uint64_t SplitIntegers(unsigned width, const std::uint8_t* child, const std::uint8_t* base,
                            std::size_t size, std::size_t stride, std::uint8_t* out) {
  switch (width) {
    case 1:
      return SplitBytes(child, base, size, out);
    case 2:
      return SplitWords<std::uint16_t>(child, base, size, stride, out);
    case 4:
      return SplitWords<std::uint32_t>(child, base, size, stride, out);
    default:
      return SplitWords<std::uint64_t>(child, base, size, stride, out);
  }
}

void JoinIntegers(unsigned width, const std::uint8_t* symbols, std::size_t stride, std::size_t size,
                  const std::uint8_t* base, std::uint8_t* out) {
  switch (width) {
    case 1:
      return JoinBytes(symbols, size, base, out);
    case 2:
      return JoinWords<std::uint16_t>(symbols, stride, size, base, out);
    case 4:
      return JoinWords<std::uint32_t>(symbols, stride, size, base, out);
    default:
      return JoinWords<std::uint64_t>(symbols, stride, size, base, out);
  }
}

}  // namespace dlv::codec
