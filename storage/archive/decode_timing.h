#pragma once
/// \file
/// How fast this machine decodes: what the storage planner's predictions of time are made of.

#include "dlv/progress.h"
#include "dlv/result.h"

namespace dlv::archive {

/// What a core takes while all of them decode, in seconds for a byte of uncoded elements.
struct DecodeTiming {
  double base_f32 = 0;
  double base_bf16 = 0;
  double delta_f32 = 0;
  double delta_bf16 = 0;
  double other = 0;              ///< integers
  double near_delta_f32 = 0;     ///< against a base at a relative distance of 0.0003,
  double nearest_delta_f32 = 0;  ///< and of 0.000003
  double near_delta_bf16 = 0;    ///< of 0.001
  double delta_other = 0;        ///< integers of 8 bits, against a base at a distance of 0.05
  double fetch = 0;              ///< a coded byte, before it is decoded: copied and checked
  double seconds_per_chunk = 0;  ///< what a chunk costs besides
  /// How many times as long as the usual form the slower ones take, at least 1: cold ones (of
  /// deltas at a distance of 0.0003 and 0.01), and deltas from two bases (0.0003 and 0.003). Both
  /// are decoded by turns, and the median of the quotients counts.
  double cold_base_f32 = 1, cold_base_bf16 = 1;
  double cold_delta_f32 = 1, cold_delta_bf16 = 1;
  double two_bases_f32 = 1, two_bases_bf16 = 1;
};

/// Codes some chunks of made-up weights of each kind and decodes them over and over for
/// `milliseconds` each, on all threads of `operation` at once, as a load does: coded bytes are
/// copied from a file's memory first, and what has no base goes to fresh memory, as the tensors
/// that are loaded do (of a chain, that is one of them). The median of the passes
/// counts, in processor time, so that other work on the machine does not. Takes
/// about 23 times that and the coding.  Errors: kInternal, kCancelled.
Result<DecodeTiming> MeasureDecoding(int milliseconds = 15, const Operation& operation = {});

}  // namespace dlv::archive
