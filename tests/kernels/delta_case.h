#pragma once
/// \file
/// A chunk of mode delta (docs/format/delta.md) taken apart level by level, with what the codec
/// makes of it. See float_case.h.

#include <span>
#include <string>
#include <vector>

#include "dlv/dtype.h"
#include "engine/kernels/cuda/delta_jobs.h"
#include "tests/kernels/float_case.h"

namespace dlv::kernels::test {

struct DeltaLevel {
  cuda::DeltaMode mode = cuda::DeltaMode::kZero;
  Bytes coded, low, high;
  std::vector<std::uint16_t> frequencies;
  Bytes elements;  ///< what a reader of levels up to this one gets
};

struct DeltaCase {
  std::string name;
  DType dtype = DType::kF32;
  std::uint32_t count = 0;  ///< components
  float ratio = 0;
  std::int32_t beta = 0;
  Bytes base;
  Bytes second_base;  ///< empty: one base
  Bytes block_scales;
  Bytes block_ratios;
  std::vector<DeltaLevel> levels;
};

/// Encodes `child` against `base`, and `second_base` where there is one. All have the same size and
/// a type with such deltas.
DeltaCase MakeDeltaCase(const std::string& name, DType dtype, std::span<const std::byte> child,
                        std::span<const std::byte> base,
                        std::span<const std::byte> second_base = {});

/// Every type, steps of training, decay by a factor, equal blocks, anything at all.
std::vector<DeltaCase> MakeDeltaCases(bool large);

}  // namespace dlv::kernels::test
