#include "storage/interchange/fast_crc.h"

#include <random>

#include "storage/interchange/zlib_streams.h"
#include "tests/unit/storage/interchange/test_files.h"

namespace dlv::interchange {
namespace {

std::uint32_t Reference(std::uint32_t crc, std::span<const std::byte> bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

TEST(FastCrc, AgreesWithZlibAtEveryLengthAndAlignment) {
  std::mt19937 random(11);
  Bytes bytes(3000);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  for (std::size_t size = 0; size < 400; ++size) {
    for (const std::size_t offset : {std::size_t{0}, std::size_t{1}, std::size_t{7}}) {
      const auto part = std::span(bytes).subspan(offset, size);
      const auto crc = static_cast<std::uint32_t>(random());
      EXPECT_EQ(UpdateCrc32(crc, part), Reference(crc, part)) << size << " at " << offset;
      EXPECT_EQ(UpdateCrc32(0, part), Reference(0, part));
    }
  }
  EXPECT_EQ(UpdateCrc32(0, bytes), Reference(0, bytes));
}

TEST(FastCrc, PartsAppendToTheWhole) {
  const Bytes bytes = ToBytes("the first part and the second part");
  CrcState whole;
  whole.Update(bytes);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    CrcState first;
    CrcState second;
    first.Update(std::span(bytes).first(cut));
    second.Update(std::span(bytes).subspan(cut));
    first.Append(second);
    EXPECT_EQ(first.crc, whole.crc);
    EXPECT_EQ(first.size, whole.size);
  }
}

}  // namespace
}  // namespace dlv::interchange
