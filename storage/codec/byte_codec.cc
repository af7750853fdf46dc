#include "storage/codec/byte_codec.h"

#include <lz4.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string>

#include "storage/codec/float_format.h"
#include "storage/codec/log2_table.h"

namespace dlv::codec {
namespace {

// How a group of bytes is stored. On disk: do not renumber (docs/format/codec.md §7).
constexpr std::byte kGroupRaw{0};
constexpr std::byte kGroupZstd{1};

Error Bad(const std::string& why) { return Error{ErrorCode::kCorruption, "chunk: " + why}; }

void StartHeader(ChunkMode mode, DType dtype, std::size_t raw_bytes, ChunkHeader& header) {
  header.mode = mode;
  header.dtype = dtype;
  header.count = static_cast<std::uint32_t>(raw_bytes / SizeOf(dtype));
  header.level_count = 0;
  header.payload_size = 0;
}

// Bytes of an element that are grouped by significance (those of a component, for complex numbers).
std::size_t GroupsOf(DType dtype) { return FullPlanes(dtype) / 8; }

// Group 0 holds the most significant byte of every element.
void GroupBytes(std::span<const std::byte> raw, std::size_t groups, std::byte* grouped) {
  const std::size_t n = raw.size() / groups;
  for (std::size_t group = 0; group < groups; ++group) {
    const std::byte* from = raw.data() + (groups - 1 - group);
    std::byte* const to = grouped + group * n;
    for (std::size_t i = 0; i < n; ++i) to[i] = from[i * groups];
  }
}

void UngroupBytes(const std::byte* grouped, std::size_t groups, std::size_t present,
                  std::span<std::byte> out) {
  const std::size_t n = out.size() / groups;
  if (present < groups) std::memset(out.data(), 0, out.size());
  for (std::size_t group = 0; group < present; ++group) {
    const std::byte* const from = grouped + group * n;
    std::byte* to = out.data() + (groups - 1 - group);
    for (std::size_t i = 0; i < n; ++i) to[i * groups] = from[i];
  }
}

// One of `big_parts` parts of a big chunk, from its middle; all of a small one.
struct Part {
  Part(DType dtype, std::span<const std::byte> raw, std::size_t big_parts) {
    constexpr std::size_t kWholeBelow = 1u << 16;
    const std::size_t element = SizeOf(dtype);
    const std::size_t count = raw.size() / element;
    parts = count < kWholeBelow ? 1 : big_parts;
    bytes = raw.subspan(count / parts * (parts / 2) * element, count / parts * element);
  }
  std::span<const std::byte> bytes;
  std::size_t parts = 1;
};

// Up to 1024 values other than zero: runs of 32, spread evenly.
class ValueSample {
 public:
  ValueSample(std::span<const std::byte> raw, std::size_t width) {
    constexpr std::size_t kRun = 32;
    const std::size_t n = raw.size() / width;
    const std::size_t runs = std::min(values_.size() / kRun, (n + kRun - 1) / kRun);
    for (std::size_t run = 0; run < runs; ++run) {
      const std::size_t start = run * (n / runs);
      for (std::size_t i = start; i < std::min(n, start + kRun); ++i) {
        std::uint64_t value = 0;
        std::memcpy(&value, raw.data() + i * width, width);
        values_[count_] = value;
        count_ += value != 0 ? 1 : 0;
      }
    }
  }
  std::span<const std::uint64_t> values() const { return std::span(values_).first(count_); }

 private:
  std::size_t count_ = 0;
  std::array<std::uint64_t, 1024> values_;
};

// About the number of different values: each sets one of 2^15 bits.
std::size_t CountDistinct(std::span<const std::uint64_t> values) {
  std::array<std::uint64_t, 512> seen{};
  for (const std::uint64_t value : values) {
    const std::uint64_t hash = (value * 0x9e3779b97f4a7c15ULL) >> 49;
    seen[hash / 64] |= std::uint64_t{1} << (hash % 64);
  }
  std::size_t distinct = 0;
  for (const std::uint64_t word : seen) distinct += static_cast<std::size_t>(std::popcount(word));
  return distinct;
}

// Whether some byte that lies wholly in the used part of the mantissa is far from even.
bool MantissaBytesRepeat(std::span<const std::uint64_t> values, unsigned mantissa_bits,
                         unsigned absent) {
  constexpr std::size_t kFewest = 768;  // values; of fewer the estimate below is no good
  if (values.size() < kFewest) return false;
  for (unsigned shift = absent; shift + 8 <= mantissa_bits; shift += 8) {
    std::array<std::uint32_t, 256> counts{};
    for (const std::uint64_t value : values) ++counts[(value >> shift) & 255];
    // The entropy of a sample of m is low by about 255 / (2 m ln 2) bits.
    const std::uint64_t even = 8 * values.size() - 184;
    if (EntropyBits(counts) * 64 < even * 63) return true;
  }
  return false;
}

}  // namespace

bool IsConstant(DType dtype, std::span<const std::byte> raw) {
  const std::size_t size = SizeOf(dtype);
  return raw.size() == size || std::memcmp(raw.data(), raw.data() + size, raw.size() - size) == 0;
}

bool LooksRepetitive(DType dtype, std::span<const std::byte> raw, unsigned absent_mantissa) {
  const FloatFormat format = FormatOf(dtype);
  const ValueSample sample(raw, format.width);
  const auto values = sample.values();
  if (values.size() < 32) return true;
  const unsigned used = format.mantissa_bits - std::min(absent_mantissa, format.mantissa_bits);
  if (used > 12) {
    return CountDistinct(values) * 10 < values.size() * 9 ||
           MantissaBytesRepeat(values, format.mantissa_bits, absent_mantissa);
  }
  if (CountDistinct(values) * 4 < values.size()) return true;
  // Narrow values repeat anyway: look at the mantissa alone, which is noise in weights.
  if (used == 0) return true;
  const unsigned bits = std::min(used, 7u);
  std::array<std::uint32_t, 128> counts{};
  for (const std::uint64_t value : values) {
    ++counts[(value >> (format.mantissa_bits - used)) & ((1u << bits) - 1)];
  }
  return EntropyBits(counts) * 8 < std::uint64_t{bits} * values.size() * 7;
}

void ByteEncoder::EncodeRaw(DType dtype, std::span<const std::byte> raw, ChunkHeader& header,
                            std::vector<std::byte>& body) {
  StartHeader(ChunkMode::kRaw, dtype, raw.size(), header);
  header.AddLevel(FullPlanes(dtype), raw.size());
  body.insert(body.end(), raw.begin(), raw.end());
}

void ByteEncoder::EncodeConstant(DType dtype, std::span<const std::byte> raw, ChunkHeader& header) {
  StartHeader(ChunkMode::kConstant, dtype, raw.size(), header);
  header.SetPayload(raw.first(SizeOf(dtype)));
  header.AddLevel(FullPlanes(dtype), 0);
}

bool ByteEncoder::EncodeLz4(DType dtype, std::span<const std::byte> raw, std::size_t limit_bytes,
                            ChunkHeader& header, std::vector<std::byte>& body) {
  const auto raw_size = static_cast<int>(raw.size());  // at most 2 MiB
  lz4_.resize(static_cast<std::size_t>(LZ4_compressBound(raw_size)));
  const int size = LZ4_compress_default(reinterpret_cast<const char*>(raw.data()),
                                        reinterpret_cast<char*>(lz4_.data()), raw_size,
                                        static_cast<int>(lz4_.size()));
  if (size <= 0 || static_cast<std::size_t>(size) >= limit_bytes) return false;
  StartHeader(ChunkMode::kLz4, dtype, raw.size(), header);
  header.AddLevel(FullPlanes(dtype), static_cast<std::size_t>(size));
  body.insert(body.end(), lz4_.begin(), lz4_.begin() + size);
  return true;
}

bool ByteEncoder::EncodeZstd(DType dtype, std::span<const std::byte> raw, int zstd_level,
                             std::size_t limit_bytes, ChunkHeader& header,
                             std::vector<std::byte>& body) {
  const auto frame = zstd_.Compress(raw, zstd_level);
  if (frame.empty() || frame.size() >= limit_bytes) return false;
  StartHeader(ChunkMode::kZstd, dtype, raw.size(), header);
  header.AddLevel(FullPlanes(dtype), frame.size());
  body.insert(body.end(), frame.begin(), frame.end());
  return true;
}

std::size_t ByteEncoder::EstimateZstd(DType dtype, std::span<const std::byte> raw, int zstd_level) {
  const Part part(dtype, raw, 8);
  return zstd_.Compress(part.bytes, zstd_level).size() * part.parts;
}

std::size_t ByteEncoder::EstimateGrouped(DType dtype, std::span<const std::byte> raw) {
  const std::size_t groups = GroupsOf(dtype);
  const auto [part, parts] = Part(dtype, raw, 4);
  const std::size_t group_bytes = part.size() / groups;
  grouped_.resize(part.size());
  GroupBytes(part, groups, grouped_.data());
  std::size_t total = 0;
  for (std::size_t group = 0; group < groups; ++group) {
    const auto bytes = std::span(grouped_).subspan(group * group_bytes, group_bytes);
    const std::size_t size = zstd_.Compress(bytes, 1).size();
    total += size == 0 ? group_bytes : std::min(size, group_bytes);
  }
  return total * parts;
}

bool ByteEncoder::EncodeGrouped(DType dtype, std::span<const std::byte> raw, int zstd_level,
                                std::size_t limit_bytes, ChunkHeader& header,
                                std::vector<std::byte>& body) {
  const std::size_t groups = GroupsOf(dtype);
  const std::size_t group_bytes = raw.size() / groups;
  grouped_.resize(raw.size());
  GroupBytes(raw, groups, grouped_.data());
  const std::size_t start = body.size();
  std::array<std::byte, 8> kinds{};
  std::array<std::size_t, 8> sizes{};
  for (std::size_t group = 0; group < groups; ++group) {
    const auto bytes = std::span(grouped_).subspan(group * group_bytes, group_bytes);
    const auto frame = zstd_.Compress(bytes, zstd_level);
    const bool coded = !frame.empty() && frame.size() < group_bytes;
    const std::span<const std::byte> stored = coded ? frame : bytes;
    kinds[group] = coded ? kGroupZstd : kGroupRaw;
    sizes[group] = stored.size();
    body.insert(body.end(), stored.begin(), stored.end());
    if (body.size() - start >= limit_bytes) {
      body.resize(start);
      return false;
    }
  }
  StartHeader(ChunkMode::kGroupedZstd, dtype, raw.size(), header);
  header.SetPayload(std::span(kinds).first(groups));
  for (std::size_t group = 0; group < groups; ++group) {
    const bool last = group + 1 == groups;
    const auto bytes = std::span(grouped_).subspan(group * group_bytes, group_bytes);
    header.AddLevel(static_cast<unsigned>(8 * (group + 1)), sizes[group],
                    last ? 0 : Checksum(bytes));
  }
  return true;
}

Status ByteDecoder::DecodeGrouped(const ChunkHeader& header, std::span<const std::byte> body,
                                  std::size_t level, std::span<std::byte> out) {
  const std::size_t groups = GroupsOf(header.dtype);
  const std::size_t group_bytes = header.raw_bytes() / groups;
  if (header.level_count != groups || header.payload_size != groups) return Bad("byte groups");
  grouped_.resize(header.raw_bytes());
  std::size_t at = 0;
  for (std::size_t group = 0; group <= level; ++group) {
    const LevelEntry& entry = header.level_table[group];
    const auto coded = body.subspan(at, entry.size_bytes);
    const auto bytes = std::span(grouped_).subspan(group * group_bytes, group_bytes);
    if (entry.planes != 8 * (group + 1)) return Bad("byte groups");
    if (header.payload()[group] == kGroupRaw) {
      if (coded.size() != bytes.size()) return Bad("size of a byte group");
      std::copy(coded.begin(), coded.end(), bytes.begin());
    } else if (header.payload()[group] == kGroupZstd) {
      DLV_TRY(zstd_.Decompress(coded, bytes));
    } else {
      return Error{ErrorCode::kUnsupported, "chunk: coding of a byte group"};
    }
    const bool last = group + 1 == groups;
    if (!last && level + 1 != groups && !ChecksumMatches(header, group, Checksum(bytes))) {
      return Bad("level " + std::to_string(group) + ": checksum differs");
    }
    at += entry.size_bytes;
  }
  UngroupBytes(grouped_.data(), groups, level + 1, out);
  return Ok();
}

Status ByteDecoder::Decode(const ChunkHeader& header, std::span<const std::byte> body,
                           std::size_t level, std::span<std::byte> out) {
  if (header.mode == ChunkMode::kGroupedZstd) return DecodeGrouped(header, body, level, out);
  if (header.level_count != 1) return Bad("more levels than the mode has");
  const auto coded = body.first(header.level_table[0].size_bytes);
  const std::size_t element = header.mode == ChunkMode::kConstant ? SizeOf(header.dtype) : 0;
  if (header.payload_size != element) return Bad("parameters are malformed");
  switch (header.mode) {
    case ChunkMode::kRaw:
      if (coded.size() != out.size()) return Bad("size of raw elements");
      std::copy(coded.begin(), coded.end(), out.begin());
      return Ok();
    case ChunkMode::kConstant:
      if (!coded.empty()) return Bad("bytes after a constant");
      for (std::size_t at = 0; at < out.size(); at += element) {
        std::memcpy(out.data() + at, header.payload().data(), element);
      }
      return Ok();
    case ChunkMode::kZstd:
      return zstd_.Decompress(coded, out);
    case ChunkMode::kLz4: {
      const int size = LZ4_decompress_safe(
          reinterpret_cast<const char*>(coded.data()), reinterpret_cast<char*>(out.data()),
          static_cast<int>(coded.size()), static_cast<int>(out.size()));
      if (size < 0 || static_cast<std::size_t>(size) != out.size()) return Bad("lz4 block");
      return Ok();
    }
    default:
      return Error{ErrorCode::kUnsupported, "chunk: mode"};
  }
}

}  // namespace dlv::codec
