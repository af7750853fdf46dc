// The worked example of docs/format/codec.md is what the codec writes and reads.

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <sstream>
#include <string>
#include <vector>

#include "storage/codec/chunk_codec.h"
#include "tests/support/source_root.h"

namespace dlv::codec {
namespace {

std::vector<std::byte> DumpInDocument() {
  std::ifstream in(testing::SourceRoot() / "docs/format/codec.md");
  std::vector<std::byte> bytes;
  std::string line;
  bool found = false;
  int fences = 0;
  while (std::getline(in, line)) {
    if (line.starts_with("<!-- dump:")) found = true;
    if (!found) continue;
    if (line.starts_with("```")) {
      if (++fences == 2) break;
      continue;
    }
    if (fences != 1) continue;
    std::istringstream words(line.substr(line.find(':') + 1));  // "offset: bytes"
    std::string word;
    while (words >> word) {
      bytes.push_back(static_cast<std::byte>(std::stoul(word, nullptr, 16)));
    }
  }
  return bytes;
}

std::vector<std::byte> Elements() {
  std::vector<std::byte> elements(128);
  for (unsigned i = 0; i < 64; ++i) {
    const float value = static_cast<float>(static_cast<int>((37 * i) % 64) - 20) / 64.0f;
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, 4);
    const auto half = static_cast<std::uint16_t>(bits >> 16);
    std::memcpy(elements.data() + 2 * i, &half, 2);
  }
  return elements;
}

TEST(ChunkDocument, WorkedExampleIsWhatTheCodecWrites) {
  EncodeOptions options;
  options.force_mode = ChunkMode::kFloat;
  ChunkEncoder encoder;
  EncodedChunk chunk;
  ASSERT_TRUE(encoder.Encode(DType::kBF16, Elements(), {}, options, chunk).ok());
  ASSERT_EQ(chunk.header.mode, ChunkMode::kFloat);
  std::ostringstream hex;
  hex << std::hex << std::setfill('0');
  for (std::size_t i = 0; i < chunk.bytes.size(); ++i) {
    if (i % 16 == 0) hex << (i == 0 ? "" : "\n") << std::setw(2) << i << ":";
    hex << " " << std::setw(2) << static_cast<unsigned>(chunk.bytes[i]);
  }
  EXPECT_EQ(DumpInDocument(), chunk.bytes) << "the codec writes:\n" << hex.str();
}

TEST(ChunkDocument, WorkedExampleDecodes) {
  const auto bytes = DumpInDocument();
  const auto header = ChunkDecoder::ParseHeader(bytes);
  ASSERT_TRUE(header.ok());
  std::vector<std::byte> out(header->raw_bytes());
  ChunkDecoder decoder;
  ASSERT_TRUE(decoder.Decode(*header, bytes, 0, {}, out).ok());
  EXPECT_EQ(out, Elements());
}

}  // namespace
}  // namespace dlv::codec
