#pragma once
/// \file
/// The readers behind OpenData, and what they share.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/dataset/data_source.h"
#include "storage/io/byte_source.h"

namespace dlv::dataset {

inline constexpr const char* kDataKinds =
    "idx (also in gzip), CIFAR binary (records of 3073 or 3074 bytes), .npy, .npz, .safetensors, "
    "PNG and JPEG images";

/// A file that stays open, as a source.
struct OpenFile {
  std::string path;
  std::shared_ptr<const io::ByteSource> bytes;  ///< keeps the file open; unpacked where it was gzip

  /// Errors: kNotFound, kIo, kCorruption (gzip).
  static Result<OpenFile> Open(io::FileSystem& files, const std::string& path);
  /// The first bytes, at most `count`.
  Result<std::vector<std::byte>> Head(std::size_t count) const;
};

/// What the gzip file (RFC 1952, of one member) holds, its CRC-32 checked. Random access.
/// Errors: kCorruption; kUnsupported (several members, more than 4 GiB).
Result<std::shared_ptr<const io::ByteSource>> OpenGzip(std::shared_ptr<const io::ByteSource> packed,
                                                       const std::string& name);
bool IsGzip(std::span<const std::byte> head);

/// Whether the file begins like an idx file.
bool IsIdx(std::span<const std::byte> head);
/// The labels' file may be missing: `labels` is then empty.
Result<std::unique_ptr<DataSource>> OpenIdx(io::FileSystem& files, const OpenFile& images,
                                            const std::string& labels);
/// Path of the labels that go with images of this name; empty where the name does not tell.
std::string IdxLabelsOf(const std::string& images);

/// Whether its size fits, and its name ends in .bin.
bool IsCifar(const std::string& path, std::uint64_t size);
Result<std::unique_ptr<DataSource>> OpenCifar(const std::string& path,
                                              std::vector<OpenFile> batches);

/// Of files that storage/interchange knows: .npy, .npz, .safetensors.
Result<std::unique_ptr<DataSource>> OpenArrays(io::FileSystem& files, const OpenFile& file,
                                               const DataOptions& options);

/// Whether the bytes begin like a PNG or JPEG image.
bool IsImage(std::span<const std::byte> head);
/// A folder of images or of folders of images; nothing where there are none.
Result<std::unique_ptr<DataSource>> OpenImageFolder(io::FileSystem& files, const std::string& path,
                                                    const std::string& labels);
/// One image is data of one example.
Result<std::unique_ptr<DataSource>> OpenImage(io::FileSystem& files, const std::string& path);

/// Links are followed.  Errors: kNotFound, kIo.
Result<bool> IsFolder(io::FileSystem& files, const std::string& path);
/// "a/b", for messages and for opening.
std::string Join(const std::string& folder, const std::string& name);
/// What follows the last '/'.
std::string NameIn(const std::string& path);

}  // namespace dlv::dataset
