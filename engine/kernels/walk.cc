#include "engine/kernels/walk.h"

#include <cstring>
#include <utility>

namespace dlv::kernels {
namespace {

bool GoTogether(const std::vector<Strides>& strides, std::size_t outer, std::size_t inner,
                std::int64_t inner_size) {
  for (const Strides& steps : strides) {
    if (steps[outer] != steps[inner] * inner_size) return false;
  }
  return true;
}

template <class T>
void CopyRun(const std::byte* from, std::int64_t from_step, std::byte* to, std::int64_t to_step,
             std::int64_t count) {
  const T* in = reinterpret_cast<const T*>(from);
  T* out = reinterpret_cast<T*>(to);
  for (std::int64_t i = 0; i < count; ++i) out[i * to_step] = in[i * from_step];
}

void CopyAnyRun(std::size_t element_bytes, const std::byte* from, std::int64_t from_step,
                std::byte* to, std::int64_t to_step, std::int64_t count) {
  if (from_step == 1 && to_step == 1) {
    std::memcpy(to, from, static_cast<std::size_t>(count) * element_bytes);
  } else if (element_bytes == 4) {
    CopyRun<std::uint32_t>(from, from_step, to, to_step, count);
  } else if (element_bytes == 8) {
    CopyRun<std::uint64_t>(from, from_step, to, to_step, count);
  } else if (element_bytes == 2) {
    CopyRun<std::uint16_t>(from, from_step, to, to_step, count);
  } else {
    const auto step = static_cast<std::int64_t>(element_bytes);
    for (std::int64_t i = 0; i < count; ++i) {
      std::memcpy(to + i * to_step * step, from + i * from_step * step, element_bytes);
    }
  }
}

}  // namespace

Loops MakeLoops(const Shape& shape, std::vector<Strides> strides) {
  Loops loops;
  loops.strides.resize(strides.size());
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] == 1) continue;
    const std::size_t last = loops.shape.size();
    loops.shape.push_back(shape[axis]);
    for (std::size_t k = 0; k < strides.size(); ++k) {
      loops.strides[k].push_back(strides[k][axis]);
    }
    if (last > 0 && GoTogether(loops.strides, last - 1, last, shape[axis])) {
      loops.shape[last - 1] *= shape[axis];
      loops.shape.pop_back();
      for (Strides& steps : loops.strides) {
        steps[last - 1] = steps[last];
        steps.pop_back();
      }
    }
  }
  if (loops.shape.empty()) {
    loops.shape = {1};
    for (Strides& steps : loops.strides) steps = {1};
  }
  return loops;
}

void CopyElements(const Shape& shape, std::size_t element_bytes, const std::byte* from,
                  const Strides& from_strides, std::byte* to, const Strides& to_strides) {
  const auto size = static_cast<std::int64_t>(element_bytes);
  ForEachRun<2>(shape, {from_strides, to_strides},
                [&](const Places<2>& places, const Places<2>& steps, std::int64_t count) {
                  CopyAnyRun(element_bytes, from + places[0] * size, steps[0],
                             to + places[1] * size, steps[1], count);
                });
}

}  // namespace dlv::kernels
