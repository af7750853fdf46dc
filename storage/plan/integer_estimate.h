#pragma once
/// \file
/// What integers take in the archive, from sketches: the part of size_estimate.h for all types that
/// are not floating point.

#include "storage/plan/tensor_sketch.h"

namespace dlv::plan {

/// Returns the bits of an element coded without a base: values at their entropy where there are
/// few, else the bit lengths of their distances from the median and what is below the leading one.
double IntegerBaseBits(const TensorSketch& tensor);

/// Returns the bits of an element as a difference from `base`, which is comparable: of the whole
/// elements or of their bytes (docs/format/delta.md §11).
double IntegerDeltaBits(const TensorSketch& tensor, const TensorSketch& base);

}  // namespace dlv::plan
