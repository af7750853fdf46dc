#pragma once
/// \file
/// Reading a snapshot's tensors into memory: what is asked for, where it goes, what came of it.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "dlv/result.h"
#include "dlv/tensor.h"

namespace dlv {

/// Takes tensors into memory of the caller's choosing: arrays of another language, pinned memory, a
/// mapped file.
class TensorSink {
 public:
  virtual ~TensorSink() = default;
  /// Returns the place for tensor `index`, SizeOf(dtype) * element_count() bytes, aligned to the
  /// element's size. Called once a tensor, in order and from the calling thread, before anything is
  /// decoded; the memory is filled from several threads and must stay until the call returns.
  /// Errors end the call and are passed up.
  virtual Result<std::span<std::byte>> Allocate(std::size_t index, const TensorInfo& info) = 0;
};

struct LoadOptions {
  std::string tensor_glob;        ///< empty: what the reference names, else all
  std::vector<TensorRole> roles;  ///< empty: all
  unsigned planes = 0;            ///< 0: exact; else the nearest readable level at or above
};

struct LoadResult {
  std::vector<TensorInfo> tensors;  ///< in the order of the snapshot
  unsigned planes = 0;              ///< fewest that a tensor was read to; 0: all are exact
  std::uint64_t read_bytes = 0;     ///< coded bytes fetched
};

}  // namespace dlv
