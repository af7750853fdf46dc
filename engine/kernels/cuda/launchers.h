#pragma once
/// \file
/// The kernels' launches, compiled by CUDA's compiler: C++17, and CUDA's error codes (0: success).
/// kernels.h is what others call; it has checked sizes and formats before.

#include <cstddef>
#include <cstdint>

#include "engine/kernels/cuda/delta_jobs.h"
#include "engine/kernels/cuda/element_format.h"
#include "engine/kernels/cuda/gram_jobs.h"
#include "engine/kernels/cuda/jobs.h"
#include "engine/kernels/cuda/significance_jobs.h"
#include "engine/kernels/cuda/spread_jobs.h"
#include "engine/kernels/cuda/stream.h"

namespace dlv::kernels::cuda {

int LaunchSymbols(const SymbolJob* jobs, std::size_t count, SymbolFault* faults, Stream stream);
int LaunchCountKept(const PlaneJob* jobs, std::size_t count, PlaneFault* faults, Stream stream);
int LaunchAssembly(const ElementFormat& format, PlaneOutput output, ZeroRule zero_rule,
                   const PlaneJob* jobs, std::size_t count, std::uint32_t tiles, Stream stream);
int LaunchCountNonzero(const ElementFormat& format, const SplitJob* jobs, std::size_t count,
                       Stream stream);
int LaunchSplit(const ElementFormat& format, ZeroRule zero_rule, const SplitJob* jobs,
                std::size_t count, std::uint32_t tiles, PlaneFault* faults, Stream stream);
int LaunchHashes(const HashJob* jobs, std::size_t count, std::uint64_t* hashes, Stream stream);
int LaunchSquares(const SquaresJob* jobs, std::size_t count, std::uint64_t stride, double* parts,
                  double* sums, Stream stream);
int LaunchDeltaSymbols(const DeltaFormat& format, unsigned level, const DeltaJob* jobs,
                       std::size_t count, DeltaFault* faults, Stream stream);
int LaunchApplyDelta(const DeltaFormat& format, unsigned level, const DeltaJob* jobs,
                     std::size_t count, DeltaFault* faults, Stream stream);
int LaunchBySignificance(const ElementFormat& format, PlaneOutput output,
                         const SignificanceJob* jobs, std::size_t count, std::uint32_t tiles,
                         SignificanceFault* faults, Stream stream);
int LaunchJoin(const ElementFormat& element, const DeltaFormat& format, unsigned levels,
               PlaneOutput output, const JoinJob* jobs, std::size_t count, std::uint32_t tiles,
               Stream stream);
int LaunchGram(bool wide_numbers, const GramMatrix& matrix, std::uint32_t rounds, double* scratch,
               GramRecord* record, Stream stream);
int LaunchFinishLayer(bool wide_numbers, const EpilogueJob& job, Stream stream);
int LaunchBoundLinear(const LinearSpreadJob& job, Stream stream);

}  // namespace dlv::kernels::cuda
