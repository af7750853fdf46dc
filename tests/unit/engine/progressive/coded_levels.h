#pragma once
/// \file
/// Tensors in memory whose levels of planes cost what a commit of a small model would store.

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "storage/codec/chunk_codec.h"
#include "tests/unit/engine/progressive/levels.h"

namespace dlv::progressive {

/// Each tensor is coded by itself, and headers count in all bytes alone. Of tensors of fewer than
/// 1,024 elements, which have no levels alone, costs are those of MemoryLevels.
class CodedLevels : public MemoryLevels {
 public:
  void Add(const std::string& name, Shape shape, std::vector<float> values) {
    if (values.size() >= 1024) levels_[name] = LevelsOf(values);
    MemoryLevels::Add(name, std::move(shape), std::move(values));
  }

  Result<std::vector<Level>> Levels(const NetworkParameter& parameter) override {
    const auto found = levels_.find(parameter.name);
    return found == levels_.end() ? MemoryLevels::Levels(parameter) : found->second;
  }

 private:
  static std::vector<Level> LevelsOf(const std::vector<float>& values) {
    const auto raw = std::as_bytes(std::span(values));
    constexpr std::size_t kChunkBytes = codec::kMaxChunkElements * sizeof(float);
    codec::ChunkEncoder encoder;
    std::vector<codec::EncodedChunk> chunks;
    for (std::size_t at = 0; at < raw.size(); at += kChunkBytes) {
      const auto part = raw.subspan(at, std::min(kChunkBytes, raw.size() - at));
      const Status coded = encoder.Encode(DType::kF32, part, {}, {}, chunks.emplace_back());
      DLV_CHECK(coded.ok(), "whole elements, and no more than a chunk has");
    }
    const codec::ChunkHeader& first = chunks.front().header;
    std::vector<Level> levels;
    for (const codec::LevelEntry& entry : first.levels()) {
      Level level{entry.planes, entry.planes == 32, 0, 0};
      for (const codec::EncodedChunk& chunk : chunks) {
        const std::size_t bytes =
            chunk.header.PrefixBytes(codec::LevelAtOrAbove(chunk.header, entry.planes));
        level.plane_bytes += bytes - chunk.header.header_bytes;
        level.all_bytes += bytes;
      }
      levels.push_back(level);
    }
    return levels;
  }

  std::map<std::string, std::vector<Level>> levels_;
};

}  // namespace dlv::progressive
