#pragma once
/// \file
/// What a tensor would take, coded for that question alone.

#include <cstddef>
#include <cstdint>
#include <span>

#include "dlv/dtype.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/archive/coding_counts.h"
#include "storage/codec/chunk_codec.h"
#include "storage/io/byte_source.h"

namespace dlv::archive {

/// What coding has given.
struct CodedMeasure {
  std::uint64_t bytes = 0;
  bool uses_base = false;  ///< some chunk does; otherwise the base does not pay
  CodingCounts coding;

  CodedMeasure& operator+=(const CodedMeasure& other);
};

/// Codes a tensor's chunks, against `base` (of the same dtype and size) or without one (null), and
/// where there is a second base, perhaps against both.  Errors: those of the sources, kCancelled.
Result<CodedMeasure> MeasureTensor(DType dtype, std::uint64_t element_count,
                                   const io::ByteSource& tensor, const io::ByteSource* base,
                                   const io::ByteSource* second_base,
                                   const codec::EncodeOptions& options,
                                   const Operation& operation = {});

/// Codes one chunk, or a cluster (small tensors, end to end; EncodeOptions::cluster); `base` is
/// empty or as long. Errors: kInvalidArgument (more than a chunk holds).
Result<CodedMeasure> MeasureChunk(DType dtype, std::span<const std::byte> raw,
                                  std::span<const std::byte> base,
                                  const codec::EncodeOptions& options);

/// As MeasureTensor, as a commit would write it; the bytes alone.
Result<std::uint64_t> CodedSize(DType dtype, std::uint64_t element_count,
                                const io::ByteSource& tensor, const io::ByteSource* base,
                                unsigned threads = 0);

}  // namespace dlv::archive
