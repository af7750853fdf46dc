#include <algorithm>
#include <map>

#include "engine/network/attributes.h"
#include "engine/network/rules.h"
#include "engine/network/shape_arithmetic.h"
#include "engine/network/shape_inference.h"

namespace dlv::network {
namespace {

Status Gemm(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  const auto& a = context.In(0).shape;
  const auto& b = context.In(1).shape;
  for (const std::size_t operand : {0, 1}) {
    const auto& shape = context.In(operand).shape;
    if (shape && shape->size() != 2) {
      return context.Bad(context.Text(operand == 0 ? "input" : "weight", operand) +
                         ", want 2 axes");
    }
  }
  const bool turn_a = IntegerAttribute(context.node(), "transA", 0) != 0;
  const bool turn_b = IntegerAttribute(context.node(), "transB", 0) != 0;
  const std::int64_t rows = a ? (*a)[turn_a ? 1 : 0] : kUnknownSize;
  const std::int64_t columns = b ? (*b)[turn_b ? 0 : 1] : kUnknownSize;
  if (a && b) {
    const std::int64_t have = (*a)[turn_a ? 0 : 1], wanted = (*b)[turn_b ? 1 : 0];
    if (!SameSize(have, wanted)) {
      return context.Bad("input has " + std::to_string(have) + " features, want " +
                         std::to_string(wanted) + " (" + context.Text("weight", 1) + ")");
    }
  }
  const NetworkShape out = {rows, columns};
  const auto& c = context.In(2).shape;
  if (c && (c->size() > 2 || !Broadcast(*c, out) || *Broadcast(*c, out) != out)) {
    const bool unknown = std::count(out.begin(), out.end(), kUnknownSize) > 0;
    if (c->size() > 2 || !unknown || !Broadcast(*c, out)) {
      return context.Bad(context.Text("bias", 2) + " does not broadcast to " + ShapeText(out));
    }
  }
  context.Out(0).shape = out;
  return Ok();
}

Status MatMulShape(NodeContext& context) {
  const auto& left = context.In(0).shape;
  const auto& right = context.In(1).shape;
  if (!left || !right) return Ok();
  if (left->empty() || right->empty()) return context.Bad("a factor is a scalar");
  NetworkShape a = *left, b = *right;
  if (left->size() == 1) a.insert(a.begin(), 1);
  if (right->size() == 1) b.push_back(1);
  const std::int64_t have = a.back(), wanted = b[b.size() - 2];
  if (!SameSize(have, wanted)) {
    return context.Bad("factors " + ShapeText(*left) + " and " + ShapeText(*right) + ": " +
                       std::to_string(have) + " columns, want " + std::to_string(wanted));
  }
  auto out = Broadcast({a.begin(), a.end() - 2}, {b.begin(), b.end() - 2});
  if (!out) {
    return context.Bad("factors " + ShapeText(*left) + " and " + ShapeText(*right) +
                       " do not broadcast");
  }
  if (left->size() > 1) out->push_back(a[a.size() - 2]);
  if (right->size() > 1) out->push_back(b.back());
  context.Out(0).shape = std::move(out);
  return Ok();
}

Status MatMul(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  return MatMulShape(context);
}

Status MatMulInteger(NodeContext& context) {
  context.Out(0).dtype = DType::kI32;
  return MatMulShape(context);
}

/// Sizes of the letters of an equation without "...".
using Letters = std::map<char, std::int64_t>;

Status ReadTerm(const NodeContext& context, std::string_view term, std::size_t operand,
                Letters& letters) {
  const auto& shape = context.In(operand).shape;
  if (!shape) return Ok();
  if (shape->size() != term.size()) {
    return context.Bad(context.Text("input " + std::to_string(operand), operand) +
                       ", the equation has " + std::to_string(term.size()) + " axes");
  }
  for (std::size_t i = 0; i < term.size(); ++i) {
    auto [at, added] = letters.try_emplace(term[i], (*shape)[i]);
    const auto size = SameSize(at->second, (*shape)[i]);
    if (!size) {
      return context.Bad("axis '" + std::string(1, term[i]) + "' is " + std::to_string(at->second) +
                         " and " + std::to_string((*shape)[i]));
    }
    at->second = *size;
  }
  return Ok();
}

/// Einsum with its output written out and no "...": others stay unknown.
Status Einsum(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  std::string equation(TextAttribute(context.node(), "equation", ""));
  std::erase(equation, ' ');
  const std::size_t arrow = equation.find("->");
  if (arrow == std::string::npos || equation.find('.') != std::string::npos) return Ok();
  Letters letters;
  std::string_view rest = std::string_view(equation).substr(0, arrow);
  for (std::size_t operand = 0; operand < context.operand_count(); ++operand) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    DLV_TRY(ReadTerm(context, rest.substr(0, comma), operand, letters));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  NetworkShape out;
  for (const char letter : std::string_view(equation).substr(arrow + 2)) {
    const auto at = letters.find(letter);
    out.push_back(at == letters.end() ? kUnknownSize : at->second);
  }
  context.Out(0).shape = std::move(out);
  return Ok();
}

constexpr RuleRow kMatrixRules[] = {
    {"Gemm", Gemm},
    {"MatMul", MatMul},
    {"MatMulInteger", MatMulInteger},
    {"Einsum", Einsum},
};

}  // namespace

std::span<const RuleRow> MatrixRules() { return kMatrixRules; }

}  // namespace dlv::network
