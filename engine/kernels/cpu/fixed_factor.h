#pragma once
/// \file
/// Products with a second factor that is the same in every run: Gemm and MatMul as layers have
/// them.

#include "engine/kernels/cpu/onednn.h"

namespace dlv::kernels {

/// y [rows, columns] = x [rows, depth] B + bias, B and bias the same in every run; x is the call's
/// first input, B the second. Where x is folded, the rows of B are brought into the order that the
/// elements of x stand in.
struct FactorProduct {
  std::int64_t rows = 0, columns = 0, depth = 0;
  bool turned = false;          ///< B is stored [columns, depth]
  const Value* bias = nullptr;  ///< of the node, one number a column
  Shape out;
  memory::desc image;  ///< of a row of x, where x is folded (ImageOf)
};

/// Brings x into C order where B is not for it as it is. Errors: as Memory::Make.
Status UnfoldBesideLarge(Call& call);

/// Returns whether it was done, with as many of the followers as can be taken along; it is not
/// where oneDNN has no code for it or B cannot be packed. Errors: as Memory::Make.
Result<bool> RunFactorProduct(Call& call, const FactorProduct& product);

}  // namespace dlv::kernels
