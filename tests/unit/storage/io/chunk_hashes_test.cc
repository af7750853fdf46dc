#include "storage/io/chunk_hashes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "storage/io/hash.h"
#include "storage/io/sha256_lanes.h"

namespace dlv::io {
namespace {

TEST(ChunkHashes, TogetherAsEachAlone) {
  std::vector<std::byte> data(40000);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::byte>(i * 7 + i / 251);
  // Around the block that holds the prefix, and around the padding's second block.
  for (const std::size_t size :
       {0, 1, 34, 35, 36, 43, 44, 45, 63, 64, 98, 99, 100, 107, 108, 109, 1000}) {
    for (const std::size_t count : {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 33}) {
      std::vector<std::span<const std::byte>> parts;
      for (std::size_t i = 0; i < count; ++i) {
        // The last one differs in length, as a tensor's last chunk does.
        const std::size_t length = size + (i + 1 == count && size > 1 ? 1 : 0);
        parts.push_back(std::span<const std::byte>(data).subspan(i * 1009, length));
      }
      std::vector<ChunkId> ids(count);
      HashChunks(DType::kU8, parts, ids);
      for (std::size_t i = 0; i < count; ++i) {
        EXPECT_EQ(ids[i], HashChunk(DType::kU8, parts[i]))
            << size << " bytes, " << i << "/" << count;
      }
    }
  }
}

TEST(Sha256Lanes, EveryFormIsTheDigest) {
#if defined(__x86_64__)
  for (const Sha256Lanes* form :
       {&ShaInstructionLanes(), &Avx2Sha256Lanes(), &Avx512Sha256Lanes()}) {
    if (!CanRun(*form)) continue;
    std::vector<std::uint8_t> data(form->lanes * 200 + 256);
    for (std::size_t i = 0; i < data.size(); ++i)
      data[i] = static_cast<std::uint8_t>(i * 11 + i / 7);
    std::vector<const std::uint8_t*> blocks;
    std::vector<std::uint32_t> state(8 * std::size_t{form->lanes});
    for (unsigned i = 0; i < form->lanes; ++i) {
      blocks.push_back(data.data() + 200 * std::size_t{i} + i % 3);
      for (unsigned w = 0; w < 8; ++w) state[w * form->lanes + i] = kSha256Start[w];
    }
    form->compress(blocks.data(), 3, state.data());
    // The same with one block at a time, and lanes the other way round.
    std::reverse(blocks.begin(), blocks.end());
    std::vector<std::uint32_t> other(state.size());
    for (std::size_t i = 0; i < other.size(); ++i) other[i] = kSha256Start[i / form->lanes];
    for (unsigned step = 0; step < 3; ++step) {
      form->compress(blocks.data(), 1, other.data());
      for (auto& block : blocks) block += 64;
    }
    for (unsigned w = 0; w < 8; ++w) {
      for (unsigned i = 0; i < form->lanes; ++i) {
        EXPECT_EQ(state[w * form->lanes + i], other[w * form->lanes + form->lanes - 1 - i])
            << form->name;
      }
    }
  }
#else
  GTEST_SKIP() << "other forms are for x86-64";
#endif
}

}  // namespace
}  // namespace dlv::io
