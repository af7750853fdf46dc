#pragma once
/// \file
/// Encoding and decoding of stored structures, field by field, little-endian, bounds-checked.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "dlv/ids.h"
#include "dlv/result.h"

namespace dlv::io {

static_assert(std::endian::native == std::endian::little,
              "dlv stores little-endian and runs on little-endian machines");

/// Appends fields to a growing buffer.
class ByteWriter {
 public:
  template <class T>
  requires std::is_integral_v<T> || std::is_floating_point_v<T>
  void Put(T value) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + sizeof value);
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }
  void PutBytes(std::span<const std::byte> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  /// LEB128, at most 10 bytes.
  void PutVarint(std::uint64_t value) {
    while (value >= 0x80) {
      Put(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    Put(static_cast<std::uint8_t>(value));
  }
  /// Zigzag, then LEB128.
  void PutSignedVarint(std::int64_t value) {
    PutVarint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  /// Length as varint, then the bytes.
  void PutString(std::string_view text) {
    PutVarint(text.size());
    PutBytes(std::as_bytes(std::span(text.data(), text.size())));
  }
  template <class Kind>
  void PutDigest(const Digest<Kind>& digest) {
    PutBytes(std::as_bytes(std::span(digest.bytes)));
  }
  void PadTo(std::size_t alignment) {
    bytes_.resize((bytes_.size() + alignment - 1) / alignment * alignment);
  }

  std::size_t size() const { return bytes_.size(); }
  std::span<const std::byte> bytes() const { return bytes_; }
  std::vector<std::byte> Take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

/// Reads fields in order. Every read is checked; errors are kCorruption and name `what` and the
/// offset.
class ByteReader {
 public:
  /// `what` is a literal such as "section directory"; `bytes` must outlive the reader.
  ByteReader(std::span<const std::byte> bytes, const char* what) : bytes_(bytes), what_(what) {}

  template <class T>
  requires std::is_integral_v<T> || std::is_floating_point_v<T> Result<T> Get() {
    if (remaining() < sizeof(T)) return Short(sizeof(T));
    T value;
    std::memcpy(&value, bytes_.data() + offset_, sizeof value);
    offset_ += sizeof value;
    return value;
  }
  /// Refuses over-long and non-canonical forms.
  Result<std::uint64_t> GetVarint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      DLV_ASSIGN(const std::uint8_t byte, Get<std::uint8_t>());
      const std::uint64_t low = byte & 0x7f;
      if (shift == 63 && low > 1) break;
      value |= low << shift;
      if ((byte & 0x80) == 0) {
        if (byte == 0 && shift != 0) break;
        return value;
      }
    }
    return Bad("varint is not canonical");
  }
  Result<std::int64_t> GetSignedVarint() {
    DLV_ASSIGN(const std::uint64_t raw, GetVarint());
    return static_cast<std::int64_t>((raw >> 1) ^ (~(raw & 1) + 1));
  }
  /// Returns a varint that says how many items of at least `min_item_bytes` follow; refuses what
  /// cannot fit.
  Result<std::uint64_t> GetCount(std::size_t min_item_bytes) {
    DLV_ASSIGN(const std::uint64_t count, GetVarint());
    if (min_item_bytes != 0 && count > remaining() / min_item_bytes)
      return Bad("count is larger than what follows");
    return count;
  }
  Result<std::span<const std::byte>> GetBytes(std::uint64_t size) {
    if (size > remaining()) return Short(size);
    const auto part = bytes_.subspan(offset_, static_cast<std::size_t>(size));
    offset_ += part.size();
    return part;
  }
  Result<std::string> GetString(std::uint64_t limit = 1u << 20) {
    DLV_ASSIGN(const std::uint64_t size, GetVarint());
    if (size > limit) return Bad("string is longer than its limit");
    DLV_ASSIGN(const auto part, GetBytes(size));
    return std::string(reinterpret_cast<const char*>(part.data()), part.size());
  }
  template <class D>
  Result<D> GetDigest() {
    D digest;
    DLV_ASSIGN(const auto part, GetBytes(digest.bytes.size()));
    std::memcpy(digest.bytes.data(), part.data(), part.size());
    return digest;
  }
  Status ExpectEnd() const {
    if (remaining() != 0) return Bad(std::to_string(remaining()) + " bytes left over");
    return Ok();
  }

  std::size_t offset() const { return offset_; }
  std::size_t remaining() const { return bytes_.size() - offset_; }
  Error Bad(const std::string& why) const {
    return Error{ErrorCode::kCorruption,
                 std::string(what_) + ", offset " + std::to_string(offset_) + ": " + why};
  }

 private:
  Error Short(std::uint64_t want) const {
    return Bad("has " + std::to_string(remaining()) + " bytes left, want " + std::to_string(want));
  }
  std::span<const std::byte> bytes_;
  const char* what_;
  std::size_t offset_ = 0;
};

}  // namespace dlv::io
