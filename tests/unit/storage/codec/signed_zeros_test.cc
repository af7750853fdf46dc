#include "storage/codec/signed_zeros.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>

#include "tests/unit/storage/codec/sample_data.h"

namespace dlv::codec {
namespace {

TEST(SignedZeros, SplitAndJoinAreInverse) {
  for (const DType dtype : {DType::kF8E4M3, DType::kBF16, DType::kF32, DType::kF64}) {
    for (const std::size_t n : {1, 7, 8, 65, 1000}) {
      const auto raw = test::Masked(dtype, n);
      const auto width = static_cast<unsigned>(SizeOf(dtype));
      const auto* from = reinterpret_cast<const std::uint8_t*>(raw.data());
      std::vector<std::uint8_t> elements(from, from + raw.size());
      const std::size_t negative = CountNegativeZeros(elements.data(), n, width);
      std::vector<std::uint8_t> signs;
      SplitSignsOfZeros(n, width, elements.data(), signs);
      EXPECT_EQ(CountNegativeZeros(elements.data(), n, width), 0u);

      std::vector<std::uint8_t> symbols(n);  // 0 for a zero, as the codec's
      for (std::size_t i = 0; i < n; ++i) {
        const auto* at = elements.data() + i * width;
        symbols[i] = std::any_of(at, at + width, [](std::uint8_t byte) { return byte != 0; });
      }
      JoinSignsOfZeros(symbols, width, std::as_bytes(std::span(signs)), elements.data());
      EXPECT_EQ(CountNegativeZeros(elements.data(), n, width), negative);
      EXPECT_TRUE(std::equal(elements.begin(), elements.end(), from)) << NameOf(dtype) << " " << n;
    }
  }
}

TEST(SignedZeros, CountsNeitherPositiveZerosNorDenormals) {
  const std::vector<std::uint32_t> values = {0, 0x80000000u, 0x80000001u,
                                             1, 0xbf800000u, 0x80000000u};
  EXPECT_EQ(CountNegativeZeros(reinterpret_cast<const std::uint8_t*>(values.data()), 6, 4), 2u);
}

}  // namespace
}  // namespace dlv::codec
