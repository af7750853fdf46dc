#pragma once
/// \file
/// Kernels for NVIDIA devices: what the codec's chunks need to become numbers there. They know
/// pointers, sizes and a stream. Jobs, faults and results are in device memory; nothing is waited
/// for, and a fault of one job harms no other. What each computes is defined by storage/codec and
/// engine/bounds, bit for bit (docs/gpu.md).
///
/// Errors of all: kDevice (the launch; CUDA's words), kInvalidArgument (2^31 warps or more).

#include <cstddef>
#include <cstdint>

#include "dlv/result.h"
#include "engine/kernels/cuda/delta_jobs.h"
#include "engine/kernels/cuda/element_format.h"
#include "engine/kernels/cuda/gram_jobs.h"
#include "engine/kernels/cuda/jobs.h"
#include "engine/kernels/cuda/significance_jobs.h"
#include "engine/kernels/cuda/spread_jobs.h"
#include "engine/kernels/cuda/stream.h"

namespace dlv::kernels::cuda {

/// Decodes `count` jobs and writes a fault for each to `faults`. One warp a job, with two lanes of
/// the stream a thread: speed needs a thousand jobs or more.
Status DecodeSymbols(const SymbolJob* jobs, std::size_t count, SymbolFault* faults, Stream stream);

/// Fills kept_before of jobs with the zero rule and sets every fault (to kKept or kNone).
/// `jobs`, `faults`: device memory.
Status CountKept(const PlaneJob* jobs, std::size_t count, PlaneFault* faults, Stream stream);

/// Puts elements together. The symbols must be in the range that the format gives them
/// (DecodeSymbols sees to that). `largest`: the greatest `count` of the jobs. Reads nothing outside
/// of the planes whatever the symbols are. Nothing is waited for. Errors: kInvalidArgument (format,
/// output), kDevice (launch).
Status AssemblePlanes(const ElementFormat& format, PlaneOutput output, ZeroRule zero_rule,
                      const PlaneJob* jobs, std::size_t count, std::uint32_t largest,
                      Stream stream);

/// Fills kept_before and kept of jobs with the zero rule. One warp a job. Errors: kInvalidArgument
/// (format), kDevice (launch).
Status CountNonzero(const ElementFormat& format, const SplitJob* jobs, std::size_t count,
                    Stream stream);

/// Splits elements; jobs with the zero rule after CountNonzero. `faults` (device memory) must be
/// kNone before; becomes kExponent where an exponent has no symbol: it is neither 0 nor from
/// `first` on, or its symbol were above 255. Errors: kInvalidArgument (format), kDevice (launch).
Status SplitPlanes(const ElementFormat& format, ZeroRule zero_rule, const SplitJob* jobs,
                   std::size_t count, std::uint32_t largest, PlaneFault* faults, Stream stream);

/// Decodes the symbols of one level of each chunk and writes a fault for each job. One warp a job.
/// Jobs of other modes than kCoded have none: they are let through.
/// Errors: kInvalidArgument (no such type or level).
Status DecodeDeltaSymbols(DType dtype, unsigned level, const DeltaJob* jobs, std::size_t count,
                          DeltaFault* faults, Stream stream);

/// Turns predictions, symbols and fields of one level into values and states, after
/// DecodeDeltaSymbols of the same jobs and faults; jobs with a fault are left alone, and new faults
/// are added. Levels go in order. The checksum of a level is XXH3-64 of its values (HashArrays).
/// Errors: kInvalidArgument (no such type or level).
Status ApplyDelta(DType dtype, unsigned level, const DeltaJob* jobs, std::size_t count,
                  DeltaFault* faults, Stream stream);

/// Joins the values of levels 0 to `levels` - 1 to elements or centres; `largest`: the greatest
/// count of a job. Errors: kInvalidArgument (no such type, levels, or output).
Status JoinLevels(DType dtype, unsigned levels, PlaneOutput output, const JoinJob* jobs,
                  std::size_t count, std::uint32_t largest, Stream stream);

/// Puts elements together from levels by significance, and writes a fault for each job; what has
/// one is left alone. Three kernels in a row: symbols are counted, tile by tile; their bits found,
/// a warp a chunk; elements made, tile by tile. `largest`: the greatest count of a job. The
/// checksum of level 0 is XXH3-64 of the symbols XOR that of its bits, of another level that of its
/// bits (HashArrays). Errors: kInvalidArgument (format, output).
Status AssembleBySignificance(const ElementFormat& format, PlaneOutput output,
                              const SignificanceJob* jobs, std::size_t count, std::uint32_t largest,
                              SignificanceFault* faults, Stream stream);

/// Writes the XXH3-64 (seed 0) of each job to `hashes`, `count` numbers. One warp a job.
Status HashArrays(const HashJob* jobs, std::size_t count, std::uint64_t* hashes, Stream stream);

/// Writes sums[j] = sum of squares of job j, in double, for `count` jobs. `jobs` and `sums` are of
/// the device; `parts` is device memory for count * SquaresParts(largest) doubles that does not
/// overlap anything else, `largest` the greatest `count` of a job.
///
/// The order of the sums depends on sizes alone, so the result is the same from run to run. Each
/// square and each sum is rounded to nearest, so the result is that of a tree of at most
/// jobs.count + 1 roundings from a number to the end, and engine/bounds/rounding.h's
/// Above(sum, count + 1) is not below the true sum (docs/progressive.md, "Sums and products"). NaN
/// and infinities stay.
Status SumSquares(const SquaresJob* jobs, std::size_t count, std::uint64_t largest, double* parts,
                  double* sums, Stream stream);

/// Gram iteration of values - centres (docs/progressive.md, "Spectral norm"): the product with its
/// transpose, squared `rounds` times. `matrix` is read here, what it points to, `scratch`
/// (GramScratch doubles) and `record` are of the device; where they overlap nothing is defined.
/// What bounds the norm of the matrix, NormOfGramAbove of engine/bounds/gram.h makes of the record
/// on the host. The order of all sums depends on sizes alone: the same record from run to run.
/// Time: n^2 k / 2 + rounds n^3 / 2 fused operations in double, n the smaller side.
/// A matrix without elements leaves the record alone. Errors: kInvalidArgument (a type other than
/// f32 and f64, more than kGramRounds rounds, a smaller side above kGramSide, elements above 2^40).
Status GramIteration(DType dtype, const GramMatrix& matrix, std::uint32_t rounds, double* scratch,
                     GramRecord* record, Stream stream);

/// Adds the bias to the products of a linear layer, applies Relu where that is wanted, and gives
/// the norms over the channels at each position, all in one pass; without bias and Relu the norms
/// alone (PositionNorms of engine/progressive/layer.h, the same bits). `job` is read here. Errors:
/// kInvalidArgument (a type other than f32 and f64; too many positions).
Status FinishLayer(DType dtype, const EpilogueJob& job, Stream stream);

/// Bounds how far the true outputs of a linear layer may be from those computed: box filters of the
/// norms of what it read, then the rule of docs/progressive.md for each position and for all
/// (LinearLayer::Bound of engine/progressive without a sketch, the same bits). `job` is read here.
/// Errors: kInvalidArgument (a window without size or strides, too many positions, or taps too far
/// away).
Status BoundLinear(const LinearSpreadJob& job, Stream stream);

/// Status of a call of CUDA: kDevice with its words, unless `code` (a cudaError_t) is success.
Status FromCuda(int code, const char* what);

}  // namespace dlv::kernels::cuda
