#include "engine/kernels/cuda/kernels.h"

#include <cuda_runtime_api.h>

#include <algorithm>
#include <string>

#include "engine/kernels/cuda/launchers.h"

namespace dlv::kernels::cuda {
namespace {

constexpr std::uint64_t kMostWarps = std::uint64_t{1} << 31;
constexpr std::uint64_t kWarpThreads = 32;

Status CheckWarps(const char* what, std::uint64_t jobs, std::uint64_t warps_per_job) {
  if (jobs < kMostWarps && (warps_per_job == 0 || jobs < kMostWarps / warps_per_job)) return Ok();
  return Error{ErrorCode::kInvalidArgument, std::string(what) + ": " + std::to_string(jobs) +
                                                " jobs of up to " + std::to_string(warps_per_job) +
                                                " warps are more than a grid has"};
}

Status CheckFormat(const char* what, const ElementFormat& format) {
  const bool known =
      format.bytes == 1 || format.bytes == 2 || format.bytes == 4 || format.bytes == 8;
  if (known && 1 + format.exponent_bits + format.mantissa_bits == 8 * format.bytes) return Ok();
  return Error{ErrorCode::kInvalidArgument,
               std::string(what) + ": no floating-point format of " + std::to_string(format.bytes) +
                   " bytes with " + std::to_string(format.exponent_bits) + " exponent bits"};
}

Status CheckDelta(const char* what, DType dtype, unsigned level) {
  if (level < DeltaFormatOf(dtype).levels) return Ok();
  return Error{ErrorCode::kInvalidArgument, std::string(what) + ": " + std::string(NameOf(dtype)) +
                                                " has no level " + std::to_string(level)};
}

Status CheckGram(DType dtype, const GramMatrix& matrix, std::uint32_t rounds) {
  constexpr std::uint64_t kMostElements = std::uint64_t{1} << 40;
  const std::uint64_t n = std::min(matrix.rows, matrix.columns),
                      k = std::max(matrix.rows, matrix.columns);
  const bool fits = n == 0 || (n <= kGramSide && k <= kMostElements / n);
  const bool known = dtype == DType::kF32 || dtype == DType::kF64;
  if (known && fits && rounds <= kGramRounds) return Ok();
  return Error{ErrorCode::kInvalidArgument,
               "Gram iteration: " + std::to_string(matrix.rows) + " x " +
                   std::to_string(matrix.columns) + " of " + std::string(NameOf(dtype)) + ", " +
                   std::to_string(rounds) + " rounds; f32 or f64, a side of " +
                   std::to_string(kGramSide) + " and " + std::to_string(kGramRounds) +
                   " rounds are the most"};
}

/// Places of taps are counted in 32 bits.
bool FitsAxis(std::int64_t out, std::int64_t stride, std::int64_t taps, std::int64_t dilation,
              std::int64_t pad) {
  constexpr std::int64_t kMostPlace = std::int64_t{1} << 30;
  return stride > 0 && dilation > 0 && pad >= -kMostPlace && pad <= kMostPlace &&
         (out - 1) * stride + (taps - 1) * dilation <= kMostPlace;
}

Status CheckWindow(const char* what, const WindowShape& w) {
  constexpr std::int64_t kMostPositions = std::int64_t{1} << 30;
  const auto fits = [](std::int64_t height, std::int64_t width) {
    return height > 0 && width > 0 && height <= kMostPositions / width;
  };
  if (fits(w.in_height, w.in_width) && fits(w.out_height, w.out_width) && fits(w.height, w.width) &&
      FitsAxis(w.out_height, w.stride_height, w.height, w.dilation_height, w.pad_top) &&
      FitsAxis(w.out_width, w.stride_width, w.width, w.dilation_width, w.pad_left)) {
    return Ok();
  }
  const auto pair = [](std::int64_t height, std::int64_t width) {
    return std::to_string(height) + " x " + std::to_string(width);
  };
  return Error{ErrorCode::kInvalidArgument,
               std::string(what) + ": a window of " + pair(w.height, w.width) + " from " +
                   pair(w.in_height, w.in_width) + " to " + pair(w.out_height, w.out_width) +
                   " positions, strides " + pair(w.stride_height, w.stride_width) + ", dilations " +
                   pair(w.dilation_height, w.dilation_width) + ", padding " +
                   pair(w.pad_top, w.pad_left) + "; sizes and strides are positive, and 2^30 is " +
                   "the most positions and the farthest place"};
}

std::uint32_t TilesOf(std::uint32_t components) {
  return (components + kPlaneTile - 1) / kPlaneTile;
}

}  // namespace

Status FromCuda(int code, const char* what) {
  if (code == cudaSuccess) return Ok();
  const auto error = static_cast<cudaError_t>(code);
  return Error{ErrorCode::kDevice, std::string(what) + ": " + cudaGetErrorString(error) + " (" +
                                       cudaGetErrorName(error) + ")"};
}

Status DecodeSymbols(const SymbolJob* jobs, std::size_t count, SymbolFault* faults, Stream stream) {
  constexpr const char* kWhat = "decoding symbols";
  DLV_TRY(CheckWarps(kWhat, count, 1));
  if (count == 0) return Ok();
  return FromCuda(LaunchSymbols(jobs, count, faults, stream), kWhat);
}

Status CountKept(const PlaneJob* jobs, std::size_t count, PlaneFault* faults, Stream stream) {
  constexpr const char* kWhat = "counting kept elements";
  DLV_TRY(CheckWarps(kWhat, count, 1));
  if (count == 0) return Ok();
  return FromCuda(LaunchCountKept(jobs, count, faults, stream), kWhat);
}

Status AssemblePlanes(const ElementFormat& format, PlaneOutput output, ZeroRule zero_rule,
                      const PlaneJob* jobs, std::size_t count, std::uint32_t largest,
                      Stream stream) {
  constexpr const char* kWhat = "assembling planes";
  DLV_TRY(CheckFormat(kWhat, format));
  DLV_TRY(CheckWarps(kWhat, count, TilesOf(largest)));
  if (output == PlaneOutput::kCentresBf16 && format.bytes != 4) {
    return Error{ErrorCode::kInvalidArgument, "assembling planes: bf16 is made of f32 alone"};
  }
  if (count == 0 || largest == 0) return Ok();
  return FromCuda(LaunchAssembly(format, output, zero_rule, jobs, count, TilesOf(largest), stream),
                  kWhat);
}

Status CountNonzero(const ElementFormat& format, const SplitJob* jobs, std::size_t count,
                    Stream stream) {
  constexpr const char* kWhat = "counting elements that are not zero";
  DLV_TRY(CheckFormat(kWhat, format));
  DLV_TRY(CheckWarps(kWhat, count, 1));
  if (count == 0) return Ok();
  return FromCuda(LaunchCountNonzero(format, jobs, count, stream), kWhat);
}

Status SplitPlanes(const ElementFormat& format, ZeroRule zero_rule, const SplitJob* jobs,
                   std::size_t count, std::uint32_t largest, PlaneFault* faults, Stream stream) {
  constexpr const char* kWhat = "splitting into planes";
  DLV_TRY(CheckFormat(kWhat, format));
  DLV_TRY(CheckWarps(kWhat, count, TilesOf(largest)));
  if (count == 0 || largest == 0) return Ok();
  return FromCuda(LaunchSplit(format, zero_rule, jobs, count, TilesOf(largest), faults, stream),
                  kWhat);
}

Status DecodeDeltaSymbols(DType dtype, unsigned level, const DeltaJob* jobs, std::size_t count,
                          DeltaFault* faults, Stream stream) {
  constexpr const char* kWhat = "decoding symbols of deltas";
  DLV_TRY(CheckDelta(kWhat, dtype, level));
  DLV_TRY(CheckWarps(kWhat, count, 1));
  if (count == 0) return Ok();
  return FromCuda(LaunchDeltaSymbols(DeltaFormatOf(dtype), level, jobs, count, faults, stream),
                  kWhat);
}

Status ApplyDelta(DType dtype, unsigned level, const DeltaJob* jobs, std::size_t count,
                  DeltaFault* faults, Stream stream) {
  constexpr const char* kWhat = "applying deltas";
  DLV_TRY(CheckDelta(kWhat, dtype, level));
  DLV_TRY(CheckWarps(kWhat, count, 1));
  if (count == 0) return Ok();
  return FromCuda(LaunchApplyDelta(DeltaFormatOf(dtype), level, jobs, count, faults, stream),
                  kWhat);
}

Status JoinLevels(DType dtype, unsigned levels, PlaneOutput output, const JoinJob* jobs,
                  std::size_t count, std::uint32_t largest, Stream stream) {
  constexpr const char* kWhat = "joining levels";
  DLV_TRY(CheckDelta(kWhat, dtype, levels - 1));
  DLV_TRY(CheckWarps(kWhat, count, TilesOf(largest)));
  const ElementFormat element = FormatOf(dtype);
  if (output == PlaneOutput::kCentresBf16 && element.bytes != 4) {
    return Error{ErrorCode::kInvalidArgument, "joining levels: bf16 is made of f32 alone"};
  }
  if (count == 0 || largest == 0) return Ok();
  return FromCuda(LaunchJoin(element, DeltaFormatOf(dtype), levels, output, jobs, count,
                             TilesOf(largest), stream),
                  kWhat);
}

Status AssembleBySignificance(const ElementFormat& format, PlaneOutput output,
                              const SignificanceJob* jobs, std::size_t count, std::uint32_t largest,
                              SignificanceFault* faults, Stream stream) {
  constexpr const char* kWhat = "assembling by significance";
  DLV_TRY(CheckFormat(kWhat, format));
  DLV_TRY(CheckWarps(kWhat, count, RankTiles(largest)));
  if (output == PlaneOutput::kCentresBf16 && format.bytes != 4) {
    return Error{ErrorCode::kInvalidArgument,
                 "assembling by significance: bf16 is made of f32 alone"};
  }
  if (count == 0 || largest == 0) return Ok();
  return FromCuda(
      LaunchBySignificance(format, output, jobs, count, RankTiles(largest), faults, stream), kWhat);
}

Status HashArrays(const HashJob* jobs, std::size_t count, std::uint64_t* hashes, Stream stream) {
  constexpr const char* kWhat = "hashing";
  DLV_TRY(CheckWarps(kWhat, count, 1));
  if (count == 0) return Ok();
  return FromCuda(LaunchHashes(jobs, count, hashes, stream), kWhat);
}

Status SumSquares(const SquaresJob* jobs, std::size_t count, std::uint64_t largest, double* parts,
                  double* sums, Stream stream) {
  constexpr const char* kWhat = "adding up squares";
  DLV_TRY(CheckWarps(kWhat, count, SquaresParts(largest)));
  if (count == 0) return Ok();
  return FromCuda(LaunchSquares(jobs, count, SquaresParts(largest), parts, sums, stream), kWhat);
}

Status GramIteration(DType dtype, const GramMatrix& matrix, std::uint32_t rounds, double* scratch,
                     GramRecord* record, Stream stream) {
  DLV_TRY(CheckGram(dtype, matrix, rounds));
  if (matrix.rows == 0 || matrix.columns == 0) return Ok();
  return FromCuda(LaunchGram(dtype == DType::kF64, matrix, rounds, scratch, record, stream),
                  "Gram iteration");
}

Status FinishLayer(DType dtype, const EpilogueJob& job, Stream stream) {
  constexpr const char* kWhat = "finishing a layer";
  if (dtype != DType::kF32 && dtype != DType::kF64) {
    return Error{ErrorCode::kInvalidArgument, std::string(kWhat) + ": values of " +
                                                  std::string(NameOf(dtype)) +
                                                  "; f32 and f64 it can be"};
  }
  DLV_TRY(CheckWarps(kWhat, job.samples, job.positions / kWarpThreads + 1));
  if (job.samples == 0 || job.positions == 0) return Ok();
  return FromCuda(LaunchFinishLayer(dtype == DType::kF64, job, stream), kWhat);
}

Status BoundLinear(const LinearSpreadJob& job, Stream stream) {
  constexpr const char* kWhat = "bounding a linear layer";
  DLV_TRY(CheckWindow(kWhat, job.window));
  const auto positions = static_cast<std::uint64_t>(job.window.out_height) *
                         static_cast<std::uint64_t>(job.window.out_width);
  DLV_TRY(CheckWarps(kWhat, job.samples, positions / kWarpThreads + 1));
  if (job.samples == 0) return Ok();
  return FromCuda(LaunchBoundLinear(job, stream), kWhat);
}

}  // namespace dlv::kernels::cuda
