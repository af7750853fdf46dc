#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "dlv/quantize.h"

namespace dlv {
namespace {

struct SchemeName {
  std::string_view name;
  QuantizeScheme scheme;
  unsigned least_bits, most_bits;  ///< 0: it takes no number
};

// The first name of a scheme is the one that is written.
constexpr SchemeName kSchemes[] = {
    {"fp16", QuantizeScheme::kF16, 0, 0},       {"f16", QuantizeScheme::kF16, 0, 0},
    {"float16", QuantizeScheme::kF16, 0, 0},    {"half", QuantizeScheme::kF16, 0, 0},
    {"bf16", QuantizeScheme::kBF16, 0, 0},      {"bfloat16", QuantizeScheme::kBF16, 0, 0},
    {"fixed", QuantizeScheme::kFixed, 2, 24},   {"codebook", QuantizeScheme::kCodebook, 1, 8},
    {"uniform", QuantizeScheme::kUniform, 1, 8}};

Error Unknown(std::string_view text) {
  return Error{ErrorCode::kInvalidArgument,
               "scheme: got \"" + std::string(text) +
                   "\", want fp16, bf16, fixed:BITS, codebook:BITS or uniform:BITS",
               "as in fixed:8"};
}

}  // namespace

Result<Quantization> ParseQuantization(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const auto* found = std::find_if(std::begin(kSchemes), std::end(kSchemes),
                                   [&](const SchemeName& scheme) { return scheme.name == name; });
  if (found == std::end(kSchemes)) return Unknown(text);
  const bool takes_bits = found->least_bits != 0;
  if (!takes_bits && colon == std::string_view::npos) return Quantization{found->scheme, 16};
  if (takes_bits == (colon == std::string_view::npos)) return Unknown(text);
  const std::string_view digits = text.substr(colon + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const bool is_number = error == std::errc() && end == digits.data() + digits.size();
  if (!is_number || bits < found->least_bits || bits > found->most_bits) {
    return Error{ErrorCode::kInvalidArgument, "scheme " + std::string(name) + ": got \"" +
                                                  std::string(digits) + "\" bits, want " +
                                                  std::to_string(found->least_bits) + " to " +
                                                  std::to_string(found->most_bits)};
  }
  return Quantization{found->scheme, bits};
}

std::string ToText(const Quantization& quantization) {
  for (const SchemeName& scheme : kSchemes) {
    if (scheme.scheme != quantization.scheme) continue;
    std::string text(scheme.name);
    return scheme.least_bits == 0 ? text : text + ":" + std::to_string(quantization.bits);
  }
  return "unknown";
}

}  // namespace dlv
