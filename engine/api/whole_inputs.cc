#include "engine/api/whole_inputs.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "engine/kernels/convert.h"

namespace dlv::api {
namespace {

bool IsSigned(DType dtype) {
  return dtype == DType::kI8 || dtype == DType::kI16 || dtype == DType::kI32 ||
         dtype == DType::kI64;
}

bool Holds(DType dtype, double value) {
  if (dtype == DType::kBool) return value == 0 || value == 1;
  const auto bits = static_cast<int>(8 * SizeOf(dtype)) - (IsSigned(dtype) ? 1 : 0);
  const double end = std::ldexp(1.0, std::min(bits, 53));
  return value == std::floor(value) && value < end && value >= (IsSigned(dtype) ? -end : 0);
}

std::string NumberText(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.9g", value);
  return text;
}

}  // namespace

Status PutNumbers(std::span<const double> numbers, DType dtype, std::byte* out) {
  if (!IsFloat(dtype)) {
    const auto odd =
        std::ranges::find_if_not(numbers, [dtype](double one) { return Holds(dtype, one); });
    if (odd != numbers.end()) {
      return Error{ErrorCode::kInvalidArgument,
                   NumberText(*odd) + " at " + std::to_string(odd - numbers.begin()) +
                       (dtype == DType::kBool ? ", want 0 or 1, " : ", want whole numbers, ") +
                       std::string(NameOf(dtype))};
    }
  }
  kernels::ConvertElements(DType::kF64, reinterpret_cast<const std::byte*>(numbers.data()), dtype,
                           out, numbers.size());
  return Ok();
}

Result<kernels::Value> WholesFrom(std::span<const float> numbers, DType dtype,
                                  const kernels::Shape& shape, kernels::Memory& memory) {
  if (!kernels::CanConvert(dtype)) {
    return Error{ErrorCode::kUnsupported,
                 "an input of elements of type " + std::string(NameOf(dtype))};
  }
  DLV_ASSIGN(kernels::Value value, memory.Make(dtype, shape));
  const std::vector<double> doubles(numbers.begin(), numbers.end());
  DLV_TRY(PutNumbers(doubles, dtype, value.data()));
  return value;
}

}  // namespace dlv::api
