#pragma once
/// \file
/// Reading a snapshot's tensors into memory: what is asked for, where it goes, what came of it.

#include <cstddef>
#include <cstdint>
#include <optional>
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
  /// All snapshots of the version, each tensor as often as it occurs. What several are built on is
  /// decoded once: a series stored as a chain costs one decoding a tensor.
  bool all_snapshots = false;
};

/// Where one snapshot's tensors are in a LoadResult.
struct LoadedSnapshot {
  std::optional<std::int64_t> step;
  std::size_t first = 0;  ///< of LoadResult::tensors
  std::size_t count = 0;
};

struct LoadResult {
  std::vector<TensorInfo> tensors;  ///< in the order of the snapshot; of all snapshots, in order
  std::vector<LoadedSnapshot> snapshots;  ///< one, or all
  unsigned planes = 0;                    ///< fewest that a tensor was read to; 0: all are exact
  std::uint64_t read_bytes = 0;           ///< coded bytes fetched
  std::uint64_t full_bytes = 0;           ///< that reading these tensors exactly takes
};

}  // namespace dlv
