#pragma once
/// \file
/// Small files built in memory, for unit tests and fuzz targets.

#include <zlib.h>

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"
#include "storage/io/byte_source.h"

namespace dlv::interchange {

using Bytes = std::vector<std::byte>;

inline Bytes ToBytes(std::string_view text) {
  Bytes bytes(text.size());
  if (!text.empty()) std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}

inline void Append(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

template <class T>
Bytes RawOf(const std::vector<T>& values) {
  Bytes bytes(values.size() * sizeof(T));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

template <class T>
void PutLittle(Bytes& to, T value) {
  Append(to, RawOf(std::vector<T>{value}));
}

class VectorSink final : public io::ByteSink {
 public:
  Status Write(std::span<const std::byte> bytes) override {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return Ok();
  }
  Bytes& bytes() { return bytes_; }

 private:
  Bytes bytes_;
};

/// A member of a zip to build.
struct TestMember {
  std::string name;
  Bytes contents;
  int deflate_level = -1;   ///< below 0: stored
  bool descriptor = false;  ///< sizes and CRC-32 behind the data, as PyTorch writes them
};

inline Bytes DeflateRaw(const Bytes& plain, int level) {
  z_stream stream{};
  DLV_CHECK(deflateInit2(&stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK,
            "zlib works");
  Bytes out(deflateBound(&stream, plain.size()));
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  DLV_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END, "the bound is a bound");
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// Builds a zip file.
inline Bytes BuildZip(const std::vector<TestMember>& members) {
  Bytes out;
  Bytes directory;
  for (const TestMember& member : members) {
    const bool deflated = member.deflate_level >= 0;
    const Bytes data =
        deflated ? DeflateRaw(member.contents, member.deflate_level) : member.contents;
    const auto crc = static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(member.contents.data()), member.contents.size()));
    const auto packed = static_cast<std::uint32_t>(data.size());
    const auto plain = static_cast<std::uint32_t>(member.contents.size());
    const auto offset = static_cast<std::uint32_t>(out.size());
    const auto common = [&](Bytes& to, bool local) {
      const bool hide = local && member.descriptor;
      PutLittle<std::uint16_t>(to, 20);
      PutLittle<std::uint16_t>(to, member.descriptor ? 0x808 : 0);
      PutLittle<std::uint16_t>(to, deflated ? 8 : 0);
      PutLittle<std::uint32_t>(to, 0x00210000);
      PutLittle<std::uint32_t>(to, hide ? 0 : crc);
      PutLittle<std::uint32_t>(to, hide ? 0 : packed);
      PutLittle<std::uint32_t>(to, hide ? 0 : plain);
      PutLittle<std::uint16_t>(to, static_cast<std::uint16_t>(member.name.size()));
      PutLittle<std::uint16_t>(to, 0);
    };
    PutLittle<std::uint32_t>(out, 0x04034b50);
    common(out, true);
    Append(out, ToBytes(member.name));
    Append(out, data);
    if (member.descriptor) {
      for (const std::uint32_t value : {0x08074b50u, crc, packed, plain}) PutLittle(out, value);
    }
    PutLittle<std::uint32_t>(directory, 0x02014b50);
    PutLittle<std::uint16_t>(directory, 20);
    common(directory, false);
    for (int i = 0; i < 3; ++i) PutLittle<std::uint16_t>(directory, 0);
    PutLittle<std::uint32_t>(directory, 0);
    PutLittle<std::uint32_t>(directory, offset);
    Append(directory, ToBytes(member.name));
  }
  const auto begin = static_cast<std::uint32_t>(out.size());
  Append(out, directory);
  PutLittle<std::uint32_t>(out, 0x06054b50);
  PutLittle<std::uint32_t>(out, 0);
  for (int i = 0; i < 2; ++i)
    PutLittle<std::uint16_t>(out, static_cast<std::uint16_t>(members.size()));
  PutLittle<std::uint32_t>(out, static_cast<std::uint32_t>(directory.size()));
  PutLittle<std::uint32_t>(out, begin);
  PutLittle<std::uint16_t>(out, 0);
  return out;
}

/// Builds a .npy file of version 1.
inline Bytes BuildNpy(std::string header, const Bytes& data) {
  while ((10 + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  Bytes out = ToBytes(std::string_view("\x93NUMPY\x01\x00", 8));
  PutLittle<std::uint16_t>(out, static_cast<std::uint16_t>(header.size()));
  Append(out, ToBytes(header));
  Append(out, data);
  return out;
}

/// Builds a safetensors file.
inline Bytes BuildSafetensors(const std::string& header, const Bytes& data) {
  Bytes out;
  PutLittle<std::uint64_t>(out, header.size());
  Append(out, ToBytes(header));
  Append(out, data);
  return out;
}

}  // namespace dlv::interchange
