#pragma once
/// \file
/// How fast this machine decodes: what the storage planner's predictions of time are made of.

#include "dlv/result.h"

namespace dlv::archive {

/// On one core, in seconds for a byte of uncoded elements.
struct DecodeTiming {
  double base_f32 = 0;
  double base_bf16 = 0;
  double delta_f32 = 0;
  double delta_bf16 = 0;
  double other = 0;              ///< integers
  double seconds_per_chunk = 0;  ///< what a chunk costs besides
};

/// Codes a chunk of made-up weights of each kind and decodes it over and over for `milliseconds`
/// each; the fastest run counts, as what slows a run down is other work on the machine. Takes about
/// 8 times that. Errors: kInternal.
Result<DecodeTiming> MeasureDecoding(int milliseconds = 15);

}  // namespace dlv::archive
