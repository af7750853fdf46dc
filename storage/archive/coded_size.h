#pragma once
/// \file
/// What a tensor would take, coded for that question alone.

#include <cstdint>

#include "dlv/dtype.h"
#include "dlv/result.h"
#include "storage/io/byte_source.h"

namespace dlv::archive {

/// Returns the coded bytes of a tensor's chunks, against `base` (of the same dtype and size) or
/// without one (null), as a commit would write them. Chunks are coded on `threads` threads (0:
/// all). Errors: those of the sources.
Result<std::uint64_t> CodedSize(DType dtype, std::uint64_t element_count,
                                const io::ByteSource& tensor, const io::ByteSource* base,
                                unsigned threads = 0);

}  // namespace dlv::archive
