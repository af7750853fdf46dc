#include "storage/interchange/zip_directory.h"

#include "tests/unit/storage/interchange/test_files.h"

namespace dlv::interchange {
namespace {

Result<ZipDirectory> ReadArchive(const Bytes& bytes) {
  const auto file = io::MakeViewSource(bytes);
  return ReadZipDirectory(*file);
}

void ExpectZipRefused(const Bytes& bytes, ErrorCode code, const std::string& message) {
  const auto result = ReadArchive(bytes);
  ASSERT_FALSE(result.ok()) << message;
  EXPECT_EQ(result.error().code, code) << result.error().message;
  EXPECT_NE(result.error().message.find(message), std::string::npos) << result.error().message;
}

template <class T>
Bytes With(Bytes bytes, std::size_t at, T value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
  return bytes;
}

// Where the central directory begins.
std::size_t DirectoryOf(const Bytes& bytes) {
  std::uint32_t offset = 0;
  std::memcpy(&offset, bytes.data() + bytes.size() - 22 + 16, 4);
  return offset;
}

TEST(ZipDirectory, GivesTheExactPlaceOfEverything) {
  const Bytes bytes =
      BuildZip({{"a", ToBytes("hello")}, {"b/c", ToBytes("world!"), 6, true}, {"d/", {}}});
  const auto result = ReadArchive(bytes);
  ASSERT_TRUE(result.ok()) << result.error().message;
  ASSERT_EQ(result->members.size(), 3u);
  const ZipMember& first = result->members[0];
  EXPECT_EQ(first.data_offset, 31u);
  EXPECT_EQ(first.end_offset, 36u);
  EXPECT_TRUE(first.local_crc);
  const ZipMember& second = result->members[1];
  EXPECT_EQ(second.name, "b/c");
  EXPECT_EQ(second.method, ZipMethod::kDeflated);
  EXPECT_FALSE(second.local_crc);
  EXPECT_EQ(second.descriptor_crc, second.data_offset + second.compressed_size + 4);
  EXPECT_EQ(result->directory_offset, DirectoryOf(bytes));
  const auto file = io::MakeViewSource(bytes);
  for (const ZipMember& member : result->members) EXPECT_TRUE(CheckZipMember(*file, member).ok());
}

TEST(ZipDirectory, RefusesWrongContents) {
  Bytes bytes = BuildZip({{"a", ToBytes("hello")}});
  bytes[32] = std::byte{'X'};
  const auto file = io::MakeViewSource(bytes);
  const auto directory = ReadZipDirectory(*file);
  ASSERT_TRUE(directory.ok());
  const Status checked = CheckZipMember(*file, directory->members[0]);
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().code, ErrorCode::kCorruption);
}

TEST(ZipDirectory, RefusesCraftedFiles) {
  const Bytes good = BuildZip({{"aa", ToBytes("hello")}, {"bb", ToBytes("world")}});
  const std::size_t directory = DirectoryOf(good);
  const std::size_t entry = 46 + 2;
  ASSERT_TRUE(ReadArchive(good).ok());
  ExpectZipRefused(With<std::uint16_t>(good, directory + 8, 1), ErrorCode::kUnsafe, "encrypted");
  ExpectZipRefused(With<std::uint16_t>(good, directory + 8, 0x40), ErrorCode::kUnsafe,
                   "unknown flags");
  ExpectZipRefused(With<std::uint16_t>(good, directory + 10, 12), ErrorCode::kUnsupported,
                   "method 12");
  ExpectZipRefused(With<std::uint32_t>(good, directory + 24, 4), ErrorCode::kUnsafe, "two sizes");
  ExpectZipRefused(With<std::uint32_t>(good, 14, 7), ErrorCode::kUnsafe, "contradicts");
  ExpectZipRefused(With<std::uint32_t>(good, 22, 7), ErrorCode::kUnsafe, "contradicts");
  ExpectZipRefused(With<char>(good, 30, 'x'), ErrorCode::kUnsafe, "contradicts");
  ExpectZipRefused(With<std::uint32_t>(good, directory + entry + 42, 0), ErrorCode::kUnsafe, "");
  ExpectZipRefused(With<std::uint32_t>(good, directory + 42, 1), ErrorCode::kCorruption,
                   "no member header");
  Bytes same = With<char>(good, directory + entry + 46, 'a');
  same = With<char>(same, directory + entry + 47, 'a');
  same = With<char>(same, 37 + 30, 'a');
  ExpectZipRefused(With<char>(same, 37 + 31, 'a'), ErrorCode::kUnsafe, "two members");
  Bytes link = With<std::uint16_t>(good, directory + 4, 0x0314);
  ExpectZipRefused(With<std::uint32_t>(link, directory + 38, 0xa1ff0000), ErrorCode::kUnsafe,
                   "link");
}

TEST(ZipDirectory, RefusesNamesThatLeaveTheFolder) {
  for (const char* name :
       {"../x", "a/../../x", "/etc/passwd", "a\\b", "C:x", "a//b", "./a", "a/.", "a\x01"}) {
    ExpectZipRefused(BuildZip({{name, ToBytes("x")}}), ErrorCode::kUnsafe, "");
  }
  ExpectZipRefused(BuildZip({{std::string("a\0b", 3), ToBytes("x")}}), ErrorCode::kUnsafe,
                   "clean UTF-8");
}

TEST(ZipDirectory, RefusesSeveralEndRecords) {
  // The comment of the outer end record is a whole end record.
  const Bytes good = BuildZip({{"a", ToBytes("hello")}});
  Bytes two = With<std::uint16_t>(good, good.size() - 2, 22);
  two.insert(two.end(), good.end() - 22, good.end());
  ExpectZipRefused(two, ErrorCode::kUnsafe, "more than one end record");
}

TEST(ZipDirectory, RefusesBombs) {
  const Bytes good = BuildZip({{"a", Bytes(1000), 6}});
  const std::size_t directory = DirectoryOf(good);
  Bytes bomb = With<std::uint32_t>(good, directory + 24, 0x7fffffff);
  ExpectZipRefused(With<std::uint32_t>(bomb, 22, 0x7fffffff), ErrorCode::kUnsafe,
                   "more than deflate can");
  // A stated size that is below or above what comes out.
  for (const std::uint32_t size : {999u, 1001u}) {
    Bytes wrong = With<std::uint32_t>(good, directory + 24, size);
    wrong = With<std::uint32_t>(wrong, 22, size);
    const auto file = io::MakeViewSource(wrong);
    const auto result = ReadZipDirectory(*file);
    ASSERT_TRUE(result.ok()) << result.error().message;
    const Status checked = CheckZipMember(*file, result->members[0]);
    ASSERT_FALSE(checked.ok());
    EXPECT_EQ(checked.error().code, ErrorCode::kCorruption);
  }
}

TEST(ZipDirectory, RefusesEveryTruncation) {
  const Bytes good = BuildZip({{"a", ToBytes("hello")}, {"b", ToBytes("world"), 6, true}});
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(
        ReadArchive(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))).ok())
        << size;
  }
}

TEST(ZipDirectory, FlippedBytesNeverGiveAnotherFile) {
  const Bytes good = BuildZip({{"a.npy", ToBytes("hello")}, {"b", ToBytes("world"), 6, true}});
  for (std::size_t i = 0; i < good.size(); ++i) {
    Bytes bad = good;
    bad[i] ^= std::byte{0x11};
    const auto file = io::MakeViewSource(bad);
    const auto described = DescribeFile(*file, "x");
    if (!described.ok()) continue;
    CheckDescription(*described, *file);
  }
}

}  // namespace
}  // namespace dlv::interchange
