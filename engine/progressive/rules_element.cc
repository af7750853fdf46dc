// Functions of each element: ONNX Relu (operator versions 6 to 14), LeakyRelu (6, 16), Clip (6 to
// 13), Abs, Neg, Tanh, Sigmoid (6, 13), Elu, Selu (6), Celu (12), HardSigmoid (6), HardSwish (14),
// Softplus, Softsign (1), PRelu (7 to 16), Erf (9), Gelu (20).

#include <limits>

#include "engine/network/attributes.h"
#include "engine/progressive/curve_layer.h"
#include "engine/progressive/graph_builder.h"
#include "engine/progressive/kink_layer.h"

namespace dlv::progressive {
namespace {

Outcome AddKinks(GraphBuilder& builder, const NetworkNode& node, Kinks kinks) {
  const auto value = node.operands.empty() ? std::nullopt : builder.ValueOf(node.operands[0]);
  if (!value) return NoRule{"its input is not a value"};
  builder.Add(std::make_unique<KinkLayer>(builder.name(), *value, builder.ExtentOf(*value),
                                          std::move(kinks)));
  return {};
}

Outcome Relu(GraphBuilder& builder, const NetworkNode& node) {
  return AddKinks(builder, node, Kinks::Relu());
}

Outcome LeakyRelu(GraphBuilder& builder, const NetworkNode& node) {
  return AddKinks(builder, node, Kinks::LeakyRelu(network::RealAttribute(node, "alpha", 0.01f)));
}

Outcome Clip(GraphBuilder& builder, const NetworkNode& node) {
  double ends[2] = {network::RealAttribute(node, "min", -std::numeric_limits<float>::max()),
                    network::RealAttribute(node, "max", std::numeric_limits<float>::max())};
  for (std::size_t i = 0; i < 2; ++i) {
    if (builder.IsAbsent(node, i + 1)) continue;
    auto numbers = builder.WholeOf(node.operands[i + 1]);
    if (!numbers.ok()) return numbers.error();
    if (!*numbers || (*numbers)->size() != 1) return NoRule{"its ends are computed"};
    ends[i] = (**numbers)[0];
  }
  if (!(ends[0] < ends[1])) return NoRule{"its ends do not ascend"};
  return AddKinks(builder, node, Kinks::Clip(ends[0], ends[1]));
}

Outcome Absolute(GraphBuilder& builder, const NetworkNode& node) {
  return AddKinks(builder, node, Kinks::LeakyRelu(-1));
}

Outcome Negative(GraphBuilder& builder, const NetworkNode& node) {
  const auto value = node.operands.empty() ? std::nullopt : builder.ValueOf(node.operands[0]);
  if (!value) return NoRule{"its input is not a value"};
  Affine affine = Affine::Identity(builder.ExtentOf(*value).channels);
  for (double& factor : affine.factor) factor = -1;
  builder.AddAffine(*value, std::move(affine));
  return {};
}

Outcome AddCurve(GraphBuilder& builder, const NetworkNode& node, std::optional<Curve> curve) {
  const auto value = node.operands.empty() ? std::nullopt : builder.ValueOf(node.operands[0]);
  if (!value) return NoRule{"its input is not a value"};
  if (!curve) return NoRule{"its attributes are out of range"};
  builder.Add(std::make_unique<CurveLayer>(builder.name(), *value, builder.ExtentOf(*value),
                                           std::vector{std::move(*curve)}));
  return {};
}

template <Curve (*Make)()>
Outcome Plain(GraphBuilder& builder, const NetworkNode& node) {
  return AddCurve(builder, node, Make());
}

Outcome Elu(GraphBuilder& builder, const NetworkNode& node) {
  return AddCurve(builder, node, Curve::Elu(network::RealAttribute(node, "alpha", 1)));
}

Outcome Celu(GraphBuilder& builder, const NetworkNode& node) {
  return AddCurve(builder, node, Curve::Celu(network::RealAttribute(node, "alpha", 1)));
}

Outcome Selu(GraphBuilder& builder, const NetworkNode& node) {
  constexpr double kAlpha = 1.67326319217681884765625, kGamma = 1.05070102214813232421875;
  return AddCurve(builder, node,
                  Curve::Selu(network::RealAttribute(node, "alpha", kAlpha),
                              network::RealAttribute(node, "gamma", kGamma)));
}

Outcome HardSigmoid(GraphBuilder& builder, const NetworkNode& node) {
  return AddCurve(builder, node,
                  Curve::HardSigmoid(network::RealAttribute(node, "alpha", 0.2f),
                                     network::RealAttribute(node, "beta", 0.5)));
}

Outcome HardSwish(GraphBuilder& builder, const NetworkNode& node) {
  return AddCurve(builder, node, Curve::HardSwish(1.0 / 6, 0.5));
}

Outcome Gelu(GraphBuilder& builder, const NetworkNode& node) {
  if (network::TextAttribute(node, "approximate", "none") != "none")
    return NoRule{"its approximation by tanh has none"};
  return AddCurve(builder, node, Curve::Gelu());
}

/// Slopes one a channel may be written [C], whatever axes there are behind.
Outcome PRelu(GraphBuilder& builder, const NetworkNode& node) {
  const auto value = node.operands.size() != 2 ? std::nullopt : builder.ValueOf(node.operands[0]);
  if (!value) return NoRule{"its input is not a value"};
  auto view = builder.ViewOf(node.operands[1]);
  if (!view) return NoRule{"its slopes are computed"};
  auto whole = builder.WholeOf(node.operands[1]);
  if (!whole.ok()) return whole.error();
  const Extent extent = builder.ExtentOf(*value);
  const std::size_t rank = builder.RankOf(node.operands[0]);
  if (view->shape == kernels::Shape{extent.channels}) view->shape.resize(rank - 1, 1);
  const auto slopes =
      *whole ? ByChannel(**whole, view->shape, rank, extent.channels) : std::nullopt;
  if (!slopes) return NoRule{"its slopes are not one number a channel"};
  std::vector<Curve> curves;
  for (const double slope : *slopes) {
    auto curve = Curve::PRelu(slope);
    if (!curve) return NoRule{"its slopes are out of range"};
    curves.push_back(std::move(*curve));
  }
  builder.Add(std::make_unique<CurveLayer>(builder.name(), *value, extent, std::move(curves)));
  return {};
}

constexpr RuleRow kElementRules[] = {
    {"", "Abs", Absolute},
    {"", "Celu", Celu},
    {"", "Clip", Clip},
    {"", "Elu", Elu},
    {"", "Erf", Plain<Curve::Erf>},
    {"", "Gelu", Gelu},
    {"", "HardSigmoid", HardSigmoid},
    {"", "HardSwish", HardSwish},
    {"", "LeakyRelu", LeakyRelu},
    {"", "Neg", Negative},
    {"", "PRelu", PRelu},
    {"", "Relu", Relu},
    {"", "Selu", Selu},
    {"", "Sigmoid", Plain<Curve::Sigmoid>},
    {"", "Softplus", Plain<Curve::Softplus>},
    {"", "Softsign", Plain<Curve::Softsign>},
    {"", "Tanh", Plain<Curve::Tanh>},
};

}  // namespace

std::span<const RuleRow> ElementRules() { return kElementRules; }

}  // namespace dlv::progressive
