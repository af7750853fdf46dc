// Layers with weights: ONNX Conv (operator versions 1, 11), Gemm (7 to 13), MatMul (1 to 13).

#include <cmath>

#include "engine/bounds/rounding.h"
#include "engine/network/attributes.h"
#include "engine/progressive/graph_builder.h"

namespace dlv::progressive {
namespace {

/// The summand of a bias, exact; zeros where there is none.
Result<std::optional<Affine>> BiasOf(GraphBuilder& builder, const NetworkNode& node,
                                     std::size_t operand, std::int64_t channels, double factor) {
  Affine affine = Affine::Identity(channels);
  if (builder.IsAbsent(node, operand)) return std::optional(std::move(affine));
  DLV_ASSIGN(const auto numbers, builder.WholeOf(node.operands[operand]));
  if (!numbers || (numbers->size() != 1 && numbers->size() != affine.summand.size()))
    return std::optional<Affine>();
  for (std::size_t c = 0; c < affine.summand.size(); ++c) {
    affine.summand[c] = factor * (*numbers)[numbers->size() == 1 ? 0 : c];
    if (factor != 1)
      affine.summand_error[c] = bounds::Above(2 * bounds::kUnit * std::abs(affine.summand[c]));
  }
  return std::optional(std::move(affine));
}

Outcome Convolution(GraphBuilder& builder, const NetworkNode& node) {
  if (node.operands.size() < 2) return NoRule{"has no weight"};
  const auto value = builder.ValueOf(node.operands[0]);
  auto weights = builder.ViewOf(node.operands[1]);
  const std::size_t rank = builder.RankOf(node.operands[0]);
  if (!value || !weights) return NoRule{"its weight is computed, or its input is not"};
  if (rank < 3 || rank > 4 || weights->shape.size() != rank)
    return NoRule{"windows over 1 or 2 axes have a rule"};
  LinearForm form;
  form.in = builder.ExtentOf(*value);
  form.groups = network::IntegerAttribute(node, "group", 1);
  const kernels::Shape& shape = weights->shape;
  const bool fits =
      form.groups >= 1 && shape[0] % form.groups == 0 && shape[1] * form.groups == form.in.channels;
  if (!fits) return NoRule{"weight and input do not fit"};
  kernels::Wholes kernel(shape.begin() + 2, shape.end());
  kernels::Shape in = {1, form.in.channels, form.in.height, form.in.width};
  if (rank == 3) in.erase(in.begin() + 2);
  const kernels::Setting setting;
  const kernels::Call call(node, builder.opset(), setting, {});
  const auto read = kernels::ReadWindow(call, in, kernel);
  if (!read.ok()) return NoRule{read.error().message};
  const kernels::WindowAxis &down = (*read)[1], &across = (*read)[2];
  form.window = {down.kernel,   across.kernel,   down.stride, across.stride,
                 down.dilation, across.dilation, down.before, across.before};
  form.out = {shape[0], down.out, across.out};
  form.rows = shape[0] / form.groups;
  form.columns = shape[1] * form.window.size();
  auto affine = BiasOf(builder, node, 2, form.out.channels, 1);
  if (!affine.ok()) return affine.error();
  if (!*affine) return NoRule{"its bias is computed"};
  builder.AddLinear(std::move(form), *value, std::move(*weights), std::move(**affine));
  return {};
}

/// Adds a fully connected layer: y = factor W x + bias.
Outcome AddFull(GraphBuilder& builder, std::uint32_t value, WeightView weights, bool rows_first,
                double factor, Affine affine) {
  LinearForm form;
  form.in = builder.ExtentOf(value);
  if (form.in.positions() != 1) return NoRule{"its input has positions beside channels"};
  if (!rows_first) {
    const auto rows = static_cast<std::size_t>(weights.shape[1]);
    const auto columns = static_cast<std::size_t>(weights.shape[0]);
    std::vector<std::uint32_t> order(rows * columns);
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < columns; ++c) {
        const std::size_t from = c * rows + r;
        order[r * columns + c] =
            weights.order.empty() ? static_cast<std::uint32_t>(from) : weights.order[from];
      }
    }
    weights.order = std::move(order);
    std::swap(weights.shape[0], weights.shape[1]);
  }
  if (weights.shape[1] != form.in.channels) return NoRule{"weight and input do not fit"};
  form.rows = weights.shape[0];
  form.columns = weights.shape[1];
  form.out = {form.rows, 1, 1};
  if (factor != 1) {
    Affine scaled = Affine::Identity(form.rows);
    std::ranges::fill(scaled.factor, factor);
    for (std::size_t c = 0; c < scaled.factor.size(); ++c) {
      scaled.summand[c] = affine.summand[c];
      scaled.summand_error[c] = affine.summand_error[c];
    }
    affine = std::move(scaled);
  }
  builder.AddLinear(std::move(form), value, std::move(weights), std::move(affine));
  return {};
}

Outcome Gemm(GraphBuilder& builder, const NetworkNode& node) {
  if (node.operands.size() < 2) return NoRule{"has no weight"};
  const auto value = builder.ValueOf(node.operands[0]);
  auto weights = builder.ViewOf(node.operands[1]);
  if (!value || !weights) return NoRule{"its weight is computed, or its input is not"};
  if (network::IntegerAttribute(node, "transA", 0) != 0 || weights->shape.size() != 2)
    return NoRule{"its input is transposed"};
  const bool rows_first = network::IntegerAttribute(node, "transB", 0) != 0;
  const std::int64_t rows = weights->shape[rows_first ? 0 : 1];
  auto affine = BiasOf(builder, node, 2, rows, network::RealAttribute(node, "beta", 1));
  if (!affine.ok()) return affine.error();
  if (!*affine) return NoRule{"its bias is computed"};
  return AddFull(builder, *value, std::move(*weights), rows_first,
                 network::RealAttribute(node, "alpha", 1), std::move(**affine));
}

Outcome MatMul(GraphBuilder& builder, const NetworkNode& node) {
  if (node.operands.size() != 2) return NoRule{"has no weight"};
  const auto value = builder.ValueOf(node.operands[0]);
  auto weights = builder.ViewOf(node.operands[1]);
  if (!value || !weights || weights->shape.size() != 2 || builder.RankOf(node.operands[0]) != 2)
    return NoRule{"want an input of 2 axes times weights of 2 axes"};
  const std::int64_t rows = weights->shape[1];
  return AddFull(builder, *value, std::move(*weights), false, 1, Affine::Identity(rows));
}

constexpr RuleRow kLinearRules[] = {
    {"", "Conv", Convolution}, {"", "Gemm", Gemm}, {"", "MatMul", MatMul}};

}  // namespace

std::span<const RuleRow> LinearRules() { return kLinearRules; }

}  // namespace dlv::progressive
