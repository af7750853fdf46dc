#include <algorithm>
#include <set>
#include <tuple>

#include "engine/network/edit.h"
#include "engine/network/families.h"
#include "engine/query/execute/operator.h"
#include "engine/query/three_valued.h"

namespace dlv::query {
namespace {

/// Bindings that one network may have: chosen nodes multiply.
constexpr std::size_t kMostBindings = 1'000'000;

/// What an action does, to find the same twice: place of the action, node, port or keep, name.
using Outcome = std::tuple<std::size_t, std::uint32_t, std::string>;

class ConstructOperator final : public Operator {
 public:
  ConstructOperator(Execution& execution, OperatorPtr rows, ConstructPlan plan)
      : Operator(execution), plan_(std::move(plan)), construct_(*plan_.construct) {
    AddChild(std::move(rows));
  }

 private:
  struct Planned {
    std::size_t action = 0;
    network::EditAction edit;
  };

  Status DoOpen(Frame& frame) override { return child().Open(frame); }

  /// The next network that has a binding.
  Result<bool> DoNext(Frame& frame, List& row) override {
    while (true) {
      DLV_ASSIGN(const bool more, child().Next(frame, row));
      row.clear();
      if (!more) return false;
      DLV_ASSIGN(const bool made, MakeRow(frame, row));
      if (made) return true;
    }
  }

  Result<bool> MakeRow(Frame& frame, List& row) {
    const Value subject = frame[construct_.subject];
    DLV_ASSIGN(GraphView* const graph, GraphOrNull(subject));
    if (graph == nullptr) return false;
    planned_.clear();
    outcomes_.clear();
    any_binding_ = false;
    bindings_ = 0;
    subject_ = subject;
    graph_ = graph;
    DLV_TRY(ChooseNodes());
    DLV_TRY(Bind(frame, 0));
    if (!any_binding_) return false;
    DLV_ASSIGN(const Network* whole, graph->Decoded());
    auto edited = network::ApplyEdits(*whole, InTextOrder());
    if (!edited.ok()) return Fail(construct_.actions[0].place, std::move(edited).error());
    edited->network.name = construct_.result;
    DLV_ASSIGN(Value made, MakeNetworkValue(execution(), construct_.result, subject,
                                            std::move(edited->network), std::move(edited->notes)));
    row.push_back(std::move(made));
    return true;
  }

  Error Fail(Place place, Error error) {
    return execution().Failed(place, InSubject(execution(), subject_, std::move(error)));
  }

  Result<GraphView*> GraphOrNull(const Value& subject) {
    if (const auto* version = subject.As<VersionRef>()) return execution().GraphOf(version->index);
    return SubjectGraph(execution(), subject, construct_.actions[0].place);
  }

  VersionIndex version() const {
    const auto* ref = subject_.As<VersionRef>();
    return ref == nullptr ? kNoVersion : ref->index;
  }

  Status ChooseNodes() {
    candidates_.assign(construct_.node_variables.size(), {});
    for (std::size_t i = 0; i < construct_.node_variables.size(); ++i) {
      const NodeVariable& variable = construct_.node_variables[i];
      for (std::uint32_t node = 0; node < graph_->node_count(); ++node) {
        const NodeRef ref{graph_, version(), node};
        if (MatchNode(*variable.selector, ref, nullptr)) candidates_[i].emplace_back(ref);
      }
    }
    return Ok();
  }

  /// Gives node variables from `place` on each of their nodes. Those that stand in actions only
  /// take their nodes last, so that they do so in every binding.
  Status Bind(Frame& frame, std::size_t place) {
    if (place == construct_.node_variables.size()) return TryBinding(frame);
    const NodeVariable& variable = construct_.node_variables[place];
    for (const Value& node : candidates_[place]) {
      frame[variable.variable] = node;
      DLV_TRY(Bind(frame, place + 1));
    }
    // In a mutate only: without a node it has nothing to do, but the others go on.
    if (candidates_[place].empty() && !variable.in_where) {
      frame[variable.variable] = Value();
      return Bind(frame, place + 1);
    }
    return Ok();
  }

  Status TryBinding(Frame& frame) {
    DLV_TRY(execution().CheckCancelled());
    if (++bindings_ > kMostBindings) {
      return Fail(construct_.actions[0].place,
                  Error{ErrorCode::kInvalidArgument, "over a million bindings",
                        "use selectors that name fewer nodes"});
    }
    if (plan_.where != nullptr) {
      DLV_ASSIGN(const Value holds, plan_.where->Evaluate(frame));
      if (TruthOf(holds) != Truth::kTrue) return Ok();
    }
    any_binding_ = true;
    for (std::size_t i = 0; i < construct_.actions.size(); ++i) DLV_TRY(PlanAction(frame, i));
    return Ok();
  }

  static std::vector<std::uint32_t> NodesOf(const Value& value) {
    std::vector<std::uint32_t> nodes;
    if (const List* list = value.AsList()) {
      for (const Value& node : *list) nodes.push_back(node.As<NodeRef>()->node);
    } else if (const auto* node = value.As<NodeRef>()) {
      nodes.push_back(node->node);
    }
    return nodes;
  }

  Status PlanAction(Frame& frame, std::size_t place) {
    const BoundAction& action = construct_.actions[place];
    DLV_ASSIGN(const Value target, plan_.targets[place]->Evaluate(frame));
    std::string name;
    if (plan_.names[place] != nullptr) {
      DLV_ASSIGN(const Value text, plan_.names[place]->Evaluate(frame));
      if (const auto* given = text.As<std::string>()) name = *given;
    }
    for (const std::uint32_t node : NodesOf(target)) {
      if (action.kind == ActionKind::kInsert) {
        network::InsertAction insert{node, action.port, action.made->checked, name};
        Add(place, node, name, std::move(insert));
      } else if (action.kind == ActionKind::kDelete) {
        Add(place, node, name, network::DeleteAction{node, action.keep});
      } else {
        DLV_TRY(DeleteConsumers(frame, place, node, name));
      }
    }
    return Ok();
  }

  Status DeleteConsumers(Frame& frame, std::size_t place, std::uint32_t node,
                         const std::string& name) {
    const BoundAction& action = construct_.actions[place];
    std::vector<std::uint32_t> wanted;
    if (plan_.nodes[place] != nullptr) {
      DLV_ASSIGN(const Value nodes, plan_.nodes[place]->Evaluate(frame));
      wanted = NodesOf(nodes);
    }
    for (const std::uint32_t consumer : graph_->adjacency().next(node)) {
      const bool fits = action.made != nullptr
                            ? Fits(*action.made, consumer, name)
                            : std::find(wanted.begin(), wanted.end(), consumer) != wanted.end();
      if (fits) Add(place, consumer, "", network::DeleteAction{consumer, action.keep});
    }
    return Ok();
  }

  bool Fits(const BoundTemplate& made, std::uint32_t node, const std::string& name) const {
    if (!network::Matches(graph_->outline(), node, made.checked)) return false;
    if (made.pattern != nullptr) {
      return MatchNode(*made.pattern, NodeRef{graph_, version(), node}, nullptr);
    }
    return !made.name || graph_->node(node).name == name;
  }

  void Add(std::size_t place, std::uint32_t node, const std::string& name,
           network::EditAction edit) {
    if (outcomes_.emplace(place, node, name).second) planned_.push_back({place, std::move(edit)});
  }

  std::vector<network::EditAction> InTextOrder() {
    std::stable_sort(planned_.begin(), planned_.end(),
                     [](const Planned& a, const Planned& b) { return a.action < b.action; });
    std::vector<network::EditAction> actions;
    for (Planned& planned : planned_) actions.push_back(std::move(planned.edit));
    return actions;
  }

  ConstructPlan plan_;
  const BoundConstruct& construct_;
  Value subject_;
  GraphView* graph_ = nullptr;
  std::vector<List> candidates_;
  std::vector<Planned> planned_;
  std::set<Outcome> outcomes_;
  std::size_t bindings_ = 0;
  bool any_binding_ = false;
};

}  // namespace

OperatorPtr MakeConstruct(Execution& execution, OperatorPtr child, ConstructPlan plan) {
  return std::make_unique<ConstructOperator>(execution, std::move(child), std::move(plan));
}

}  // namespace dlv::query
