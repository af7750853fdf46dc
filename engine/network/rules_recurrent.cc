#include "engine/network/attributes.h"
#include "engine/network/rules.h"
#include "engine/network/shape_arithmetic.h"

namespace dlv::network {
namespace {

/// X [steps, batch, features], W [directions, gates * hidden, features], R [directions,
/// gates * hidden, hidden]; with layout 1 the batch comes first.
template <int Gates>
Status Recurrent(NodeContext& context) {
  for (std::size_t i = 0; i < context.output_count(); ++i)
    context.Out(i).dtype = context.In(0).dtype;
  const auto& in = context.In(0).shape;
  const auto& weight = context.In(1).shape;
  const auto& recurrent = context.In(2).shape;
  for (const std::size_t operand : {0, 1, 2}) {
    const auto& shape = context.In(operand).shape;
    if (shape && shape->size() != 3) {
      return context.Bad(context.Text("operand " + std::to_string(operand), operand) +
                         ", want 3 axes");
    }
  }
  if (!in) return Ok();
  const std::string_view direction = TextAttribute(context.node(), "direction", "forward");
  const std::int64_t directions = direction == "bidirectional" ? 2 : 1;
  std::int64_t hidden = IntegerAttribute(context.node(), "hidden_size", kUnknownSize);
  if (hidden < kUnknownSize) return context.Bad("hidden_size " + std::to_string(hidden));
  if (recurrent) {
    const auto both = SameSize(hidden, (*recurrent)[2]);
    if (!both || !SameSize((*recurrent)[1], Times(*both, Gates))) {
      return context.Bad(context.Text("recurrent weight", 2) + ", hidden size " +
                         std::to_string(hidden));
    }
    hidden = *both;
  }
  if (weight && !SameSize((*weight)[2], (*in)[2])) {
    return context.Bad("input has " + std::to_string((*in)[2]) + " features, want " +
                       std::to_string((*weight)[2]) + " (" + context.Text("weight", 1) + ")");
  }
  const bool batch_first = IntegerAttribute(context.node(), "layout", 0) != 0;
  const std::int64_t steps = (*in)[batch_first ? 1 : 0], batch = (*in)[batch_first ? 0 : 1];
  using Shape = NetworkShape;
  context.Out(0).shape = batch_first ? Shape{batch, steps, directions, hidden}
                                     : Shape{steps, directions, batch, hidden};
  for (std::size_t i = 1; i < context.output_count(); ++i) {
    context.Out(i).shape =
        batch_first ? Shape{batch, directions, hidden} : Shape{directions, batch, hidden};
  }
  return Ok();
}

constexpr RuleRow kRecurrentRules[] = {
    {"LSTM", Recurrent<4>},
    {"GRU", Recurrent<3>},
    {"RNN", Recurrent<1>},
};

}  // namespace

std::span<const RuleRow> RecurrentRules() { return kRecurrentRules; }

}  // namespace dlv::network
