#include "engine/network/rules.h"
#include "engine/network/shape_arithmetic.h"
#include "engine/network/shape_inference.h"

namespace dlv::network {
namespace {

/// What is true of a value whichever of two it is.
Fact EitherOf(const Fact& a, const Fact& b) {
  Fact fact;
  if (a.dtype == b.dtype) fact.dtype = a.dtype;
  if (!a.shape || !b.shape || a.shape->size() != b.shape->size()) return fact;
  NetworkShape shape;
  for (std::size_t i = 0; i < a.shape->size(); ++i) {
    shape.push_back((*a.shape)[i] == (*b.shape)[i] ? (*a.shape)[i] : kUnknownSize);
  }
  fact.shape = std::move(shape);
  return fact;
}

Status If(NodeContext& context) {
  const auto* then_facts = context.Body("then_branch");
  const auto* else_facts = context.Body("else_branch");
  if (then_facts == nullptr || else_facts == nullptr) return Ok();
  for (const auto* facts : {then_facts, else_facts}) {
    if (facts->size() != context.output_count()) {
      return context.Bad("a branch has " + std::to_string(facts->size()) + " outputs, want " +
                         std::to_string(context.output_count()));
    }
  }
  const auto& condition = context.In(0).value;
  const bool known = condition && condition->elements.size() == 1 && condition->complete();
  for (std::size_t i = 0; i < context.output_count(); ++i) {
    const Fact& yes = (*then_facts)[i];
    const Fact& no = (*else_facts)[i];
    Fact fact = known ? (condition->elements[0].whole != 0 ? yes : no) : EitherOf(yes, no);
    fact.value.reset();
    context.Out(i) = std::move(fact);
  }
  return Ok();
}

/// Body outputs: the condition, carried values, then what is stacked along a new first axis.
Status Loop(NodeContext& context) {
  const auto* body = context.Body("body");
  if (body == nullptr) return Ok();
  const std::size_t carried = context.operand_count() < 2 ? 0 : context.operand_count() - 2;
  if (body->size() != context.output_count() + 1 || carried > context.output_count()) {
    return context.Bad("the body has " + std::to_string(body->size()) + " outputs, want " +
                       std::to_string(context.output_count() + 1));
  }
  for (std::size_t i = 0; i < context.output_count(); ++i) {
    Fact fact = (*body)[i + 1];
    fact.value.reset();
    if (i < carried) {
      fact = EitherOf(fact, context.In(i + 2));
    } else if (fact.shape) {
      fact.shape->insert(fact.shape->begin(), kUnknownSize);
    }
    context.Out(i) = std::move(fact);
  }
  return Ok();
}

constexpr RuleRow kControlRules[] = {
    {"If", If},
    {"Loop", Loop},
};

}  // namespace

std::span<const RuleRow> ControlRules() { return kControlRules; }

}  // namespace dlv::network
