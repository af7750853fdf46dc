#pragma once
/// \file
/// Fields of less than a byte, least significant bit first, for entropy tables; and bounds-checked
/// reading of whole fields.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace dlv::codec {

/// Appends bits to a byte vector; the first bit written is bit 0 of the first byte. Call Finish()
/// to pad to a byte.
class BitWriter {
 public:
  explicit BitWriter(std::vector<std::byte>& out) : out_(out) {}
  /// Appends the low `width` (at most 32) bits of `value`; higher bits must be zero.
  void Put(std::uint32_t value, unsigned width) {
    pending_ |= static_cast<std::uint64_t>(value) << used_;
    used_ += width;
    while (used_ >= 8) {
      out_.push_back(static_cast<std::byte>(pending_ & 0xff));
      pending_ >>= 8;
      used_ -= 8;
    }
  }
  void Finish() {
    if (used_ != 0) out_.push_back(static_cast<std::byte>(pending_ & 0xff));
    pending_ = 0;
    used_ = 0;
  }

 private:
  std::vector<std::byte>& out_;
  std::uint64_t pending_ = 0;
  unsigned used_ = 0;
};

/// Reads what BitWriter wrote. Past the end it reads zeros and `ok()` turns false.
class BitReader {
 public:
  explicit BitReader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::uint32_t Get(unsigned width) {
    while (available_ < width) {
      std::uint64_t next = 0;
      if (at_ < bytes_.size()) {
        next = static_cast<std::uint64_t>(bytes_[at_]);
      } else {
        ok_ = false;
      }
      ++at_;
      pending_ |= next << available_;
      available_ += 8;
    }
    const auto value = static_cast<std::uint32_t>(pending_ & ((std::uint64_t{1} << width) - 1));
    pending_ >>= width;
    available_ -= width;
    return value;
  }
  /// Drops the rest of the byte; refuses padding bits that are not zero. Returns ok().
  [[nodiscard]] bool Finish() {
    if (pending_ != 0) ok_ = false;
    pending_ = 0;
    available_ = 0;
    return ok_;
  }
  bool ok() const { return ok_; }
  /// Bytes consumed; meaningful after Finish().
  std::size_t consumed() const { return at_; }

 private:
  std::span<const std::byte> bytes_;
  std::uint64_t pending_ = 0;
  std::size_t at_ = 0;
  unsigned available_ = 0;
  bool ok_ = true;
};

template <class T>
void PutField(std::vector<std::byte>& out, T value) {
  const std::size_t at = out.size();
  out.resize(at + sizeof value);
  std::memcpy(out.data() + at, &value, sizeof value);
}

/// LEB128.
inline void PutVarint(std::vector<std::byte>& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::byte>((value & 0x7f) | 0x80));
  out.push_back(static_cast<std::byte>(value));
}

/// Reads fields in order; past the end it gives zeros and `ok()` turns false for good.
class FieldReader {
 public:
  explicit FieldReader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  template <class T>
  T Get() {
    T value{};
    if (sizeof value > bytes_.size() - at_) {
      ok_ = false;
      return value;
    }
    std::memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  /// Refuses forms longer than needed and values above `limit`.
  std::uint32_t GetVarint(std::uint32_t limit) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const auto byte = Get<std::uint8_t>();
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) != 0) continue;
      if ((byte == 0 && shift != 0) || value > limit) break;
      return static_cast<std::uint32_t>(value);
    }
    ok_ = false;
    return 0;
  }
  std::span<const std::byte> GetBytes(std::size_t size) {
    if (size > bytes_.size() - at_) {
      ok_ = false;
      return {};
    }
    const auto part = bytes_.subspan(at_, size);
    at_ += size;
    return part;
  }
  std::span<const std::byte> Rest() { return GetBytes(bytes_.size() - at_); }
  std::size_t offset() const { return at_; }
  std::size_t remaining() const { return bytes_.size() - at_; }
  bool ok() const { return ok_; }

 private:
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace dlv::codec
