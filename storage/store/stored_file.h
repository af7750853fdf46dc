#pragma once
/// \file
/// Making a file's bytes again from what is stored; for checkout and for the proof before a commit.

#include <cstdint>
#include <vector>

#include "dlv/ids.h"
#include "dlv/result.h"
#include "storage/archive/blob_reader.h"
#include "storage/archive/manifest.h"
#include "storage/archive/tensor_reader.h"
#include "storage/io/byte_source.h"
#include "storage/store/assembly.h"
#include "storage/store/checked_chunks.h"

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

/// Writes the bytes of `file` to `sink`. `tensors` are the ids of the file's tensors in the order
/// of its recipe. Tensors are decoded on `threads` threads ahead of the sink.
/// Errors: kNotFound where its bytes were not kept; kCorruption, kIo; those of the sink.
Status WriteStoredFile(Readers readers, const archive::ManifestFile& file,
                       const std::vector<TensorId>& tensors, unsigned threads, io::ByteSink& sink);

}  // namespace dlv::store
