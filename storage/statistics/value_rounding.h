#pragma once
/// \file
/// Rounding a tensor's values to fewer bits: the lossy schemes of dlv/quantize.h.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "dlv/dtype.h"
#include "dlv/quantize.h"
#include "dlv/result.h"
#include "storage/statistics/codebook.h"
#include "storage/statistics/value_survey.h"

namespace dlv::statistics {

/// Returns the type that tensors of `dtype` have afterwards; nothing where the scheme leaves them
/// as they are (no floating-point type, or one of no more bits).
std::optional<DType> TypeAfter(const Quantization& quantization, DType dtype);

/// Returns an empty survey that sees what the scheme has to know of a tensor of `dtype`.
ValueSurvey MakeSurvey(const Quantization& quantization);

/// The rounding of one tensor. Immutable.
class ValueRounding {
 public:
  /// `survey`: of all its values, none too large; none that is not finite, but for fp16 and bf16.
  ValueRounding(const Quantization& quantization, DType dtype, const ValueSurvey& survey);

  DType dtype_after() const { return after_; }
  /// A bound on the error of any value; nothing for codebooks.
  std::optional<double> bound() const { return bound_; }
  /// Writes the rounded values as elements of the type afterwards, and what each is now into
  /// `values`. Shapes: out.size() == values.size() * SizeOf(dtype_after()).
  void Apply(std::span<double> values, std::span<std::byte> out) const;

 private:
  struct Step {
    double size = 1;  ///< a power of two
  };
  void SetFixed(unsigned bits, const ValueSurvey& survey);
  void SetBook(std::vector<double> book);

  DType after_;
  std::optional<double> bound_;
  std::variant<std::monostate, Step, NearestValue> rule_;
};

}  // namespace dlv::statistics
