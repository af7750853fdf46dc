#include "storage/io/byte_io.h"

#include <limits>

#include "tests/unit/storage/io/io_test_support.h"

namespace dlv::io {
namespace {

ByteReader Reader(const std::vector<std::byte>& bytes) { return ByteReader(bytes, "test"); }

TEST(ByteIo, FieldsComeBackInOrder) {
  ByteWriter out;
  out.Put(std::uint32_t{0x01020304});
  out.Put(2.5);
  out.PutString("name");
  TensorId id;
  id.bytes[31] = 7;
  out.PutDigest(id);
  out.PadTo(64);
  EXPECT_EQ(out.size(), 64U);
  EXPECT_EQ(out.bytes()[0], std::byte{4}) << "little-endian";
  const auto bytes = out.Take();
  ByteReader in = Reader(bytes);
  EXPECT_EQ(Must(in.Get<std::uint32_t>()), 0x01020304U);
  EXPECT_EQ(Must(in.Get<double>()), 2.5);
  EXPECT_EQ(Must(in.GetString()), "name");
  EXPECT_EQ(Must(in.GetDigest<TensorId>()), id);
  EXPECT_FALSE(in.ExpectEnd().ok()) << "the padding is left over";
  Must(in.GetBytes(in.remaining()));
  EXPECT_TRUE(in.ExpectEnd().ok());
}

TEST(ByteIo, VarintsOfEverySize) {
  std::vector<std::uint64_t> values = {0, std::numeric_limits<std::uint64_t>::max()};
  for (unsigned bit = 0; bit < 64; ++bit) {
    const std::uint64_t power = std::uint64_t{1} << bit;
    values.insert(values.end(), {power - 1, power, power + 1});
  }
  ByteWriter out;
  for (const std::uint64_t value : values) {
    out.PutVarint(value);
    out.PutSignedVarint(static_cast<std::int64_t>(value));
  }
  const auto bytes = out.Take();
  ByteReader in = Reader(bytes);
  for (const std::uint64_t value : values) {
    EXPECT_EQ(Must(in.GetVarint()), value);
    EXPECT_EQ(Must(in.GetSignedVarint()), static_cast<std::int64_t>(value));
  }
  EXPECT_TRUE(in.ExpectEnd().ok());
}

TEST(ByteIo, VarintsInAnotherFormAreRefused) {
  const std::vector<std::vector<std::uint8_t>> bad = {
      {},                                                            // nothing
      {0x80},                                                        // cut short
      {0x80, 0x00},                                                  // a zero in two bytes
      {0xff, 0x00},                                                  // 127 in two bytes
      {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02},  // 65 bits
      {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01}};
  for (const auto& raw : bad) {
    std::vector<std::byte> bytes;
    for (const std::uint8_t byte : raw) bytes.push_back(std::byte{byte});
    const auto value = Reader(bytes).GetVarint();
    ASSERT_FALSE(value.ok()) << raw.size();
    EXPECT_EQ(value.error().code, ErrorCode::kCorruption);
  }
}

TEST(ByteIo, LengthsThatCannotBeAreRefusedBeforeAnythingIsAllocated) {
  ByteWriter out;
  out.PutVarint(std::numeric_limits<std::uint64_t>::max());
  out.PutBytes(Bytes("abcdefgh"));
  const auto bytes = out.Take();
  EXPECT_FALSE(Reader(bytes).GetString().ok());
  EXPECT_FALSE(Reader(bytes).GetString(std::numeric_limits<std::uint64_t>::max()).ok());
  EXPECT_FALSE(Reader(bytes).GetCount(1).ok());
  EXPECT_FALSE(Reader(bytes).GetBytes(std::numeric_limits<std::uint64_t>::max()).ok());
  EXPECT_EQ(Must(Reader(Bytes("\x08 8 bytes")).GetCount(1)), 8U);
  EXPECT_FALSE(Reader(Bytes("\x08 8 bytes")).GetCount(2).ok());
}

TEST(ByteIo, ErrorsSayWhatAndWhere) {
  const auto bytes = Bytes("abcde");
  ByteReader in(bytes, "section directory");
  Must(in.GetBytes(3));
  const auto value = in.Get<std::uint32_t>();
  ASSERT_FALSE(value.ok());
  EXPECT_EQ(value.error().message, "section directory, offset 3: has 2 bytes left, want 4");
  EXPECT_EQ(in.offset(), 3U) << "a failed read takes nothing";
}

}  // namespace
}  // namespace dlv::io
