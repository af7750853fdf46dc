#pragma once
/// \file
/// What the kernels of proofs are told: norms of what a layer computed, and how far the true values
/// of a linear layer may be from that (docs/progressive.md, "Rules"). C++17.

#include <cstddef>
#include <cstdint>

#include "engine/kernels/cuda/jobs.h"

namespace dlv::kernels::cuda {

/// The end of a layer: values [samples][channels][positions], f32 or f64, of the device.
struct EpilogueJob {
  void* values = nullptr;      ///< become values + bias
  const void* bias = nullptr;  ///< [channels], of the same type; null: the values stay as they are
  void* activated = nullptr;   ///< becomes Relu of the values; may be null. NaN stays NaN
  double* norms = nullptr;  ///< [samples][positions]: at least the norm over the channels of what
                            ///< was activated, or else of the values
  std::uint64_t samples = 0, channels = 0, positions = 0;
};

/// Windows that slide over positions, as in engine/progressive/window.h. Taps outside of the input
/// read nothing.
struct WindowShape {
  std::int32_t in_height = 1, in_width = 1, out_height = 1, out_width = 1;
  std::int32_t height = 1, width = 1;
  std::int32_t stride_height = 1, stride_width = 1;
  std::int32_t dilation_height = 1, dilation_width = 1;
  std::int32_t pad_top = 0, pad_left = 0;
};

/// One linear layer, W = C + D with D not read, and what it read: x as computed, off by d. Norms of
/// the weights are rounded up; arrays are of the device.
struct LinearSpreadJob {
  const double* norms = nullptr;         ///< [samples][in positions]: of the columns of x
  const double* spreads = nullptr;       ///< [samples][in positions]: of the columns of d
  const double* whole_spread = nullptr;  ///< [samples]: of d
  double* residual = nullptr;            ///< room: [samples][out positions]
  double* rounding = nullptr;            ///< room: [samples][out positions]
  double* entries = nullptr;  ///< [samples][out positions]: of the columns of the outputs' error
  double* whole = nullptr;    ///< [samples]: of all of it
  double* own = nullptr;      ///< [samples]: of what the layer itself adds
  WindowShape window;
  std::uint64_t samples = 0;
  double norm_whole = 0;         ///< ||W||
  double norm_residual = 0;      ///< ||D||
  double operator_whole = 0;     ///< of the map by W
  double operator_residual = 0;  ///< of the map by D
  /// Rounding of outputs at a position that reads a norm b: share b + base, or infinite from
  /// `limit` on.
  double rounding_share = 0, rounding_base = 0, rounding_limit = 0;
};

}  // namespace dlv::kernels::cuda
