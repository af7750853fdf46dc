#pragma once
/// \file
/// Protocol buffer messages built field by field, for tests and fuzz targets.

#include "tests/unit/storage/interchange/build_files.h"

namespace dlv::interchange {

class WireMessage {
 public:
  WireMessage& Varint(std::uint32_t number, std::uint64_t value) {
    return Tag(number, 0).Number(value);
  }
  WireMessage& Fixed32(std::uint32_t number, float value) {
    Tag(number, 5);
    PutLittle(bytes_, value);
    return *this;
  }
  WireMessage& Fixed64(std::uint32_t number, double value) {
    Tag(number, 1);
    PutLittle(bytes_, value);
    return *this;
  }
  WireMessage& Data(std::uint32_t number, const Bytes& data) {
    Tag(number, 2).Number(data.size());
    Append(bytes_, data);
    return *this;
  }
  WireMessage& Text(std::uint32_t number, std::string_view text) {
    return Data(number, ToBytes(text));
  }
  WireMessage& Message(std::uint32_t number, const WireMessage& message) {
    return Data(number, message.bytes_);
  }
  template <class T>
  WireMessage& Packed(std::uint32_t number, const std::vector<T>& values) {
    return Data(number, RawOf(values));
  }
  WireMessage& PackedVarints(std::uint32_t number, const std::vector<std::uint64_t>& values) {
    WireMessage inner;
    for (const std::uint64_t value : values) inner.Number(value);
    return Message(number, inner);
  }
  /// A length that the file does not have.
  WireMessage& Lie(std::uint32_t number, std::uint64_t length) {
    return Tag(number, 2).Number(length);
  }
  WireMessage& Tag(std::uint32_t number, unsigned type) {
    return Number(std::uint64_t{number} << 3 | type);
  }
  WireMessage& Number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<std::byte>(value | 0x80));
    bytes_.push_back(static_cast<std::byte>(value));
    return *this;
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

}  // namespace dlv::interchange
