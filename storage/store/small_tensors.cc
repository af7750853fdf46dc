#include "storage/store/small_tensors.h"

#include <utility>

namespace dlv::store {

void SmallTensors::Add(const TensorId& id, const archive::TensorSlice& slice) {
  const std::lock_guard lock(mutex_);
  if (recent_.size() >= kKeep) older_ = std::exchange(recent_, {});
  recent_[id] = slice;
}

std::optional<archive::TensorSlice> SmallTensors::Find(const TensorId& id) const {
  const std::lock_guard lock(mutex_);
  for (const Slices* slices : {&recent_, &older_}) {
    if (const auto found = slices->find(id); found != slices->end()) return found->second;
  }
  return std::nullopt;
}

void SmallTensors::Forget() {
  const std::lock_guard lock(mutex_);
  recent_.clear();
  older_.clear();
}

}  // namespace dlv::store
