#pragma once
/// \file
/// Helpers of these tests: small files built in memory, and checks that every description must
/// pass.

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "storage/interchange/file_format.h"
#include "storage/io/byte_source.h"

namespace dlv::interchange {

using Bytes = std::vector<std::byte>;

inline Bytes ToBytes(std::string_view text) {
  Bytes bytes(text.size());
  std::memcpy(bytes.data(), text.data(), text.size());
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

inline std::string TextOf(const Result<FileDescription>& result) {
  return result.ok() ? "ok, format " + result->format : result.error().message;
}

/// Returns the canonical bytes of a tensor, read in one piece.
inline Bytes ReadTensor(const DescribedTensor& tensor) {
  Bytes bytes(static_cast<std::size_t>(tensor.source->size()));
  EXPECT_TRUE(tensor.source->ReadAt(0, bytes).ok());
  return bytes;
}

inline const DescribedTensor* FindTensor(const FileDescription& description,
                                         std::string_view name) {
  for (const DescribedTensor& tensor : description.tensors) {
    if (tensor.name == name) return &tensor;
  }
  return nullptr;
}

inline Bytes ReadAllOf(const io::ByteSource& source) {
  Bytes bytes(static_cast<std::size_t>(source.size()));
  EXPECT_TRUE(source.ReadAt(0, bytes).ok());
  return bytes;
}

/// The elements of a view, picked one by one: slow and obviously right.
inline Bytes PickView(const Bytes& base, const DescribedTensor& tensor) {
  const std::size_t item = SizeOf(tensor.dtype);
  Bytes out;
  std::vector<std::size_t> index(tensor.shape.size(), 0);
  while (true) {
    std::uint64_t at = tensor.view->offset;
    for (std::size_t k = 0; k < index.size(); ++k) at += index[k] * tensor.view->strides[k];
    out.insert(out.end(), base.begin() + static_cast<std::ptrdiff_t>(at * item),
               base.begin() + static_cast<std::ptrdiff_t>((at + 1) * item));
    std::size_t k = index.size();
    while (k > 0 && ++index[k - 1] == static_cast<std::size_t>(tensor.shape[k - 1])) index[--k] = 0;
    if (k == 0) return out;
  }
}

/// What holds for every description with a recipe: it is valid, its encoding comes back the same,
/// and it makes the file again; tensors have the bytes that their shape says; views show the same
/// bytes as their source.
inline void CheckDescription(const FileDescription& description, const io::ByteSource& file) {
  for (const DescribedTensor& tensor : description.tensors) {
    std::uint64_t want = SizeOf(tensor.dtype);
    for (const std::int64_t extent : tensor.shape) want *= static_cast<std::uint64_t>(extent);
    EXPECT_EQ(tensor.source->size(), want) << tensor.name;
    if (!tensor.view) continue;
    ASSERT_LT(tensor.view->base, description.tensors.size());
    const DescribedTensor& base = description.tensors[tensor.view->base];
    EXPECT_FALSE(base.view.has_value());
    EXPECT_EQ(PickView(ReadAllOf(*base.source), tensor), ReadAllOf(*tensor.source)) << tensor.name;
  }
  if (!description.recipe) return;
  const auto size = RecipeOutputSize(*description.recipe);
  ASSERT_TRUE(size.ok()) << size.error().message;
  EXPECT_EQ(*size, file.size());
  const Bytes encoded = EncodeRecipe(*description.recipe);
  const auto decoded = DecodeRecipe(encoded);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(*decoded, *description.recipe);
  EXPECT_EQ(EncodeRecipe(*decoded), encoded);
  ASSERT_EQ(description.recipe->literal_sizes.size(), description.literals.size());
  for (std::size_t i = 0; i < description.literals.size(); ++i) {
    EXPECT_EQ(description.literals[i]->size(), description.recipe->literal_sizes[i]);
  }
  VectorSink sink;
  const Status replayed = ReplayFromSources(description, sink);
  ASSERT_TRUE(replayed.ok()) << replayed.error().message;
  EXPECT_TRUE(sink.bytes() == ReadAllOf(file)) << "the replay differs from the file";
}

/// Describes a file in memory and checks the description. `bytes` must outlive the result.
inline Result<FileDescription> DescribeBytes(const io::ByteSource& file,
                                             std::string_view name = "test",
                                             const DescribeOptions& options = {}) {
  Result<FileDescription> description = DescribeFile(file, name, options);
  if (description.ok()) CheckDescription(*description, file);
  return description;
}

/// A member of a zip to build.
struct TestMember {
  std::string name;
  Bytes contents;
  int deflate_level = -1;   ///< below 0: stored
  bool descriptor = false;  ///< sizes and CRC-32 behind the data, as PyTorch writes them
};

inline Bytes DeflateRaw(const Bytes& plain, int level) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
  Bytes out(deflateBound(&stream, plain.size()));
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
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
