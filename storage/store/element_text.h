#pragma once
/// \file
/// Elements of tensors as text.

#include <cstddef>
#include <span>
#include <string>

#include "dlv/dtype.h"

namespace dlv::store {

/// Returns the element (SizeOf(dtype) bytes) as the shortest decimal that gives its value back as
/// f32 (f16, bf16 and f8 too) or f64; integers as they are, "true"/"false", "1+2j", "nan", "-inf";
/// opaque bytes as two hexadecimal digits.
std::string ElementText(DType dtype, std::span<const std::byte> element);

}  // namespace dlv::store
