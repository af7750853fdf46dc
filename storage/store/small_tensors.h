#pragma once
/// \file
/// Ids of tensors that stand in strips. Nothing stores them: they are known once a snapshot was
/// read (or is being committed), and then a tensor of a strip can be opened by its id as any other.

#include <cstddef>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "dlv/ids.h"
#include "storage/archive/tensor_reader.h"

namespace dlv::store {

/// Keeps at least the `kKeep` slices added last. Thread-safe.
class SmallTensors {
 public:
  static constexpr std::size_t kKeep = 1u << 20;  ///< no layout has more tensors

  void Add(const TensorId& id, const archive::TensorSlice& slice);
  std::optional<archive::TensorSlice> Find(const TensorId& id) const;
  void Forget();

 private:
  using Slices = std::unordered_map<TensorId, archive::TensorSlice>;
  mutable std::mutex mutex_;
  Slices recent_, older_;  ///< `recent_` becomes `older_` when it is full
};

}  // namespace dlv::store
