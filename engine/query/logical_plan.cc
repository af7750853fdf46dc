#include "engine/query/logical_plan.h"

#include <algorithm>

#include "engine/query/analysis.h"

namespace dlv::query {
namespace {

LogicalPtr MakeNode(LogicalKind kind, LogicalPtr left, const BoundSelect* select = nullptr) {
  auto node = std::make_unique<LogicalNode>();
  node->kind = kind;
  node->left = std::move(left);
  node->select = select;
  return node;
}

LogicalPtr JoinSources(const std::vector<BoundSource>& sources) {
  LogicalPtr plan;
  for (const BoundSource& source : sources) {
    LogicalPtr row = MakeNode(LogicalKind::kSource, nullptr);
    row->source = &source;
    if (plan == nullptr) {
      plan = std::move(row);
      continue;
    }
    plan = MakeNode(LogicalKind::kJoin, std::move(plan));
    plan->right = std::move(row);
    plan->join = source.join;
    if (source.on) plan->conditions.push_back(*source.on);
  }
  if (plan == nullptr) plan = MakeNode(LogicalKind::kOneRow, nullptr);
  return plan;
}

LogicalPtr Filtered(LogicalPtr plan, const std::optional<BoundExpression>& condition) {
  if (!condition) return plan;
  plan = MakeNode(LogicalKind::kFilter, std::move(plan));
  plan->conditions.push_back(*condition);
  return plan;
}

bool NamesNodes(const BoundConstruct& construct, const BoundExpression& condition) {
  const auto free = FreeVariables(condition);
  return std::any_of(construct.node_variables.begin(), construct.node_variables.end(),
                     [&](const NodeVariable& node) { return free.contains(node.variable); });
}

struct PlanBody {
  LogicalPtr operator()(const BoundSelect& select) const {
    LogicalPtr plan = Filtered(JoinSources(select.sources), select.where);
    if (select.grouped) plan = MakeNode(LogicalKind::kGroup, std::move(plan), &select);
    plan = Filtered(std::move(plan), select.having);
    plan = MakeNode(LogicalKind::kProject, std::move(plan), &select);
    if (select.distinct) plan = MakeNode(LogicalKind::kDistinct, std::move(plan), &select);
    if (!select.order_by.empty()) plan = MakeNode(LogicalKind::kSort, std::move(plan), &select);
    if (select.limit || select.offset) {
      plan = MakeNode(LogicalKind::kLimit, std::move(plan), &select);
    }
    return plan;
  }
  LogicalPtr operator()(const BoundSlice& slice) const {
    return Filtered(JoinSources(slice.sources), slice.where);
  }
  /// What names nodes is evaluated for each binding, later.
  LogicalPtr operator()(const BoundConstruct& construct) const {
    LogicalPtr plan = JoinSources(construct.sources);
    if (!construct.where) return plan;
    const BoundExpression& where = *construct.where;
    const bool is_and = where.kind == ExpressionKind::kAnd;
    for (const BoundExpression& part : is_and ? where.operands : BoundExpressions{where}) {
      if (!NamesNodes(construct, part)) plan = Filtered(std::move(plan), part);
    }
    return plan;
  }
  LogicalPtr operator()(const BoundEvaluate& evaluate) const {
    return Filtered(JoinSources(evaluate.sources), evaluate.where);
  }
};

}  // namespace

LogicalPlan MakeLogicalPlan(const BoundQuery& query) {
  LogicalPlan plan;
  plan.query = &query;
  plan.root = std::visit(PlanBody(), query.body);
  return plan;
}

}  // namespace dlv::query
