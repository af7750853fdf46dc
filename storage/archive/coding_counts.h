#pragma once
/// \file
/// How many elements are coded in forms that take longer to decode than the usual ones.

#include <cstdint>

#include "dlv/result.h"
#include "storage/archive/tensor_reader.h"
#include "storage/codec/chunk_header.h"

namespace dlv::archive {

struct CodingCounts {
  std::uint64_t elements = 0;
  std::uint64_t cold = 0;       ///< in cold forms (codec::EncodeOptions::cold)
  std::uint64_t two_bases = 0;  ///< predicted from two bases

  /// Adds a chunk, or as many of its elements as `elements` says.
  void Add(const codec::ChunkHeader& header, std::uint64_t elements);
  CodingCounts& operator+=(const CodingCounts& other);
  double ColdShare() const { return ShareOf(cold); }
  double TwoBasesShare() const { return ShareOf(two_bases); }

 private:
  double ShareOf(std::uint64_t part) const {
    return elements == 0 ? 0 : static_cast<double>(part) / static_cast<double>(elements);
  }
};

/// Of a stored tensor, by one of its chunks (the one in the middle) or its cluster, of which the
/// header is read. What a commit wrote is in usual forms, and nothing is read.
/// Errors: kCorruption, kIo.
Result<CodingCounts> SampleCoding(const TensorHandle& tensor);

}  // namespace dlv::archive
