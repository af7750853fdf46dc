#pragma once
/// \file
/// The identity of a tensor, by chunk and in parallel.

#include <cstdint>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/ids.h"
#include "dlv/result.h"
#include "storage/io/byte_source.h"

namespace dlv::archive {

struct TensorHash {
  TensorId id;
  std::vector<ChunkId> chunks;
  std::vector<std::uint64_t> checksums;  ///< XXH3-64 of each chunk's raw bytes: a writer tells by
                                         ///< it whether they changed since
};

/// Reads `raw` (C order, little-endian, element_count * SizeOf(dtype) bytes) once.
/// Errors: kInvalidArgument where the size does not fit; what the source says.
Result<TensorHash> HashTensorSource(const io::ByteSource& raw, DType dtype,
                                    std::uint64_t element_count, unsigned threads);

}  // namespace dlv::archive
