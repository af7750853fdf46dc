// links: dlv_codec
// Any bytes as a chunk: the decoder must refuse or decode, with memory bounded by the element
// count.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "storage/codec/chunk_codec.h"

// The header's checksum is made right first: otherwise the fuzzer would never get past it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlv::codec;
  std::vector<std::byte> bytes(size);
  if (size != 0) std::memcpy(bytes.data(), data, size);
  // The first two bytes say where the header ends; the rest is the chunk.
  if (size < 4) return 0;
  std::uint16_t covered = 0;
  std::memcpy(&covered, data, sizeof covered);
  const auto chunk = std::span(bytes).subspan(2);
  covered = static_cast<std::uint16_t>(covered % kMaxHeaderBytes);
  if (covered + 4u <= chunk.size()) {
    const auto checksum = static_cast<std::uint32_t>(Checksum(chunk.first(covered)));
    std::memcpy(chunk.data() + covered, &checksum, sizeof checksum);
  }
  const auto header = ChunkDecoder::ParseHeader(chunk);
  if (!header.ok()) return 0;
  static ChunkDecoder decoder;
  std::vector<std::byte> out(header->raw_bytes());
  const std::vector<std::byte> base(header->needs_base ? out.size() : 0, std::byte{0x3c});
  const std::vector<std::byte> second(header->needs_second_base ? out.size() : 0, std::byte{0x3b});
  for (std::size_t level = 0; level < header->level_count; ++level) {
    (void)decoder.Decode(*header, chunk, level, base, out, second).ok();
  }
  return 0;
}
