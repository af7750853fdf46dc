#pragma once
// Files of every kind of data, small.

#include <gtest/gtest.h>
#include <png.h>
#include <turbojpeg.h>
#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "storage/dataset/data_source.h"

namespace dlv::dataset::testing {

using Bytes = std::vector<std::uint8_t>;

inline Bytes Idx(std::uint8_t type, const std::vector<std::uint32_t>& axes, const Bytes& elements) {
  Bytes file = {0, 0, type, static_cast<std::uint8_t>(axes.size())};
  for (const std::uint32_t size : axes)
    for (const int shift : {24, 16, 8, 0}) file.push_back(static_cast<std::uint8_t>(size >> shift));
  file.insert(file.end(), elements.begin(), elements.end());
  return file;
}

inline Bytes Counting(std::size_t count) {
  Bytes bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
  return bytes;
}

inline Bytes Gzip(const Bytes& plain, const char* name = nullptr) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  gz_header head{};
  if (name != nullptr) {
    head.name = reinterpret_cast<Bytef*>(const_cast<char*>(name));
    deflateSetHeader(&stream, &head);
  }
  Bytes packed(plain.size() + 200);
  stream.next_in = const_cast<Bytef*>(plain.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = packed.data();
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

/// `channels` 1 or 3.
inline Bytes Png(std::uint32_t width, std::uint32_t height, unsigned channels,
                 const Bytes& pixels) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  png_alloc_size_t size = 0;
  png_image_write_to_memory(&image, nullptr, &size, 0, pixels.data(), 0, nullptr);
  Bytes file(size);
  EXPECT_NE(png_image_write_to_memory(&image, file.data(), &size, 0, pixels.data(), 0, nullptr), 0);
  file.resize(size);
  return file;
}

inline Bytes Jpeg(int width, int height, const Bytes& rgb) {
  tjhandle coder = tjInitCompress();
  unsigned char* out = nullptr;
  unsigned long size = 0;
  EXPECT_EQ(
      tjCompress2(coder, rgb.data(), width, 0, height, TJPF_RGB, &out, &size, TJSAMP_444, 95, 0),
      0);
  Bytes file(out, out + size);
  tjFree(out);
  tjDestroy(coder);
  return file;
}

/// A .npy file of version 1.
inline Bytes Npy(const std::string& type, const std::string& shape, const Bytes& elements) {
  std::string head = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
  while ((head.size() + 11) % 64 != 0) head += ' ';
  head += '\n';
  Bytes file = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  file.push_back(static_cast<std::uint8_t>(head.size()));
  file.push_back(static_cast<std::uint8_t>(head.size() >> 8));
  file.insert(file.end(), head.begin(), head.end());
  file.insert(file.end(), elements.begin(), elements.end());
  return file;
}

inline Bytes Safetensors(const std::string& head, const Bytes& elements) {
  Bytes file(8);
  const std::uint64_t size = head.size();
  std::memcpy(file.data(), &size, 8);
  file.insert(file.end(), head.begin(), head.end());
  file.insert(file.end(), elements.begin(), elements.end());
  return file;
}

class DataTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* const test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("dlv-data-" + std::to_string(::getpid()) + "-" + test->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Put(const std::string& name, const Bytes& bytes) const {
    const std::filesystem::path path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    return path.string();
  }
  std::string Put(const std::string& name, const std::string& text) const {
    return Put(name, Bytes(text.begin(), text.end()));
  }
  std::string folder() const { return folder_.string(); }

  static std::unique_ptr<DataSource> Open(const std::string& path,
                                          const DataOptions& options = {}) {
    auto opened = OpenData(io::PosixFileSystem(), path, options);
    EXPECT_TRUE(opened.ok()) << (opened.ok() ? "" : opened.error().message);
    return opened.ok() ? std::move(opened).value() : nullptr;
  }
  static Error FailureOf(const std::string& path, const DataOptions& options = {}) {
    const auto opened = OpenData(io::PosixFileSystem(), path, options);
    EXPECT_FALSE(opened.ok());
    return opened.ok() ? Error{} : opened.error();
  }
  static Bytes Read(const DataSource& data, std::uint64_t first, std::uint64_t count) {
    Bytes bytes(static_cast<std::size_t>(count * data.description().example_bytes()));
    const Status read = data.Read(first, std::as_writable_bytes(std::span(bytes)));
    EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().message);
    return bytes;
  }
  static std::vector<std::int64_t> Labels(const DataSource& data) {
    std::vector<std::int64_t> labels(static_cast<std::size_t>(data.description().count));
    const Status read = data.ReadLabels(0, labels);
    EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().message);
    return labels;
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace dlv::dataset::testing
