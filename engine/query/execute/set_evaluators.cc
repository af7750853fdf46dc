// Sets: tensors, versions by lineage; and conditions over sets.

#include <algorithm>

#include "engine/network/families.h"
#include "engine/query/execute/node_evaluators.h"
#include "engine/query/execute/record_verdicts.h"
#include "engine/query/three_valued.h"

namespace dlv::query {
namespace {

/// Tensors of a version or a snapshot by their names.
class TensorsEvaluator final : public Evaluator {
 public:
  TensorsEvaluator(Execution& execution, EvaluatorPtr object,
                   std::shared_ptr<const Selector> selector)
      : execution_(execution), object_(std::move(object)), selector_(std::move(selector)) {}

  Result<Value> Evaluate(Frame& frame) override {
    DLV_ASSIGN(const Value object, object_->Evaluate(frame));
    if (const auto* version = object.As<VersionRef>()) return Of(version->index, std::nullopt);
    const auto* row = object.As<RowRef>();
    return row == nullptr ? Value::OfList({}) : Of(row->version, row->row);
  }

 private:
  Result<Value> Of(VersionIndex version, std::optional<std::uint32_t> snapshot) {
    DLV_ASSIGN(const auto tensors, execution_.Tensors(version, snapshot));
    List found;
    for (std::uint32_t i = 0; i < tensors->size(); ++i) {
      if (!selector_->Matches((*tensors)[i].name)) continue;
      found.emplace_back(
          TensorRef{tensors, i, version, snapshot.value_or(TensorRef::kDefaultSnapshot)});
    }
    return Value::OfList(std::move(found));
  }
  Execution& execution_;
  EvaluatorPtr object_;
  std::shared_ptr<const Selector> selector_;
};

class NodeTensorsEvaluator final : public Evaluator {
 public:
  NodeTensorsEvaluator(Execution& execution, EvaluatorPtr nodes, std::string role)
      : execution_(execution), nodes_(std::move(nodes)), role_(std::move(role)) {}

  Result<Value> Evaluate(Frame& frame) override {
    DLV_ASSIGN(const Value nodes, nodes_->Evaluate(frame));
    List found;
    for (const Value& node : MembersOf(nodes)) {
      if (const auto* ref = node.As<NodeRef>()) DLV_TRY(Add(*ref, found));
    }
    return Value::OfList(std::move(found));
  }

 private:
  Status Add(const NodeRef& node, List& found) {
    for (const std::uint32_t place : ParametersOf(node.graph->outline(), node.node, role_)) {
      DLV_ASSIGN(const auto tensor, TensorOf(node, place));
      const auto same = [&](const Value& other) { return *other.As<TensorRef>() == *tensor; };
      if (tensor && std::none_of(found.begin(), found.end(), same)) found.emplace_back(*tensor);
    }
    return Ok();
  }

  Result<std::optional<TensorRef>> TensorOf(const NodeRef& node, std::uint32_t place) {
    if (node.version != kNoVersion) {
      DLV_ASSIGN(const ParameterTensors* tensors, execution_.TensorsOfParameters(node.version));
      return place < tensors->size() ? (*tensors)[place] : std::optional<TensorRef>();
    }
    const MadeNetwork* made = execution_.MadeOf(node.graph);
    if (made == nullptr) return std::optional<TensorRef>();
    const std::string name(node.graph->outline().parameters[place].name);
    const auto tensor = made->tensors.find(name);
    if (tensor == made->tensors.end()) return std::optional<TensorRef>();
    return execution_.TensorNamed(made->source, tensor->second);
  }

  Execution& execution_;
  EvaluatorPtr nodes_;
  std::string role_;
};

class LineageEvaluator final : public Evaluator {
 public:
  LineageEvaluator(Execution& execution, ExpressionKind kind, EvaluatorPtr version)
      : execution_(execution), kind_(kind), version_(std::move(version)) {}

  Result<Value> Evaluate(Frame& frame) override {
    DLV_ASSIGN(const Value value, version_->Evaluate(frame));
    const auto* version = value.As<VersionRef>();
    if (version == nullptr) return Value::OfList({});
    const LineageGraph& lineage = execution_.lineage();
    List list;
    const auto add = [&](const auto& versions) {
      for (const VersionIndex one : versions) list.emplace_back(VersionRef{one});
    };
    if (kind_ == ExpressionKind::kParents) {
      add(lineage.parents(version->index));
    } else if (kind_ == ExpressionKind::kAncestors) {
      add(lineage.Ancestors(version->index));
    } else {
      add(lineage.Descendants(version->index));
    }
    return Value::OfList(std::move(list));
  }

 private:
  Execution& execution_;
  ExpressionKind kind_;
  EvaluatorPtr version_;
};

/// lca(a, b), depth(a, b).
class TwoVersionsEvaluator final : public Evaluator {
 public:
  TwoVersionsEvaluator(Execution& execution, Function function, EvaluatorPtr a, EvaluatorPtr b)
      : execution_(execution), function_(function), a_(std::move(a)), b_(std::move(b)) {}

  Result<Value> Evaluate(Frame& frame) override {
    DLV_ASSIGN(const Value first, a_->Evaluate(frame));
    DLV_ASSIGN(const Value second, b_->Evaluate(frame));
    const auto *a = first.As<VersionRef>(), *b = second.As<VersionRef>();
    if (a == nullptr || b == nullptr) return Value();
    const LineageGraph& lineage = execution_.lineage();
    if (function_ == Function::kDepthBetween) {
      const auto depth = lineage.Depth(a->index, b->index);
      return depth ? Value(static_cast<std::int64_t>(*depth)) : Value();
    }
    const auto common = lineage.LowestCommonAncestors(a->index, b->index);
    return common.empty() ? Value() : Value(VersionRef{common[0]});
  }

 private:
  Execution& execution_;
  Function function_;
  EvaluatorPtr a_, b_;
};

/// kSome, kEvery, kMap: something of each member of a set.
class MemberEvaluator final : public Evaluator {
 public:
  MemberEvaluator(Execution& execution, const BoundExpression& expression, EvaluatorPtr set,
                  EvaluatorPtr body)
      : execution_(execution),
        kind_(expression.kind),
        slot_(expression.variable),
        set_(std::move(set)),
        nodes_(AsNodes(set_.get())),
        body_(std::move(body)) {}

  Result<Value> Evaluate(Frame& frame) override {
    if (nodes_ != nullptr && kind_ != ExpressionKind::kMap) return OverNodes(frame);
    DLV_ASSIGN(const Value set, set_->Evaluate(frame));
    const auto members = MembersOf(set);
    DLV_TRY(execution_.CheckCancelled());
    if (kind_ == ExpressionKind::kMap) return Map(members, frame);
    const bool some = kind_ == ExpressionKind::kSome;
    for (const Value& member : members) {
      frame[slot_] = member;
      DLV_ASSIGN(const Value value, body_->Evaluate(frame));
      if ((TruthOf(value) == Truth::kTrue) == some) return Value(some);
    }
    return Value(!some && !members.empty());
  }

 private:
  Result<Value> OverNodes(Frame& frame) {
    DLV_TRY(nodes_->Choose(frame, chosen_));
    DLV_TRY(execution_.CheckCancelled());
    const bool some = kind_ == ExpressionKind::kSome;
    if (chosen_.graph == nullptr) return Value(false);
    const std::size_t end = chosen_.nodes.universe();
    for (std::size_t node = chosen_.nodes.Find(0); node < end;
         node = chosen_.nodes.Find(node + 1)) {
      frame[slot_] = NodeRef{chosen_.graph, chosen_.version, static_cast<std::uint32_t>(node)};
      DLV_ASSIGN(const Value value, body_->Evaluate(frame));
      if ((TruthOf(value) == Truth::kTrue) == some) return Value(some);
    }
    return Value(!some && !chosen_.nodes.empty());
  }

  Result<Value> Map(std::span<const Value> members, Frame& frame) {
    List list;
    list.reserve(members.size());
    for (const Value& member : members) {
      frame[slot_] = member;
      DLV_ASSIGN(Value value, body_->Evaluate(frame));
      list.push_back(std::move(value));
    }
    return Value::OfList(std::move(list));
  }

  Execution& execution_;
  ExpressionKind kind_;
  std::size_t slot_;
  EvaluatorPtr set_;
  NodesEvaluator* nodes_;  ///< the set, where it is one of nodes
  ChosenNodes chosen_;
  EvaluatorPtr body_;
};

/// kMembers is the set as a list; kNotEmpty whether it has any.
class WholeSetEvaluator final : public Evaluator {
 public:
  WholeSetEvaluator(bool not_empty, EvaluatorPtr set)
      : not_empty_(not_empty), set_(std::move(set)), nodes_(AsNodes(set_.get())) {}
  Result<Value> Evaluate(Frame& frame) override {
    if (not_empty_ && nodes_ != nullptr) {
      DLV_TRY(nodes_->Choose(frame, chosen_));
      return Value(chosen_.graph != nullptr && !chosen_.nodes.empty());
    }
    DLV_ASSIGN(Value set, set_->Evaluate(frame));
    if (not_empty_) return Value(!MembersOf(set).empty());
    return set;
  }

 private:
  bool not_empty_;
  EvaluatorPtr set_;
  NodesEvaluator* nodes_;  ///< the set, where it is one of nodes
  ChosenNodes chosen_;
};

class MatchesEvaluator final : public Evaluator {
 public:
  MatchesEvaluator(EvaluatorPtr node, std::shared_ptr<const BoundTemplate> wanted,
                   EvaluatorPtr name)
      : node_(std::move(node)), wanted_(std::move(wanted)), name_(std::move(name)) {}

  Result<Value> Evaluate(Frame& frame) override {
    DLV_ASSIGN(const Value value, node_->Evaluate(frame));
    const auto* node = value.As<NodeRef>();
    if (node == nullptr || !IsWanted(*node)) return Value(false);
    if (wanted_->pattern != nullptr) return Value(MatchNode(*wanted_->pattern, *node, nullptr));
    if (name_ == nullptr) return Value(true);
    DLV_ASSIGN(const Value name, name_->Evaluate(frame));
    const auto* text = name.As<std::string>();
    const network::OutlineNode& one = node->graph->node(node->node);
    return Value(text != nullptr && (*text == one.name || *text == one.original_name));
  }

 private:
  /// Whether the node matches the template, but for its name.
  bool IsWanted(const NodeRef& ref) {
    using Verdict = RecordVerdicts::Verdict;
    const network::Outline& network = ref.graph->outline();
    const network::OutlineNode& node = network.nodes[ref.node];
    verdicts_.Prepare(node);
    Verdict* const known = verdicts_.Of(node);
    if (known != nullptr && *known != Verdict::kUnknown) return *known == Verdict::kYes;
    const bool wanted = network::Matches(network, ref.node, wanted_->checked);
    if (known != nullptr && network::MatchesAlone(node, wanted_->checked)) {
      *known = wanted ? Verdict::kYes : Verdict::kNo;
    }
    return wanted;
  }

  EvaluatorPtr node_;
  std::shared_ptr<const BoundTemplate> wanted_;
  EvaluatorPtr name_;
  RecordVerdicts verdicts_;
};

Result<EvaluatorPtr> CompileMatches(Runtime& runtime, const BoundExpression& expression,
                                    EvaluatorPtr node, const GroupSlots& groups) {
  EvaluatorPtr name;
  if (expression.node_template->name) {
    DLV_ASSIGN(name, Compile(runtime, *expression.node_template->name, groups));
  }
  return EvaluatorPtr(std::make_unique<MatchesEvaluator>(std::move(node), expression.node_template,
                                                         std::move(name)));
}

bool IsSet(const BoundExpression& expression) {
  if (expression.kind == ExpressionKind::kFunction) {
    return expression.function == Function::kLowestCommonAncestor ||
           expression.function == Function::kDepthBetween;
  }
  return expression.kind >= ExpressionKind::kSelect && expression.kind <= ExpressionKind::kMatches;
}

/// Of those with two operands.
Result<EvaluatorPtr> CompileTwo(Runtime& runtime, const BoundExpression& expression,
                                EvaluatorPtr first, const GroupSlots& groups) {
  if (expression.operands[0].kind == ExpressionKind::kSelect) {
    runtime.selectors[expression.variable] = expression.operands[0].selector;
  }
  DLV_ASSIGN(EvaluatorPtr second, Compile(runtime, expression.operands[1], groups));
  if (expression.kind == ExpressionKind::kFunction) {
    return EvaluatorPtr(std::make_unique<TwoVersionsEvaluator>(
        runtime.execution, expression.function, std::move(first), std::move(second)));
  }
  return EvaluatorPtr(std::make_unique<MemberEvaluator>(runtime.execution, expression,
                                                        std::move(first), std::move(second)));
}

}  // namespace

Result<EvaluatorPtr> CompileSet(Runtime& runtime, const BoundExpression& expression,
                                const GroupSlots& groups) {
  if (!IsSet(expression)) return EvaluatorPtr();
  Execution& execution = runtime.execution;
  DLV_ASSIGN(EvaluatorPtr first, Compile(runtime, expression.operands[0], groups));
  switch (expression.kind) {
    case ExpressionKind::kSelect:
      return MakeSelect(execution, std::move(first), expression.selector);
    case ExpressionKind::kTensors:
      return EvaluatorPtr(
          std::make_unique<TensorsEvaluator>(execution, std::move(first), expression.selector));
    case ExpressionKind::kNodeTensors:
      return EvaluatorPtr(
          std::make_unique<NodeTensorsEvaluator>(execution, std::move(first), expression.name));
    case ExpressionKind::kNext:
    case ExpressionKind::kPrevious:
    case ExpressionKind::kReachNext:
    case ExpressionKind::kReachPrevious:
      return MakeStep(expression.kind, std::move(first));
    case ExpressionKind::kParents:
    case ExpressionKind::kAncestors:
    case ExpressionKind::kDescendants:
      return EvaluatorPtr(
          std::make_unique<LineageEvaluator>(execution, expression.kind, std::move(first)));
    case ExpressionKind::kPort:  // which output counts for slices, not for the set
    case ExpressionKind::kMembers:
      return EvaluatorPtr(std::make_unique<WholeSetEvaluator>(false, std::move(first)));
    case ExpressionKind::kNotEmpty:
      return EvaluatorPtr(std::make_unique<WholeSetEvaluator>(true, std::move(first)));
    case ExpressionKind::kMatches:
      return CompileMatches(runtime, expression, std::move(first), groups);
    default:
      return CompileTwo(runtime, expression, std::move(first), groups);
  }
}

}  // namespace dlv::query
