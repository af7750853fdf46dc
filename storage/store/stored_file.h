#pragma once
/// \file
/// Making a file's bytes again from what is stored; for checkout and for the proof before a commit.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "dlv/ids.h"
#include "dlv/result.h"
#include "storage/archive/blob_reader.h"
#include "storage/archive/manifest.h"
#include "storage/archive/tensor_reader.h"
#include "storage/interchange/recipe.h"
#include "storage/io/byte_source.h"
#include "storage/store/assembly.h"
#include "storage/store/checked_chunks.h"
#include "storage/store/tensor_proof.h"

namespace dlv::store {

/// Where stored objects are read from: the repository, or a commit that is not published yet.
struct Readers {
  archive::TensorReader& tensors;
  archive::BlobReader& blobs;
  const CheckedChunks* checked = nullptr;  ///< for the proof before a commit
};

/// Largest recipe and assembly that is read into memory.
inline constexpr std::uint64_t kMaxRecipeBytes = 256u << 20;

Result<Assembly> ReadAssembly(archive::BlobReader& blobs, const BlobId& id);

/// A file of a version, ready to be made again.
class StoredFile {
 public:
  /// `tensors` are the ids of the file's tensors in the order of its recipe. What is given must
  /// outlive this object.
  /// Errors: kNotFound where its bytes were not kept; kCorruption, kIo.
  static Result<StoredFile> Open(Readers readers, const archive::ManifestFile& file,
                                 const std::vector<TensorId>& tensors);

  /// Returns whether the ids of its tensors and literals prove the file: its recipe only puts them
  /// together, with checksums between them. What zlib makes of them is proved by its digest alone.
  bool IsProvedByParts() const;

  bool is_blob() const { return blob_.has_value(); }
  /// Of a file that is no blob, as the next three.
  const interchange::Recipe& recipe() const { return recipe_; }
  const std::vector<std::shared_ptr<const archive::TensorHandle>>& tensors() const {
    return tensors_;
  }
  /// Thread-safe. Errors: kCorruption, kIo.
  Result<std::vector<std::byte>> ReadLiteral(std::uint32_t number) const;
  Status ReadTensor(std::uint32_t number, std::uint64_t first_element,
                    std::span<std::byte> out) const;

  /// Tensors are decoded on `threads` threads ahead of the sink.
  /// Errors: kCorruption, kIo; those of the sink.
  Status Write(unsigned threads, io::ByteSink& sink) const;
  /// The same; afterwards the ids of all tensors that were read have been compared.
  /// Errors: kCorruption too where a tensor is another one.
  Status WriteProved(unsigned threads, io::ByteSink& sink) const;

 private:
  explicit StoredFile(Readers readers) : readers_(readers) {}
  Status Replay(unsigned threads, io::ByteSink& sink, TensorProof* proof) const;

  Readers readers_;
  std::optional<BlobId> blob_;  ///< the file is this one; else:
  std::vector<BlobId> literals_;
  interchange::Recipe recipe_;
  std::vector<std::shared_ptr<const archive::TensorHandle>> tensors_;
};

/// StoredFile::Open and Write.
Status WriteStoredFile(Readers readers, const archive::ManifestFile& file,
                       const std::vector<TensorId>& tensors, unsigned threads, io::ByteSink& sink);

}  // namespace dlv::store
