#include "storage/io/joint_sha256.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "storage/io/sha256_messages.h"

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

// Any number of chunks with bytes between them that are none, more and less than are taken at once.
TEST(JointSha256, ChunksThatAreGivenTogether) {
  const auto data = Data(200'000);
  for (const std::size_t chunk : {512u, 1024u, 4096u, 4100u}) {
    for (std::size_t count = 0; count <= 19; ++count) {
      for (const std::size_t gap : {0u, 4u, 100u}) {
        std::vector<std::size_t> offsets;
        for (std::size_t i = 0; i < count; ++i) offsets.push_back(gap + i * (chunk + gap));
        const auto bytes = std::span(data).first(count * (chunk + gap) + gap);
        std::vector<ChunkId> ids(count);
        JointSha256 joint;
        Sha256 alone;
        joint.Update(std::span(data).first(gap));
        joint.UpdateChunks(DType::kF32, bytes, offsets, chunk, ids);
        alone.Update(std::span(data).first(gap));
        alone.Update(bytes);
        EXPECT_EQ(joint.Finish(), alone.Finish<FileDigest>()) << count << " of " << chunk;
        for (std::size_t i = 0; i < count; ++i) {
          EXPECT_EQ(ids[i], HashChunk(DType::kF32, bytes.subspan(offsets[i], chunk))) << i;
        }
      }
    }
  }
}

#if defined(__x86_64__)

/// The digest of the state that has taken `size` bytes of whole blocks. `stride`: between its
/// words.
FileDigest DigestOf(const std::uint32_t* state, std::size_t stride, std::size_t size) {
  std::array<std::uint8_t, 2 * kSha256BlockBytes> padding{};
  const std::size_t blocks = PadSha256(padding.data(), 0, size);
  std::array<std::uint32_t, 16> both{};
  for (unsigned word = 0; word < 8; ++word) both[2 * word] = state[word * stride];
  const std::array<const std::uint8_t*, 2> messages = {padding.data(), padding.data()};
  ShaInstructionLanes().compress(messages.data(), blocks, both.data());
  FileDigest digest;
  for (unsigned i = 0; i < 32; ++i) {
    digest.bytes[i] = static_cast<std::uint8_t>(both[2 * (i / 4)] >> (24 - 8 * (i % 4)));
  }
  return digest;
}

// The form itself, whether or not this processor gains by it.
TEST(EightfoldSha256, TakesEightMessagesAndALongOne) {
  const EightfoldSha256& form = Avx512EightfoldSha256();
  if (!CanRun(form)) GTEST_SKIP() << "no AVX-512VL with instructions for SHA-256";
  constexpr unsigned kLanes = EightfoldSha256::kLanes;
  for (const std::size_t blocks : {0u, 1u, 2u, 3u, 50u}) {
    const std::size_t size = blocks * kSha256BlockBytes;
    const auto data = Data(2 * kLanes * size + 1);
    const auto* const octets = reinterpret_cast<const std::uint8_t*>(data.data()) + 1;
    std::array<const std::uint8_t*, kLanes> messages{};
    std::array<std::uint32_t, 8 * kLanes> state{};
    std::array<std::uint32_t, 8> long_state{};
    for (unsigned lane = 0; lane < kLanes; ++lane) messages[lane] = octets + lane * size;
    for (unsigned i = 0; i < state.size(); ++i) state[i] = kSha256Start[i / kLanes];
    std::copy(std::begin(kSha256Start), std::end(kSha256Start), long_state.begin());
    form.compress(messages.data(), blocks, state.data(), octets + kLanes * size, long_state.data());
    const auto bytes = std::span(data).subspan(1);
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      Sha256 alone;
      alone.Update(bytes.subspan(lane * size, size));
      EXPECT_EQ(DigestOf(state.data() + lane, kLanes, size), alone.Finish<FileDigest>()) << lane;
    }
    Sha256 alone;
    alone.Update(bytes.subspan(kLanes * size));
    EXPECT_EQ(DigestOf(long_state.data(), 1, kLanes * size), alone.Finish<FileDigest>());
  }
}

#endif

}  // namespace
}  // namespace dlv::io
