// A factor and a summand a channel: ONNX BatchNormalization (operator versions 7 to 15), Add, Sub,
// Mul and Div (7 to 14); the layers BatchNorm, Scale and Bias of Caffe. Sums, differences and
// products of values.

#include <cmath>

#include "engine/bounds/rounding.h"
#include "engine/network/attributes.h"
#include "engine/progressive/curve_layer.h"
#include "engine/progressive/graph_builder.h"
#include "engine/progressive/product_layer.h"
#include "engine/progressive/shape_layers.h"

namespace dlv::progressive {
namespace {

using bounds::Above;
using bounds::kUnit;

/// y = (x - mean) / sqrt(variance + epsilon) * scale + shift; all numbers exact.
Affine Normalising(const std::vector<double>& scale, const std::vector<double>& shift,
                   const std::vector<double>& mean, const std::vector<double>& variance,
                   double epsilon) {
  Affine affine = Affine::Identity(static_cast<std::int64_t>(scale.size()));
  for (std::size_t c = 0; c < scale.size(); ++c) {
    // Three roundings: of the sum, which the root halves, of the root, of the quotient.
    const double factor = scale[c] / std::sqrt(variance[c] + epsilon);
    affine.factor[c] = factor;
    affine.factor_error[c] = scale[c] == 0 && factor == 0 ? 0 : Above(4 * kUnit * std::abs(factor));
    const double moved = mean[c] * factor;
    affine.summand[c] = shift[c] - moved;
    affine.summand_error[c] =
        Above(6 * kUnit * std::abs(moved) + kUnit * std::abs(affine.summand[c]) +
                  4 * std::numeric_limits<double>::denorm_min(),
              4);
  }
  return affine;
}

Outcome BatchNormalization(GraphBuilder& builder, const NetworkNode& node) {
  if (node.operands.size() < 5) return NoRule{"has not five operands"};
  const auto value = builder.ValueOf(node.operands[0]);
  if (!value) return NoRule{"its input is not a value"};
  if (network::IntegerAttribute(node, "training_mode", 0) != 0) return NoRule{"in training mode"};
  std::vector<std::vector<double>> numbers;
  for (std::size_t i = 1; i < 5; ++i) {
    auto whole = builder.WholeOf(node.operands[i]);
    if (!whole.ok()) return whole.error();
    if (!*whole || (*whole)->size() != static_cast<std::size_t>(builder.ExtentOf(*value).channels))
      return NoRule{"its parameters are computed"};
    numbers.push_back(std::move(**whole));
  }
  const double epsilon = network::RealAttribute(node, "epsilon", 1e-5f);
  builder.AddAffine(*value, Normalising(numbers[0], numbers[1], numbers[2], numbers[3], epsilon));
  return {};
}

}  // namespace

std::optional<std::vector<double>> ByChannel(const std::vector<double>& numbers,
                                             kernels::Shape shape, std::size_t rank,
                                             std::int64_t channels) {
  if (shape.size() > rank) return std::nullopt;
  shape.insert(shape.begin(), rank - shape.size(), 1);
  for (std::size_t axis = 0; axis < rank; ++axis) {
    if (shape[axis] != 1 && (axis != 1 || shape[axis] != channels)) return std::nullopt;
  }
  if (numbers.size() == 1) return std::vector(static_cast<std::size_t>(channels), numbers[0]);
  return numbers;
}

namespace {

enum class Kind { kAdd, kSubtract, kMultiply, kDivide };

Affine AffineOf(Kind kind, const std::vector<double>& numbers, bool value_first) {
  Affine affine = Affine::Identity(static_cast<std::int64_t>(numbers.size()));
  for (std::size_t c = 0; c < numbers.size(); ++c) {
    switch (kind) {
      case Kind::kAdd:
        affine.summand[c] = numbers[c];
        break;
      case Kind::kSubtract:
        affine.summand[c] = value_first ? -numbers[c] : numbers[c];
        if (!value_first) affine.factor[c] = -1;
        break;
      case Kind::kMultiply:
        affine.factor[c] = numbers[c];
        break;
      case Kind::kDivide:
        affine.factor[c] = 1 / numbers[c];
        affine.factor_error[c] = Above(2 * kUnit * std::abs(affine.factor[c]));
        break;
    }
  }
  return affine;
}

template <class Kind>
const Kind* MakerOf(GraphBuilder& builder, std::uint32_t value) {
  return value == 0 ? nullptr : dynamic_cast<const Kind*>(builder.graph().layers[value - 1].get());
}

/// The factor of all channels of a layer that adds `summand`; nothing where they differ, or where
/// it is off by more than 4 u.
std::optional<double> FactorOf(const AffineLayer* layer, double summand) {
  if (layer == nullptr) return std::nullopt;
  const Affine& affine = layer->affine();
  const double factor = affine.factor[0];
  for (std::size_t c = 0; c < affine.factor.size(); ++c) {
    if (affine.factor[c] != factor || affine.summand[c] != summand ||
        affine.summand_error[c] != 0 || !(affine.factor_error[c] <= 4 * kUnit * std::abs(factor)))
      return std::nullopt;
  }
  return factor;
}

/// x (1 + erf(k x)), where `function` is 1 + erf(k x).
std::optional<Curve> TimesError(GraphBuilder& builder, std::uint32_t x, std::uint32_t function) {
  const auto* const outer = MakerOf<AffineLayer>(builder, function);
  if (outer == nullptr || FactorOf(outer, 1) != 1) return std::nullopt;
  const auto* const error = MakerOf<CurveLayer>(builder, outer->reads()[0]);
  const bool is_error =
      error != nullptr && error->only() != nullptr && error->only()->is_error_function();
  if (!is_error || outer->affine().factor_error[0] != 0) return std::nullopt;
  const auto* const inner = MakerOf<AffineLayer>(builder, error->reads()[0]);
  const auto rate = FactorOf(inner, 0);
  return rate && inner->reads()[0] == x ? Curve::ErfGate(*rate, 1) : std::nullopt;
}

/// x times a function of x that nobody else reads, as one function: SiLU, Gelu and hard swish as
/// they are often written. Returns whether it was one.
bool AddTimesX(GraphBuilder& builder, std::uint32_t x, std::uint32_t function) {
  std::size_t layers = 1;
  std::optional<Curve> curve;
  const auto* const layer = MakerOf<CurveLayer>(builder, function);
  if (layer != nullptr && layer->only() != nullptr && layer->reads()[0] == x)
    curve = layer->only()->TimesX();
  if (!curve) {
    curve = TimesError(builder, x, function);
    layers = 3;
  }
  if (!curve) return false;
  for (std::size_t i = 0; i < layers; ++i)
    builder.TakeBack(function - static_cast<std::uint32_t>(i));
  builder.Add(std::make_unique<CurveLayer>(builder.name(), x, builder.ExtentOf(x),
                                           std::vector{std::move(*curve)}));
  return true;
}

Outcome AddProduct(GraphBuilder& builder, const NetworkNode& node, std::uint32_t first,
                   std::uint32_t second) {
  if (AddTimesX(builder, first, second) || AddTimesX(builder, second, first)) return {};
  if (builder.RankOf(node.operands[0]) != builder.RankOf(node.operands[1]))
    return NoRule{"multiplies values of different axes"};
  if (builder.ExtentOf(first).positions() < builder.ExtentOf(second).positions())
    std::swap(first, second);
  const Extent extent = builder.ExtentOf(first), gate = builder.ExtentOf(second);
  if (gate != extent && gate != Extent{extent.channels, 1, 1})
    return NoRule{"multiplies values of sizes that do not fit"};
  builder.Add(
      std::make_unique<ProductLayer>(builder.name(), first, second, extent, gate != extent));
  return {};
}

template <Kind kind>
Outcome OfValues(GraphBuilder& builder, const NetworkNode& node, std::uint32_t first,
                 std::uint32_t second) {
  if (kind == Kind::kMultiply) return AddProduct(builder, node, first, second);
  if (kind == Kind::kDivide) return NoRule{"divides by what depends on the input"};
  if (!(builder.ExtentOf(first) == builder.ExtentOf(second)))
    return NoRule{"adds values of different sizes"};
  builder.Add(std::make_unique<SumLayer>(builder.name(), std::vector{first, second},
                                         builder.ExtentOf(first), kind == Kind::kSubtract));
  return {};
}

template <Kind kind>
Outcome Binary(GraphBuilder& builder, const NetworkNode& node) {
  if (node.operands.size() != 2) return NoRule{"has not two operands"};
  const auto first = builder.ValueOf(node.operands[0]), second = builder.ValueOf(node.operands[1]);
  if (first && second) return OfValues<kind>(builder, node, *first, *second);
  if ((!first && !second) || (kind == Kind::kDivide && !first))
    return NoRule{"its operands do not fit a rule"};
  const std::size_t at = first ? 0 : 1;
  const std::uint32_t value = first ? *first : *second;
  const NetworkOperand& weights = node.operands[1 - at];
  const auto view = builder.ViewOf(weights);
  if (!view) return NoRule{"its weights are computed"};
  auto whole = builder.WholeOf(weights);
  if (!whole.ok()) return whole.error();
  if (!*whole) return NoRule{"its weights are not real numbers"};
  const auto numbers = ByChannel(**whole, view->shape, builder.RankOf(node.operands[at]),
                                 builder.ExtentOf(value).channels);
  if (!numbers) return NoRule{"its weights are not one number a channel"};
  builder.AddAffine(value, AffineOf(kind, *numbers, first.has_value()));
  return {};
}

Outcome Sum(GraphBuilder& builder, const NetworkNode& node) {
  std::vector<std::uint32_t> values;
  for (const NetworkOperand& operand : node.operands) {
    const auto value = builder.ValueOf(operand);
    if (!value ||
        !(builder.ExtentOf(*value) == builder.ExtentOf(values.empty() ? *value : values[0])))
      return NoRule{"adds weights, or values of different sizes"};
    values.push_back(*value);
  }
  if (values.empty()) return NoRule{"adds nothing"};
  const Extent extent = builder.ExtentOf(values[0]);
  builder.Add(std::make_unique<SumLayer>(builder.name(), std::move(values), extent));
  return {};
}

/// Caffe: mean and variance are sums that operand 3 is the count of.
Outcome CaffeBatchNorm(GraphBuilder& builder, const NetworkNode& node) {
  if (node.operands.size() != 4) return NoRule{"has not four operands"};
  const auto value = builder.ValueOf(node.operands[0]);
  if (!value) return NoRule{"its input is not a value"};
  std::vector<std::vector<double>> numbers;
  for (std::size_t i = 1; i < 4; ++i) {
    auto whole = builder.WholeOf(node.operands[i]);
    if (!whole.ok()) return whole.error();
    if (!*whole) return NoRule{"its parameters are computed"};
    numbers.push_back(std::move(**whole));
  }
  const auto channels = static_cast<std::size_t>(builder.ExtentOf(*value).channels);
  if (numbers[0].size() != channels || numbers[1].size() != channels || numbers[2].size() != 1)
    return NoRule{"its parameters do not fit"};
  const double count = numbers[2][0];
  // Sums are brought to the common count: (x - m / f) / sqrt(v / f + eps) with m, v, f exact. Two
  // more roundings of mean and variance.
  const double share = count == 0 ? 0 : 1 / count;
  std::vector<double> mean(channels), variance(channels);
  for (std::size_t c = 0; c < channels; ++c) {
    mean[c] = numbers[0][c] * share;
    variance[c] = numbers[1][c] * share;
  }
  Affine affine = Normalising(std::vector(channels, 1.0), std::vector(channels, 0.0), mean,
                              variance, network::RealAttribute(node, "eps", 1e-5f));
  for (std::size_t c = 0; c < channels; ++c) {
    affine.factor_error[c] = Above(8 * kUnit * std::abs(affine.factor[c]));
    affine.summand_error[c] =
        Above(affine.summand_error[c] + 8 * kUnit * std::abs(affine.summand[c]), 3);
  }
  builder.AddAffine(*value, std::move(affine));
  return {};
}

template <bool Multiplies>
Outcome CaffeScale(GraphBuilder& builder, const NetworkNode& node) {
  if (node.operands.size() < 2) return NoRule{"has no factor"};
  const auto value = builder.ValueOf(node.operands[0]);
  if (!value || network::IntegerAttribute(node, "axis", 1) != 1)
    return NoRule{"its factor is not one a channel"};
  const std::int64_t channels = builder.ExtentOf(*value).channels;
  Affine affine = Affine::Identity(channels);
  for (std::size_t i = 1; i < 3 && !builder.IsAbsent(node, i); ++i) {
    auto whole = builder.WholeOf(node.operands[i]);
    if (!whole.ok()) return whole.error();
    if (!*whole || (*whole)->size() != static_cast<std::size_t>(channels))
      return NoRule{"its factor is not one a channel"};
    (Multiplies && i == 1 ? affine.factor : affine.summand) = std::move(**whole);
  }
  builder.AddAffine(*value, std::move(affine));
  return {};
}

constexpr RuleRow kAffineRules[] = {
    {"", "BatchNormalization", BatchNormalization},
    {"", "Add", Binary<Kind::kAdd>},
    {"", "Sub", Binary<Kind::kSubtract>},
    {"", "Mul", Binary<Kind::kMultiply>},
    {"", "Div", Binary<Kind::kDivide>},
    {"", "Sum", Sum},
    {"caffe", "BatchNorm", CaffeBatchNorm},
    {"caffe", "Scale", CaffeScale<true>},
    {"caffe", "Bias", CaffeScale<false>},
};

}  // namespace

std::span<const RuleRow> AffineRules() { return kAffineRules; }

}  // namespace dlv::progressive
