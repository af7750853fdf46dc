#include "engine/kernels/cuda/device_warp.cuh"
#include "engine/kernels/cuda/gram_body.h"
#include "engine/kernels/cuda/launch.cuh"

namespace dlv::kernels::cuda {
namespace {

/// Where the parts of the scratch memory lie.
struct GramPlaces {
  GramPlaces(double* scratch, const GramShape& shape)
      : product(scratch),
        parts(product + shape.n * shape.n),
        sums(parts + shape.parts * shape.n * shape.n),
        magnitudes(sums + 2 * shape.n) {}
  double *product, *parts, *sums, *magnitudes;
};

template <class T>
__global__ void __launch_bounds__(kThreadsPerBlock)
    GreatestOfPartsKernel(GramMatrix matrix, std::uint64_t parts, double* magnitudes) {
  const std::uint64_t part = WarpInGrid();
  if (part >= parts) return;
  DeviceWarp warp;
  const double greatest = GreatestOfPart<T>(warp, matrix, part);
  if (DeviceWarp::Thread() == 0) magnitudes[part] = greatest;
}

__global__ void __launch_bounds__(kWarp)
    StartRecordKernel(const double* magnitudes, std::uint64_t parts, GramRecord* record) {
  DeviceWarp warp;
  StartRecord(warp, magnitudes, parts, *record);
}

/// One warp a block: it needs many registers.
template <class Source>
__device__ void MultiplyTile(const Source& source, const GramShape& shape, double* parts) {
  __shared__ alignas(16) double left[kGramTile * kGramSlab];
  __shared__ alignas(16) double right[kGramTile * kGramSlab];
  const std::uint64_t tiles = GramTiles(shape.n), tile = blockIdx.x % (tiles * tiles);
  const std::uint64_t part = blockIdx.x / (tiles * tiles);
  const std::uint64_t row_tile = tile / tiles, column_tile = tile % tiles;
  if (row_tile > column_tile) return;
  DeviceWarp warp;
  GramMemory<DeviceWarp> memory{{left}, {right}};
  GramMultiplier<DeviceWarp, Source>(warp, memory, source, shape)
      .Run(row_tile, column_tile, part, parts + part * shape.n * shape.n);
}

template <class T>
__global__ void __launch_bounds__(kWarp)
    MultiplyResidualKernel(GramMatrix matrix, GramShape shape, const GramRecord* record,
                           double* parts) {
  MultiplyTile(ResidualSource<T>(matrix, *record), shape, parts);
}

__global__ void __launch_bounds__(kWarp)
    MultiplySymmetricKernel(const double* product, GramShape shape, const GramRound* round,
                            double* parts) {
  MultiplyTile(SymmetricSource(product, shape.n, *round), shape, parts);
}

__global__ void __launch_bounds__(kThreadsPerBlock)
    FoldRowsKernel(GramShape shape, const double* parts, double* product, double* sums) {
  const std::uint64_t row = WarpInGrid();
  if (row >= shape.n) return;
  DeviceWarp warp;
  FoldRow(warp, shape, parts, row, product, sums);
}

__global__ void __launch_bounds__(kWarp)
    CloseRoundKernel(const double* sums, std::uint64_t n, GramRound* round) {
  DeviceWarp warp;
  CloseRound(warp, sums, n, *round);
}

unsigned BlocksOf(const GramShape& shape) {
  const std::uint64_t tiles = GramTiles(shape.n);
  return static_cast<unsigned>(tiles * tiles * shape.parts);
}

template <class T>
int LaunchFirst(const GramMatrix& matrix, const GramShape& shape, const GramPlaces& places,
                GramRecord* record, Stream stream) {
  const std::uint64_t parts = SquaresParts(matrix.rows * matrix.columns);
  GreatestOfPartsKernel<T>
      <<<BlocksFor(parts), kThreadsPerBlock, 0, stream>>>(matrix, parts, places.magnitudes);
  cudaError_t error = cudaGetLastError();
  if (error != cudaSuccess) return error;
  StartRecordKernel<<<1, kWarp, 0, stream>>>(places.magnitudes, parts, record);
  error = cudaGetLastError();
  if (error != cudaSuccess) return error;
  MultiplyResidualKernel<T>
      <<<BlocksOf(shape), kWarp, 0, stream>>>(matrix, shape, record, places.parts);
  return cudaGetLastError();
}

/// Adds the parts of a product up, after it was launched.
int LaunchFold(const GramShape& shape, const GramPlaces& places, GramRound* round, Stream stream) {
  FoldRowsKernel<<<BlocksFor(shape.n), kThreadsPerBlock, 0, stream>>>(shape, places.parts,
                                                                      places.product, places.sums);
  const cudaError_t error = cudaGetLastError();
  if (error != cudaSuccess) return error;
  CloseRoundKernel<<<1, kWarp, 0, stream>>>(places.sums, shape.n, round);
  return cudaGetLastError();
}

}  // namespace

int LaunchGram(bool wide_numbers, const GramMatrix& matrix, std::uint32_t rounds, double* scratch,
               GramRecord* record, Stream stream) {
  const bool turned = matrix.rows > matrix.columns;
  const std::uint64_t n = turned ? matrix.columns : matrix.rows;
  const GramShape first = GramShapeOf(n, turned ? matrix.rows : matrix.columns);
  const GramPlaces places(scratch, first);
  const GramShape square = GramShapeOf(n, n);
  int error = wide_numbers ? LaunchFirst<double>(matrix, first, places, record, stream)
                           : LaunchFirst<float>(matrix, first, places, record, stream);
  if (error == cudaSuccess) error = LaunchFold(first, places, record->rounds, stream);
  for (std::uint32_t round = 0; round < rounds && error == cudaSuccess; ++round) {
    MultiplySymmetricKernel<<<BlocksOf(square), kWarp, 0, stream>>>(
        places.product, square, record->rounds + round, places.parts);
    error = cudaGetLastError();
    if (error != cudaSuccess) return error;
    error = LaunchFold(square, places, record->rounds + round + 1, stream);
  }
  return error;
}

}  // namespace dlv::kernels::cuda
