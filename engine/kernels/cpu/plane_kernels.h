#pragma once
/// \file
/// Convolutions of whole planes, one a channel, each in C order: products over the channels of a
/// group at every position (1 x 1), and windows over one channel alone (depthwise). For groups that
/// fill no blocks of channels, which oneDNN has no code of its own for. And pools of planes, and of
/// blocks of channels; and products of one row, which take as long as their weights take to read.
///
/// One source (plane_loops.h) for vectors of several lengths; products are added with one rounding
/// where the machine can. Sums run over ascending channels or places of the window.

#include <cstdint>
#include <vector>

namespace dlv::kernels {

/// What becomes of each sum: the bias of its channel is in it already; then an addend, then bounds.
struct PlaneEnd {
  const float* addend = nullptr;  ///< plane of the first channel; null: none. May be the result's
  std::int64_t addend_step = 0;   ///< elements from one channel's plane to the next one's
  bool is_bounded = false;
  float low = 0, high = 0;
};

/// y[m, p] = end(bias[m] + sum over k of weights[m, k] x[k, p]), for one group.
struct PlaneProduct {
  std::int64_t depth = 0;    ///< channels read
  std::int64_t rows = 0;     ///< channels made
  std::int64_t columns = 0;  ///< positions of a plane
  const float* x = nullptr;
  std::int64_t x_step = 0;         ///< elements from one channel's plane to the next one's
  const float* weights = nullptr;  ///< as PackRows has them
  const float* bias = nullptr;     ///< null: none
  float* y = nullptr;
  std::int64_t y_step = 0;
  PlaneEnd end;
  float* tail = nullptr;  ///< room for depth * kMostTail elements, zero before it is first used
};

/// A window over planes of one size.
struct PlaneWindow {
  std::int64_t in_height = 0, in_width = 0, out_height = 0, out_width = 0;
  std::int64_t kernel_height = 0, kernel_width = 0;
  std::int64_t stride_height = 1, stride_width = 1, dilation_height = 1, dilation_width = 1;
  std::int64_t top = 0, left = 0;  ///< padding with zeros
};

/// The plane with its padding, its columns sorted by their place modulo the stride.
struct PaddedPlane {
  std::int64_t rows = 0;
  std::int64_t phase_width = 0;  ///< columns of one remainder
  std::int64_t row_width = 0;    ///< of all together
  std::int64_t count() const { return rows * row_width; }
};
PaddedPlane PaddedPlaneOf(const PlaneWindow& window);
/// Whether the padded plane is not much larger than the planes are: a network may ask for padding,
/// strides and dilations of any size. Only then its count() is a number.
bool IsCompact(const PlaneWindow& window);

/// Channels of a depthwise convolution.
struct DepthwisePlanes {
  std::int64_t count = 0;
  const float* x = nullptr;
  std::int64_t x_step = 0;         ///< elements from one channel's plane to the next one's
  const float* weights = nullptr;  ///< [count, kernel_height, kernel_width]
  const float* bias = nullptr;     ///< null: none
  float* y = nullptr;
  std::int64_t y_step = 0;
  PlaneEnd end;             ///< its addend must not be the result
  PaddedPlane shape;        ///< of the window
  float* padded = nullptr;  ///< room of that shape, zero before it is first used
};

/// Windows of a pool, of the same planes, or of blocks of channels.
struct PoolPlanes {
  PlaneWindow window;      ///< dilation 1; each position has an element that is no padding; of
                           ///< planes: compact, no wider than kMostKernelWidth
  std::int64_t inner = 1;  ///< channels at each position: 1, or a multiple of the form's lanes
  std::int64_t count = 0;  ///< planes, or blocks of `inner` channels
  const float* x = nullptr;
  float* y = nullptr;
  bool is_max = false;  ///< else averages
  bool counts_padding = false;
  float* room = nullptr;  ///< as many elements as PoolRoom says
};
std::int64_t PoolRoom(const PlaneWindow& window, std::int64_t inner);

/// y[n] = end(bias[n] + sum over k of x[k] weights[n, k]), each column's sum in vectors of its own.
struct RowProduct {
  std::int64_t depth = 0, columns = 0;
  const float* x = nullptr;
  const float* weights = nullptr;  ///< [columns, depth]
  const float* bias = nullptr;     ///< null: none
  float* y = nullptr;
  PlaneEnd end = {};  ///< without an addend
};

inline constexpr std::int64_t kMostKernelWidth = 16;
inline constexpr std::int64_t kMostLanes = 16;
inline constexpr std::int64_t kMostTail = 2 * kMostLanes;

/// The loops in one form.
struct PlaneKernels {
  const char* name;
  std::int64_t lanes;
  std::int64_t rows_at_once;  ///< of a product, at most
  void (*multiply)(const PlaneProduct& product);
  void (*slide)(const PlaneWindow& window, const DepthwisePlanes& planes);
  void (*pool)(const PoolPlanes& pool);
  void (*dot)(const RowProduct& product);
};

/// Rows are taken some at a time, as many each time as far as that goes: how many tiles there are,
/// and the first row of one. Each source has its own of them, for its instruction set.
static constexpr std::int64_t RowTiles(std::int64_t rows, std::int64_t at_once) {
  return (rows + at_once - 1) / at_once;
}
static constexpr std::int64_t FirstRow(std::int64_t tile, std::int64_t rows, std::int64_t tiles) {
  return tile * rows / tiles;
}

/// Brings weights [rows, depth] into the order of `multiply`: for each tile, one row after the
/// other of each channel read.
void PackRows(const float* weights, std::int64_t rows, std::int64_t depth, std::int64_t at_once,
              float* packed);

/// The best form that this machine can run; DLV_KERNELS=avx2 in the environment limits it.
const PlaneKernels& BestPlaneKernels();
/// The best one whose lanes divide `inner`, or null.
const PlaneKernels* BestPlaneKernels(std::int64_t inner);
/// All that this machine can run, the portable one first: for tests.
std::vector<const PlaneKernels*> AllPlaneKernels();

}  // namespace dlv::kernels
