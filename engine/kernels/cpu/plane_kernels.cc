#include "engine/kernels/cpu/plane_kernels.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "engine/kernels/cpu/plane_forms.h"

namespace dlv::kernels {
namespace {

bool MachineHas([[maybe_unused]] std::string_view form) {
#if defined(DLV_X86_KERNELS)
  __builtin_cpu_init();
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (form == "avx2") return has_avx2;
  if (form == "avx512") {
    return has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  }
#endif
  return form == "portable";
}

const PlaneKernels& ChooseForm() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread writes it
  const char* const wish = std::getenv("DLV_KERNELS");
  const PlaneKernels* best = nullptr;
  for (const PlaneKernels* const form : AllPlaneKernels()) {
    best = form;
    if (wish != nullptr && std::string_view(wish) == form->name) break;
  }
  return *best;
}

}  // namespace

std::vector<const PlaneKernels*> AllPlaneKernels() {
  std::vector<const PlaneKernels*> forms;
  for (const PlaneKernels* const form : kPlaneForms) {
    if (MachineHas(form->name)) forms.push_back(form);
  }
  return forms;
}

const PlaneKernels& BestPlaneKernels() {
  static const PlaneKernels& kBest = ChooseForm();
  return kBest;
}

const PlaneKernels* BestPlaneKernels(std::int64_t inner) {
  const PlaneKernels* best = nullptr;
  for (const PlaneKernels* const form : AllPlaneKernels()) {
    if (inner % form->lanes == 0) best = form;
    if (form == &BestPlaneKernels()) break;
  }
  return best;
}

PaddedPlane PaddedPlaneOf(const PlaneWindow& window) {
  const auto columns = [&](std::int64_t width) {  // of one remainder
    return (width + window.stride_width - 1) / window.stride_width;
  };
  const std::int64_t vectors = (window.out_width + kMostLanes - 1) / kMostLanes;
  const std::int64_t read =
      vectors * kMostLanes + columns((window.kernel_width - 1) * window.dilation_width + 1);
  PaddedPlane shape;
  shape.rows = (window.out_height - 1) * window.stride_height +
               (window.kernel_height - 1) * window.dilation_height + 1;
  shape.phase_width = std::max(read, columns(window.left + window.in_width));
  shape.row_width = shape.phase_width * window.stride_width;
  return shape;
}

bool IsCompact(const PlaneWindow& window) {
  constexpr std::int64_t kSmall = std::int64_t{1} << 16, kTimes = 4;
  const std::int64_t planes =
      window.in_height * window.in_width + window.out_height * window.out_width;
  const PaddedPlane shape = PaddedPlaneOf(window);
  return shape.row_width <= std::max(kSmall, kTimes * planes) / shape.rows;
}

std::int64_t PoolRoom(const PlaneWindow& window, std::int64_t inner) {
  if (inner > 1) return (window.in_width + 1) * inner;
  return window.out_width + window.in_width + PaddedPlaneOf(window).row_width + 3 * kMostLanes;
}

void PackRows(const float* weights, std::int64_t rows, std::int64_t depth, std::int64_t at_once,
              float* packed) {
  const std::int64_t tiles = RowTiles(rows, at_once);
  for (std::int64_t tile = 0; tile < tiles; ++tile) {
    const std::int64_t first = FirstRow(tile, rows, tiles);
    const std::int64_t end = FirstRow(tile + 1, rows, tiles);
    for (std::int64_t k = 0; k < depth; ++k) {
      for (std::int64_t row = first; row < end; ++row) *packed++ = weights[row * depth + k];
    }
  }
}

}  // namespace dlv::kernels
