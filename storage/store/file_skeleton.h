#pragma once
/// \file
/// A stored file without its weights: for readers of what stands between them.

#include <memory>
#include <vector>

#include "storage/io/byte_source.h"
#include "storage/store/stored_file.h"

namespace dlv::store {

/// Returns the file's bytes, with zeros in the place of parts of tensors of `min_hidden_bytes` and
/// more, and of checksums. `tensors` are the ids of the file's tensors in the order of its recipe.
/// Nothing is decoded before it is read. Not thread-safe; `readers` must outlive the source.
/// Errors: kNotFound (its bytes were not kept), kUnsupported (compressed inside), kUnsafe (a file
/// without a recipe of more than 2 GiB), kCorruption, kIo.
Result<std::unique_ptr<io::ByteSource>> OpenSkeleton(Readers readers,
                                                     const archive::ManifestFile& file,
                                                     std::vector<TensorId> tensors,
                                                     std::uint64_t min_hidden_bytes);

}  // namespace dlv::store
