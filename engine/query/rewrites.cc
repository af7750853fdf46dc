#include "engine/query/rewrites.h"

#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "engine/query/analysis.h"
#include "engine/query/constant_folding.h"
#include "engine/query/rewrite_tools.h"

namespace dlv::query {
namespace {

std::set<VariableId> VariablesOf(const LogicalNode& node) {
  std::set<VariableId> variables;
  if (node.kind == LogicalKind::kSource) variables.insert(node.source->variable);
  for (const LogicalPtr* child : {&node.left, &node.right}) {
    if (*child != nullptr) variables.merge(VariablesOf(**child));
  }
  return variables;
}

bool Split(std::vector<BoundExpression>& conditions) {
  bool changed = false;
  for (std::size_t i = 0; i < conditions.size();) {
    if (conditions[i].kind != ExpressionKind::kAnd) {
      ++i;
      continue;
    }
    BoundExpressions parts = std::move(conditions[i].operands);
    conditions.erase(conditions.begin() + static_cast<std::ptrdiff_t>(i));
    conditions.insert(conditions.begin() + static_cast<std::ptrdiff_t>(i),
                      std::make_move_iterator(parts.begin()), std::make_move_iterator(parts.end()));
    changed = true;
  }
  return changed;
}

bool Intersects(const std::set<VariableId>& a, const std::set<VariableId>& b) {
  return std::any_of(a.begin(), a.end(), [&](VariableId id) { return b.contains(id); });
}

/// `between` of a figure of weights as two comparisons.
bool SplitRange(BoundExpression& expression) {
  bool changed = false;
  for (BoundExpression& operand : expression.operands) changed |= SplitRange(operand);
  if (expression.kind != ExpressionKind::kBetween || !IsTensorFigure(expression.operands[0])) {
    return changed;
  }
  BoundExpression low = expression, high = expression;
  low.kind = ExpressionKind::kGreaterOrEqual;
  low.operands = {expression.operands[0], expression.operands[1]};
  high.kind = ExpressionKind::kLessOrEqual;
  high.operands = {expression.operands[0], expression.operands[2]};
  expression.kind = ExpressionKind::kAnd;
  expression.operands = {std::move(low), std::move(high)};
  return true;
}

/// Puts a filter with the condition right above `node`, or adds it to the one that is there.
void FilterAbove(LogicalPtr& node, BoundExpression condition) {
  if (node->kind != LogicalKind::kFilter) {
    auto filter = std::make_unique<LogicalNode>();
    filter->kind = LogicalKind::kFilter;
    filter->left = std::move(node);
    node = std::move(filter);
  }
  node->conditions.push_back(std::move(condition));
}

/// Moves the condition as far down below `node` as it can go; it is a condition on rows of `node`.
void Sink(LogicalPtr& node, BoundExpression condition, const std::set<VariableId>& free) {
  if (node->kind == LogicalKind::kFilter) {
    Sink(node->left, std::move(condition), free);
    return;
  }
  if (node->kind != LogicalKind::kJoin) {
    FilterAbove(node, std::move(condition));
    return;
  }
  const bool of_right = Intersects(free, VariablesOf(*node->right));
  if (!of_right) {
    Sink(node->left, std::move(condition), free);
  } else if (node->join == JoinKind::kLeft) {
    FilterAbove(node, std::move(condition));
  } else if (!Intersects(free, VariablesOf(*node->left))) {
    Sink(node->right, std::move(condition), free);
  } else {
    node->conditions.push_back(std::move(condition));
  }
}

bool IsRowFilter(const LogicalNode& node) {
  return node.kind == LogicalKind::kFilter && node.left->kind != LogicalKind::kGroup;
}

/// Moves the conditions of a filter into the join below it. What names the optional side of a left
/// join stays above it.
bool SinkInto(LogicalNode& filter) {
  const bool optional = filter.left->join == JoinKind::kLeft;
  const auto right = VariablesOf(*filter.left->right);
  std::vector<BoundExpression> conditions = std::move(filter.conditions);
  filter.conditions.clear();
  bool changed = false;
  for (BoundExpression& condition : conditions) {
    const auto free = FreeVariables(condition);
    if (optional && Intersects(free, right)) {
      filter.conditions.push_back(std::move(condition));
      continue;
    }
    Sink(filter.left, std::move(condition), free);
    changed = true;
  }
  return changed;
}

bool PushDown(LogicalPtr& node) {
  if (node == nullptr) return false;
  bool changed = false;
  if (IsRowFilter(*node) && node->left->kind == LogicalKind::kJoin) changed = SinkInto(*node);
  // A condition of an inner join that names one side only is a filter of that side.
  if (node->kind == LogicalKind::kJoin && node->join != JoinKind::kLeft) {
    const auto left = VariablesOf(*node->left), right = VariablesOf(*node->right);
    std::vector<BoundExpression> kept;
    for (BoundExpression& condition : node->conditions) {
      const auto free = FreeVariables(condition);
      const bool of_left = Intersects(free, left), of_right = Intersects(free, right);
      if (of_left && of_right) {
        kept.push_back(std::move(condition));
        continue;
      }
      Sink(of_left ? node->left : node->right, std::move(condition), free);
      changed = true;
    }
    node->conditions = std::move(kept);
  }
  const bool left_changed = PushDown(node->left);
  const bool right_changed = PushDown(node->right);
  return changed || left_changed || right_changed;
}

bool IsHashable(const BoundExpression& left, const BoundExpression& right) {
  // kAny compares by its value at run time, which a hash of equal types serves as well.
  return left.type.kind == right.type.kind || left.type.kind == TypeKind::kAny ||
         right.type.kind == TypeKind::kAny || (MayBeNumber(left.type) && MayBeNumber(right.type));
}

bool Contains(const std::set<VariableId>& all, const std::set<VariableId>& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

/// Whether the right side reads nothing of the left one.
bool StandsAlone(const LogicalNode& node, const std::set<VariableId>& left) {
  if (node.version && Intersects(FreeVariables(*node.version), left)) return false;
  for (const auto* asked : {&node.version_conditions, &node.input_conditions}) {
    for (const BoundExpression& condition : *asked) {
      if (Intersects(FreeVariables(condition), left)) return false;
    }
  }
  for (const BoundExpression& condition : node.conditions) {
    if (Intersects(FreeVariables(condition), left)) return false;
  }
  if (node.source != nullptr) {
    for (const BoundExpression& argument : node.source->arguments) {
      if (Intersects(FreeVariables(argument), left)) return false;
    }
    if (node.source->query != nullptr) {
      for (const VariableId outer : node.source->query->outer) {
        if (left.contains(outer)) return false;
      }
    }
  }
  return (node.left == nullptr || StandsAlone(*node.left, left)) &&
         (node.right == nullptr || StandsAlone(*node.right, left));
}

bool TakeKeys(LogicalNode& join) {
  const auto left = VariablesOf(*join.left), right = VariablesOf(*join.right);
  if (!StandsAlone(*join.right, left)) return false;
  std::vector<BoundExpression> kept;
  for (BoundExpression& condition : join.conditions) {
    bool taken = false;
    if (condition.kind == ExpressionKind::kEqual &&
        IsHashable(condition.operands[0], condition.operands[1])) {
      for (const std::size_t side : {0u, 1u}) {
        const auto of_left = FreeVariables(condition.operands[side]);
        const auto of_right = FreeVariables(condition.operands[1 - side]);
        if (of_left.empty() || of_right.empty() || !Contains(right, of_right) ||
            Intersects(of_left, right)) {
          continue;
        }
        join.keys.emplace_back(condition.operands[side], condition.operands[1 - side]);
        taken = true;
        break;
      }
    }
    if (!taken) kept.push_back(std::move(condition));
  }
  join.conditions = std::move(kept);
  return !join.keys.empty();
}

constexpr std::array<Rewrite, 11> kRewrites = {{{"fold constants", FoldConstants},
                                                {"split ranges of figures", SplitFigureRanges},
                                                {"split conjunctions", SplitConjunctions},
                                                {"push filters down", PushFiltersDown},
                                                {"use the version index", UseVersionIndex},
                                                {"ask versions first", AskVersionsFirst},
                                                {"ask inputs first", AskInputsFirst},
                                                {"use the metric index", UseMetricNames},
                                                {"hash joins", UseHashJoins},
                                                {"order filters by cost", OrderByCost},
                                                {"keep the top rows", KeepTopRows}}};

}  // namespace

bool FoldConstants(LogicalPlan& plan) {
  bool changed = false;
  ForEachNode(*plan.root, [&](LogicalNode& node) {
    for (BoundExpression& condition : node.conditions) changed |= FoldConstant(condition);
    const std::size_t before = node.conditions.size();
    if (node.kind == LogicalKind::kFilter) std::erase_if(node.conditions, IsConstantTrue);
    changed = changed || before != node.conditions.size();
  });
  DropEmptyFilters(plan.root);
  return changed;
}

bool SplitConjunctions(LogicalPlan& plan) {
  bool changed = false;
  ForEachNode(*plan.root, [&](LogicalNode& node) { changed |= Split(node.conditions); });
  return changed;
}

bool SplitFigureRanges(LogicalPlan& plan) {
  bool changed = false;
  ForEachNode(*plan.root, [&](LogicalNode& node) {
    for (BoundExpression& condition : node.conditions) changed |= SplitRange(condition);
  });
  return changed;
}

bool PushFiltersDown(LogicalPlan& plan) {
  const bool changed = PushDown(plan.root);
  DropEmptyFilters(plan.root);
  return changed;
}

bool UseHashJoins(LogicalPlan& plan) {
  bool changed = false;
  if (!plan.query->outer.empty()) return false;  // a table would belong to one outer row only
  ForEachNode(*plan.root, [&](LogicalNode& node) {
    if (node.kind == LogicalKind::kJoin) changed |= TakeKeys(node);
  });
  return changed;
}

bool OrderByCost(LogicalPlan& plan) {
  bool changed = false;
  ForEachNode(*plan.root, [&](LogicalNode& node) {
    const auto cheaper = [](const BoundExpression& a, const BoundExpression& b) {
      return CostOf(a) < CostOf(b);
    };
    if (std::is_sorted(node.conditions.begin(), node.conditions.end(), cheaper)) return;
    std::stable_sort(node.conditions.begin(), node.conditions.end(), cheaper);
    changed = true;
  });
  return changed;
}

bool KeepTopRows(LogicalPlan& plan) {
  bool changed = false;
  ForEachNode(*plan.root, [&](LogicalNode& node) {
    if (node.kind != LogicalKind::kLimit || node.left->kind != LogicalKind::kSort) return;
    if (!node.select->limit) return;
    node.left->top = true;
    changed = true;
  });
  return changed;
}

std::span<const Rewrite> Rewrites() { return kRewrites; }

void ApplyRewrites(LogicalPlan& plan) {
  for (const Rewrite& rewrite : kRewrites) {
    if (rewrite.apply(plan)) plan.applied.emplace_back(rewrite.name);
  }
}

}  // namespace dlv::query
