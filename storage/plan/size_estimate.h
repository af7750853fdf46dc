#pragma once
/// \file
/// What a tensor would take in the archive, from sketches alone: good enough to see which bases are
/// worth coding against. Sizes that decide are coded.

#include "storage/plan/tensor_sketch.h"

namespace dlv::plan {

/// Returns the bytes of a tensor coded without a base: exponents at their entropy, the rest as it
/// is (STORAGE: docs/format/codec.md, the float mode); integers as integer_estimate.h says.
double EstimateBaseBytes(const TensorSketch& tensor);

/// Returns the bytes of `tensor` coded against `base`, which is comparable: bit lengths of the
/// differences at their entropy given the scale of the neighbourhood and the exponent of the base,
/// then signs and lower bits as they are (docs/format/delta.md). Where the values shrank or grew by
/// a common factor, as by weight decay, the base is multiplied by it first. Like the codec it falls
/// back to no base, so it is never more than EstimateBaseBytes.
double EstimateDeltaBytes(const TensorSketch& tensor, const TensorSketch& base);

}  // namespace dlv::plan
