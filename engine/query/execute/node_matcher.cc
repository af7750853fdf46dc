#include "engine/query/execute/node_matcher.h"

#include <algorithm>

#include "engine/network/families.h"
#include "engine/query/execute/evaluator.h"

namespace dlv::query {
namespace {

constexpr std::size_t kMostNames = 1 << 16;

/// Calls `matches` for each name of the node until one does.
template <class Function>
bool AnyName(const network::OutlineNode& node, Function&& matches) {
  if (matches(node.name)) return true;
  if (!node.original_name.empty() && node.original_name != node.name &&
      matches(node.original_name)) {
    return true;
  }
  return std::any_of(node.outputs.begin(), node.outputs.end(),
                     [&](const network::OutlineValue& output) {
                       return !output.name.empty() && matches(output.name);
                     });
}

}  // namespace

bool MatchNode(const Selector& selector, const NodeRef& ref, std::vector<std::string>* captures) {
  const network::Outline& network = ref.graph->outline();
  const network::OutlineNode& node = network.nodes[ref.node];
  if (selector.target() == SelectorTarget::kOperator) return selector.Matches(node.op);
  if (selector.target() == SelectorTarget::kFamily) {
    return selector.Matches(network::FamilyOf(network, ref.node));
  }
  return AnyName(node, [&](std::string_view name) {
    return captures == nullptr ? selector.Matches(name) : selector.Match(name, captures);
  });
}

NodeMatcher::NodeMatcher(std::shared_ptr<const Selector> selector)
    : selector_(std::move(selector)) {}

void NodeMatcher::Choose(const GraphView& graph, network::NodeSet& nodes) {
  nodes.Reset(graph.node_count());
  // A family depends on what is around a node, and is found quickly.
  const bool remembers = selector_->target() != SelectorTarget::kFamily;
  using Verdict = RecordVerdicts::Verdict;
  if (remembers) verdicts_.Prepare(graph.outline());
  for (std::uint32_t i = 0; i < graph.node_count(); ++i) {
    Verdict* const known = remembers ? verdicts_.Of(graph.node(i)) : nullptr;
    if (known == nullptr) {
      if (Matches(graph, i)) nodes.Add(i);
      continue;
    }
    if (*known == Verdict::kUnknown) *known = Matches(graph, i) ? Verdict::kYes : Verdict::kNo;
    if (*known == Verdict::kYes) nodes.Add(i);
  }
}

bool NodeMatcher::Matches(const GraphView& graph, std::uint32_t node) {
  const network::Outline& network = graph.outline();
  const network::OutlineNode& one = network.nodes[node];
  switch (selector_->target()) {
    case SelectorTarget::kOperator:
      return selector_->Matches(one.op);
    case SelectorTarget::kFamily:
      return selector_->Matches(network::FamilyOf(network, node));
    default:
      return AnyName(one, [&](std::string_view name) { return MatchesName(name); });
  }
}

bool NodeMatcher::MatchesName(std::string_view name) {
  if (!selector_->is_expression()) return selector_->Matches(name);
  if (const auto known = names_.find(name); known != names_.end()) return known->second;
  if (names_.size() >= kMostNames) names_.clear();
  return names_.emplace(name, selector_->Matches(name)).first->second;
}

}  // namespace dlv::query
