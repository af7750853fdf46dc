#include "storage/io/chunk_hashes.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "dlv/result.h"
#include "storage/io/hash.h"
#include "storage/io/sha256_lanes.h"
#include "storage/io/sha256_messages.h"

namespace dlv::io {
namespace {

constexpr std::size_t kBlockBytes = kSha256BlockBytes;

/// Digests of messages of one length, each with a prefix of one length, side by side.
class LaneHasher {
 public:
  explicit LaneHasher(const Sha256Lanes& form) : form_(form) {
    for (unsigned i = 0; i < 8 * form.lanes; ++i) state_[i] = kSha256Start[i / form.lanes];
  }

  /// `messages`: 1 to form.lanes; lanes that are left over repeat the first.
  void Run(std::span<const std::uint8_t> prefix,
           std::span<const std::span<const std::byte>> messages) {
    const std::size_t size = messages.front().size();
    const std::size_t head = kBlockBytes - prefix.size();  // bytes that share the prefix's block
    const std::size_t middle = size < head ? 0 : (size - head) / kBlockBytes;
    const std::size_t rest = size < head ? 0 : head + middle * kBlockBytes;
    if (size >= head) {
      Edge(messages, [&](std::uint8_t* out, const std::uint8_t* message) {
        std::copy(prefix.begin(), prefix.end(), out);
        std::memcpy(out + prefix.size(), message, head);
        return std::size_t{1};
      });
      std::array<const std::uint8_t*, kMostSha256Lanes> blocks{};
      for (unsigned lane = 0; lane < form_.lanes; ++lane) {
        blocks[lane] = MessageOf(messages, lane) + head;
      }
      form_.compress(blocks.data(), middle, state_.data());
    }
    const std::size_t before = size < head ? prefix.size() : 0;
    Edge(messages, [&](std::uint8_t* out, const std::uint8_t* message) {
      std::copy_n(prefix.begin(), before, out);
      std::memcpy(out + before, message + rest, size - rest);
      return PadSha256(out, before + size - rest, prefix.size() + size);
    });
  }

  void Get(unsigned lane, std::uint8_t* digest) const {
    for (unsigned i = 0; i < 32; ++i) {
      const std::uint32_t word = state_[(i / 4) * form_.lanes + lane];
      digest[i] = static_cast<std::uint8_t>(word >> (24 - 8 * (i % 4)));
    }
  }

 private:
  static const std::uint8_t* MessageOf(std::span<const std::span<const std::byte>> messages,
                                       unsigned lane) {
    return reinterpret_cast<const std::uint8_t*>(
        messages[lane < messages.size() ? lane : 0].data());
  }

  /// Hashes the one or two blocks that `fill` makes of each message.
  template <class Fill>
  void Edge(std::span<const std::span<const std::byte>> messages, const Fill& fill) {
    std::array<std::array<std::uint8_t, 2 * kBlockBytes>, kMostSha256Lanes> edges;
    std::array<const std::uint8_t*, kMostSha256Lanes> blocks{};
    std::size_t count = 0;
    for (unsigned lane = 0; lane < form_.lanes; ++lane) {
      count = fill(edges[lane].data(), MessageOf(messages, lane));
      blocks[lane] = edges[lane].data();
    }
    form_.compress(blocks.data(), count, state_.data());
  }

  const Sha256Lanes& form_;
  std::array<std::uint32_t, 8 * kMostSha256Lanes> state_{};
};

/// How many of the first chunks have one length, at most `most`.
std::size_t EqualRun(std::span<const std::span<const std::byte>> chunks, std::size_t most) {
  std::size_t run = 1;
  while (run < std::min(chunks.size(), most) && chunks[run].size() == chunks[0].size()) ++run;
  return run;
}

}  // namespace

std::size_t HashChunksAtOnce() {
  const Sha256Lanes* const form = FastSha256Lanes();
  return form == nullptr ? 1 : form->lanes;
}

void HashChunks(DType dtype, std::span<const std::span<const std::byte>> chunks,
                std::span<ChunkId> ids) {
  DLV_CHECK(ids.size() == chunks.size(), "one id for each chunk");
  const Sha256Lanes* const form = FastSha256Lanes();
  while (!chunks.empty()) {
    const std::size_t run = form == nullptr ? 1 : EqualRun(chunks, form->lanes);
    // A load of wide vectors takes as long as two or three messages one after the other, one of two
    // lanes as long as one message.
    if (form != nullptr && run >= std::max(form->lanes / 4, 2u)) {
      LaneHasher hasher(*form);
      hasher.Run(ChunkPrefix(dtype, chunks[0].size() / SizeOf(dtype)), chunks.first(run));
      for (std::size_t i = 0; i < run; ++i) {
        hasher.Get(static_cast<unsigned>(i), ids[i].bytes.data());
      }
    } else {
      for (std::size_t i = 0; i < run; ++i) ids[i] = HashChunk(dtype, chunks[i]);
    }
    chunks = chunks.subspan(run);
    ids = ids.subspan(run);
  }
}

}  // namespace dlv::io
