#pragma once
/// \file
/// Bases within a snapshot: a tensor that is a near copy of one stored just before.

#include <optional>
#include <vector>

#include "dlv/result.h"
#include "storage/plan/twin_index.h"
#include "storage/store/commit_writer.h"
#include "storage/store/store.h"

namespace dlv::store {

/// The tensors of one snapshot that later ones may be coded against. Those that have a twin are
/// never bases themselves, so that no chains come up within a snapshot. Not thread-safe.
class TwinBases {
 public:
  explicit TwinBases(Store& store) : store_(&store) {}

  /// Puts a twin in the place of `base` where it is nearer, and returns true. Otherwise remembers
  /// the tensor as a base for others; `source` must outlive this object.
  Result<bool> Choose(const TensorId& id, DType dtype, std::uint64_t element_count,
                      const io::ByteSource& source, std::optional<BaseTensor>& base);

 private:
  Result<double> DistanceToBase(const plan::TwinSample& sample, const BaseTensor& base);

  Store* store_;
  plan::TwinIndex index_;
  std::vector<BaseTensor> tensors_;  ///< by tag
};

}  // namespace dlv::store
