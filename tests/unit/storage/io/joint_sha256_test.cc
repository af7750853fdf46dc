#include "storage/io/joint_sha256.h"

#include <gtest/gtest.h>

#include <vector>

namespace dlv::io {
namespace {

std::vector<std::byte> Data(std::size_t size) {
  std::vector<std::byte> data(size);
  for (std::size_t i = 0; i < size; ++i) data[i] = static_cast<std::byte>(i * 7 + i / 251);
  return data;
}

/// Chunks of some sizes, each behind so many bytes that are none.
void ExpectBothDigests(const std::vector<std::size_t>& gaps, const std::vector<std::size_t>& sizes,
                       bool expects_chunks = true) {
  const auto data = Data(1u << 16);
  JointSha256 joint(expects_chunks);
  Sha256 alone;
  std::size_t at = 0;
  for (const std::size_t size : sizes) {
    for (const std::size_t gap : gaps) {
      const auto before = std::span<const std::byte>(data).subspan(at % 1000, gap);
      const auto chunk = std::span<const std::byte>(data).subspan(at % 777, size);
      joint.Update(before);
      alone.Update(before);
      EXPECT_EQ(joint.UpdateChunk(DType::kF32, chunk), HashChunk(DType::kF32, chunk))
          << size << " bytes behind " << at + gap;
      alone.Update(chunk);
      at += gap + size;
    }
  }
  EXPECT_EQ(joint.Finish(), alone.Finish<FileDigest>());
}

// Whatever a block of the file has when a chunk begins, and however far its last block reaches.
TEST(JointSha256, GivesBothDigests) {
  std::vector<std::size_t> gaps;
  for (std::size_t gap = 0; gap < 67; ++gap) gaps.push_back(gap);
  ExpectBothDigests(gaps, {1024, 1028, 1056, 1064, 1068, 1084, 4096});
}

TEST(JointSha256, SmallChunksToo) { ExpectBothDigests({0, 5, 64}, {0, 4, 40, 64, 100, 1020}); }

TEST(JointSha256, ChunksThatWereNotExpectedToo) {
  ExpectBothDigests({0, 5, 64}, {0, 100, 1024, 4096}, false);
}

TEST(JointSha256, OfAFileWithoutChunks) {
  const auto data = Data(500);
  for (std::size_t size = 0; size < data.size(); size += 11) {
    JointSha256 joint;
    Sha256 alone;
    const auto bytes = std::span<const std::byte>(data).first(size);
    joint.Update(bytes.first(size / 3));
    joint.Update(bytes.subspan(size / 3));
    alone.Update(bytes);
    EXPECT_EQ(joint.Finish(), alone.Finish<FileDigest>()) << size;
  }
}

}  // namespace
}  // namespace dlv::io
