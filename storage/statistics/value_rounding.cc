#include "storage/statistics/value_rounding.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "storage/statistics/narrow.h"
#include "storage/statistics/widen.h"

namespace dlv::statistics {
namespace {

/// What rounding to a type is bounded by.
struct TypeFacts {
  int mantissa_bits = 23;            ///< below the leading one
  int least_exponent = -126;         ///< of a normal number
  double overflow = 0x1.ffffffp127;  ///< from here on values become infinite
};

TypeFacts FactsOf(DType dtype) {
  switch (dtype) {
    case DType::kF64:
      return {52, -1022, std::numeric_limits<double>::infinity()};
    case DType::kF16:
      return {10, -14, 65520};
    case DType::kBF16:
      return {7, -126, 0x1.ffp127};
    default:
      return {};
  }
}

/// Half the distance between neighbours of that type around a value of that magnitude.
double HalfUnit(DType dtype, double magnitude) {
  const TypeFacts facts = FactsOf(dtype);
  const int exponent = magnitude > 0 ? std::ilogb(magnitude) : facts.least_exponent;
  return std::ldexp(1, std::max(exponent, facts.least_exponent) - facts.mantissa_bits - 1);
}

DType WantedType(QuantizeScheme scheme) {
  return scheme == QuantizeScheme::kF16 ? DType::kF16 : DType::kBF16;
}

bool IsType(QuantizeScheme scheme) {
  return scheme == QuantizeScheme::kF16 || scheme == QuantizeScheme::kBF16;
}

}  // namespace

std::optional<DType> TypeAfter(const Quantization& quantization, DType dtype) {
  if (!IsFloat(dtype) || SizeOf(dtype) < 2) return std::nullopt;
  if (IsType(quantization.scheme)) {
    if (SizeOf(dtype) <= 2) return std::nullopt;
    return WantedType(quantization.scheme);
  }
  // A sign and so many bits of magnitude: no fewer than the type has.
  const bool is_finer = quantization.scheme == QuantizeScheme::kFixed &&
                        static_cast<int>(quantization.bits) > FactsOf(dtype).mantissa_bits + 2;
  if (is_finer) return std::nullopt;
  return dtype;
}

ValueSurvey MakeSurvey(const Quantization& quantization) {
  if (IsType(quantization.scheme)) {
    return ValueSurvey(FactsOf(WantedType(quantization.scheme)).overflow);
  }
  return ValueSurvey(std::numeric_limits<double>::infinity(),
                     quantization.scheme == QuantizeScheme::kCodebook);
}

ValueRounding::ValueRounding(const Quantization& quantization, DType dtype,
                             const ValueSurvey& survey)
    : after_(TypeAfter(quantization, dtype).value_or(dtype)) {
  const std::size_t size = std::size_t{1} << std::min(quantization.bits, 16U);
  switch (quantization.scheme) {
    case QuantizeScheme::kFixed:
      SetFixed(quantization.bits, survey);
      break;
    case QuantizeScheme::kCodebook:
      SetBook(MakeCodebook(survey.Bins(), size));
      break;
    case QuantizeScheme::kUniform: {
      const double distance = survey.max() / static_cast<double>(size - 1) -
                              survey.min() / static_cast<double>(size - 1);
      SetBook(MakeUniformBook(survey.min(), survey.max(), size));
      bound_ = distance / 2 + 4 * HalfUnit(after_, survey.max_magnitude());
      break;
    }
    default:
      bound_ = HalfUnit(after_, survey.max_magnitude());
  }
}

/// The least power of two as step with which the largest value stays below 2^(bits - 1) steps.
/// Whatever the type cannot hold is no step: all of its values are multiples of the least one.
void ValueRounding::SetFixed(unsigned bits, const ValueSurvey& survey) {
  const double largest = survey.max_magnitude();
  const auto limit = std::ldexp(1, static_cast<int>(bits) - 1) - 1;
  const TypeFacts facts = FactsOf(after_);
  int exponent = facts.least_exponent - facts.mantissa_bits;
  if (largest > 0) {
    exponent = std::max(exponent, std::ilogb(largest) + 2 - static_cast<int>(bits));
    while (std::nearbyint(std::ldexp(largest, -exponent)) > limit) ++exponent;
  }
  rule_ = Step{std::ldexp(1, exponent)};
  bound_ = std::ldexp(1, exponent - 1);
}

void ValueRounding::SetBook(std::vector<double> book) {
  // As the type has them, so that the nearest of the values stored is found.
  std::vector<std::byte> bytes(book.size() * SizeOf(after_));
  NarrowReport report;
  Narrow(after_, book, bytes, report);
  Widen(after_, bytes, book);
  std::sort(book.begin(), book.end());
  book.erase(std::unique(book.begin(), book.end()), book.end());
  if (book.empty()) book.push_back(0);
  rule_ = NearestValue(std::move(book));
}

void ValueRounding::Apply(std::span<double> values, std::span<std::byte> out) const {
  if (const auto* step = std::get_if<Step>(&rule_)) {
    for (double& value : values) {
      value = std::nearbyint(value / step->size) * step->size + 0.0;  // no -0
    }
  } else if (const auto* nearest = std::get_if<NearestValue>(&rule_)) {
    for (double& value : values) value = (*nearest)(value);
  }
  NarrowReport report;
  Narrow(after_, values, out, report);
  Widen(after_, out, values);
}

}  // namespace dlv::statistics
