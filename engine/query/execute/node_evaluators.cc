// Sets of nodes: by selectors and steps.

#include "engine/query/execute/node_evaluators.h"

#include "engine/query/execute/node_matcher.h"

namespace dlv::query {
namespace {

using network::NodeSet;

class SelectEvaluator final : public NodesEvaluator {
 public:
  SelectEvaluator(Execution& execution, EvaluatorPtr object,
                  std::shared_ptr<const Selector> selector)
      : execution_(execution), object_(std::move(object)), matcher_(std::move(selector)) {}

  Status Choose(Frame& frame, ChosenNodes& chosen) override {
    DLV_ASSIGN(const Value object, object_->Evaluate(frame));
    chosen.graph = nullptr;
    chosen.version = kNoVersion;
    if (const auto* made = object.As<std::shared_ptr<const MadeNetwork>>()) {
      chosen.graph = (*made)->graph.get();
    } else if (const auto* version = object.As<VersionRef>()) {
      DLV_ASSIGN(chosen.graph, execution_.GraphOf(version->index));
      chosen.version = version->index;
    }
    if (chosen.graph != nullptr) matcher_.Choose(*chosen.graph, chosen.nodes);
    return Ok();
  }

 private:
  Execution& execution_;
  EvaluatorPtr object_;
  NodeMatcher matcher_;
};

class StepEvaluator final : public NodesEvaluator {
 public:
  StepEvaluator(ExpressionKind step, EvaluatorPtr from)
      : step_(step), from_(std::move(from)), nodes_(AsNodes(from_.get())) {}

  Status Choose(Frame& frame, ChosenNodes& chosen) override {
    if (nodes_ != nullptr) {
      DLV_TRY(nodes_->Choose(frame, chosen));
    } else {
      DLV_ASSIGN(const Value value, from_->Evaluate(frame));
      Collect(value, chosen);
    }
    if (chosen.graph != nullptr) chosen.nodes = Walk(*chosen.graph, chosen.nodes);
    return Ok();
  }

 private:
  static void Collect(const Value& value, ChosenNodes& chosen) {
    const auto members = MembersOf(value);
    chosen.graph = nullptr;
    if (members.empty()) return;
    const NodeRef& first = *members[0].As<NodeRef>();
    chosen.graph = first.graph;
    chosen.version = first.version;
    chosen.nodes.Reset(chosen.graph->node_count());
    for (const Value& member : members) chosen.nodes.Add(member.As<NodeRef>()->node);
  }

  NodeSet Walk(GraphView& graph, const NodeSet& from) const {
    switch (step_) {
      case ExpressionKind::kNext:
        return graph.adjacency().Next(from);
      case ExpressionKind::kPrevious:
        return graph.adjacency().Prev(from);
      case ExpressionKind::kReachNext:
        return graph.adjacency().After(from);
      default:
        return graph.adjacency().Before(from);
    }
  }

  ExpressionKind step_;
  EvaluatorPtr from_;
  NodesEvaluator* nodes_;
};

}  // namespace

std::span<const Value> MembersOf(const Value& value) {
  const List* list = value.AsList();
  if (list != nullptr) return *list;
  return value.is_null() ? std::span<const Value>() : std::span(&value, 1);
}

Result<Value> NodesEvaluator::Evaluate(Frame& frame) {
  DLV_TRY(Choose(frame, chosen_));
  List nodes;
  if (chosen_.graph != nullptr) {
    chosen_.nodes.ForEach([&](network::NodeIndex node) {
      nodes.emplace_back(NodeRef{chosen_.graph, chosen_.version, node});
    });
  }
  return Value::OfList(std::move(nodes));
}

NodesEvaluator* AsNodes(Evaluator* evaluator) { return dynamic_cast<NodesEvaluator*>(evaluator); }

EvaluatorPtr MakeSelect(Execution& execution, EvaluatorPtr object,
                        std::shared_ptr<const Selector> selector) {
  return std::make_unique<SelectEvaluator>(execution, std::move(object), std::move(selector));
}

EvaluatorPtr MakeStep(ExpressionKind step, EvaluatorPtr from) {
  return std::make_unique<StepEvaluator>(step, std::move(from));
}

}  // namespace dlv::query
