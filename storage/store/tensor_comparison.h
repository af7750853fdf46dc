#pragma once
/// \file
/// Figures about pairs of stored tensors, chunk by chunk through both chains at once.

#include <cstdint>
#include <vector>

#include "dlv/diff.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Two tensors of as many elements, and where their figures go.
struct ComparedPair {
  const TensorInfo* before = nullptr;
  const TensorInfo* after = nullptr;
  PairStatistics figures;
};

/// Returns whether elements can be paired: both are numbers, as many, and complex or neither is.
bool AreComparable(const TensorInfo& before, const TensorInfo& after);

/// Has a tensor reader of its own, so that what is fetched can be told.
class TensorComparer {
 public:
  TensorComparer(Store& store, const DiffOptions& options, const Operation& operation)
      : store_(store), options_(options), operation_(operation), reader_(store.locator()) {}

  /// Fills in the figures of all pairs, which must be comparable. On all threads; holds a few
  /// chunks for each thread.
  Status Compare(std::vector<ComparedPair>& pairs);

  /// Whether the first chunk of both points in about the same direction, as the high halves of the
  /// elements tell: cosine above 0.8.
  Result<bool> AreClose(const TensorInfo& before, const TensorInfo& after);

  std::uint64_t fetched_bytes() const { return reader_.fetched_bytes(); }
  std::uint64_t compared_bytes() const { return compared_bytes_; }

 private:
  Store& store_;
  const DiffOptions& options_;
  const Operation& operation_;
  archive::TensorReader reader_;
  std::uint64_t compared_bytes_ = 0;
};

}  // namespace dlv::store
