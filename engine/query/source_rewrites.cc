// Rewrites that tell a source which of its rows are wanted.

#include "engine/query/analysis.h"
#include "engine/query/predictions.h"
#include "engine/query/rewrite_tools.h"
#include "engine/query/rewrites.h"

namespace dlv::query {
namespace {

/// The column that says which version a row of the relation belongs to.
std::optional<ColumnId> VersionColumn(RelationId relation) {
  switch (relation) {
    case RelationId::kSnapshots:
      return ColumnId::kSnapshotVersion;
    case RelationId::kNodes:
      return ColumnId::kNodeVersion;
    case RelationId::kEdges:
      return ColumnId::kEdgeVersion;
    case RelationId::kTensors:
      return ColumnId::kTensorVersion;
    case RelationId::kMetrics:
      return ColumnId::kMetricVersion;
    case RelationId::kHparams:
      return ColumnId::kHparamVersion;
    case RelationId::kTags:
      return ColumnId::kTagVersion;
    case RelationId::kEvaluations:
      return ColumnId::kEvaluationVersion;
    case RelationId::kFiles:
      return ColumnId::kFileVersion;
    case RelationId::kLineage:
      return ColumnId::kLineageChild;
    default:
      return std::nullopt;
  }
}

bool NamesVersionOf(const BoundExpression& expression, const BoundSource& source) {
  if (source.relation == RelationId::kVersions) {
    return expression.kind == ExpressionKind::kVariable && expression.variable == source.variable;
  }
  const auto column = VersionColumn(source.relation);
  return column && expression.kind == ExpressionKind::kColumn && expression.column == *column &&
         expression.operands[0].kind == ExpressionKind::kVariable &&
         expression.operands[0].variable == source.variable;
}

/// The other side of an equality with the version of the source's rows; null where it is none.
const BoundExpression* VersionAskedFor(const BoundExpression& condition,
                                       const BoundSource& source) {
  if (condition.kind != ExpressionKind::kEqual) return nullptr;
  for (const std::size_t side : {0u, 1u}) {
    const BoundExpression& other = condition.operands[1 - side];
    if (NamesVersionOf(condition.operands[side], source) &&
        !FreeVariables(other).contains(source.variable)) {
      return &other;
    }
  }
  return nullptr;
}

/// Takes the first condition that asks for one version of `source`'s rows.
bool TakeVersion(std::vector<BoundExpression>& conditions, LogicalNode& source) {
  if (source.version || source.source->kind != SourceKind::kRelation) return false;
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const BoundExpression* asked = VersionAskedFor(conditions[i], *source.source);
    if (asked == nullptr) continue;
    source.version = *asked;
    conditions.erase(conditions.begin() + static_cast<std::ptrdiff_t>(i));
    return true;
  }
  return false;
}

/// The source below filters; null where there is none.
LogicalNode* SourceBelow(LogicalNode* node) {
  while (node != nullptr && node->kind == LogicalKind::kFilter) node = node->left.get();
  return node != nullptr && node->kind == LogicalKind::kSource ? node : nullptr;
}

/// Whether all that the expression reads of the source's rows is their version.
bool ReadsVersionAlone(const BoundExpression& expression, const BoundSource& source) {
  if (NamesVersionOf(expression, source)) return true;
  const bool reads = expression.kind == ExpressionKind::kVariable ||
                     expression.kind == ExpressionKind::kField ||
                     expression.kind == ExpressionKind::kCapture;
  if (reads && expression.variable == source.variable) return false;
  if (expression.query != nullptr || expression.node_template != nullptr) return false;
  for (const BoundExpression& operand : expression.operands) {
    if (!ReadsVersionAlone(operand, source)) return false;
  }
  return true;
}

/// The variable itself in the place of its version.
void ReadVariableInstead(BoundExpression& expression, const BoundSource& source) {
  if (NamesVersionOf(expression, source)) {
    BoundExpression variable = std::move(expression.operands[0]);
    variable.type = expression.type;
    variable.place = expression.place;
    expression = std::move(variable);
    return;
  }
  for (BoundExpression& operand : expression.operands) ReadVariableInstead(operand, source);
}

bool TakeVersionConditions(LogicalNode& filter, LogicalNode& node) {
  const BoundSource& source = *node.source;
  if (source.kind != SourceKind::kRelation || !VersionColumn(source.relation)) return false;
  std::vector<BoundExpression> kept;
  for (BoundExpression& condition : filter.conditions) {
    if (FreeVariables(condition).contains(source.variable) &&
        ReadsVersionAlone(condition, source)) {
      ReadVariableInstead(condition, source);
      node.version_conditions.push_back(std::move(condition));
    } else {
      kept.push_back(std::move(condition));
    }
  }
  const bool changed = kept.size() != filter.conditions.size();
  filter.conditions = std::move(kept);
  return changed;
}

/// Whether all that the expression reads are the number and the label of the source's answers.
bool ReadsInputAlone(const BoundExpression& expression, const BoundSource& source) {
  if (expression.kind == ExpressionKind::kField && expression.variable == source.variable) {
    const auto field = static_cast<PredictionField>(expression.index);
    return field == PredictionField::kInput || field == PredictionField::kTruth;
  }
  const bool other = expression.kind == ExpressionKind::kVariable ||
                     expression.kind == ExpressionKind::kField ||
                     expression.kind == ExpressionKind::kCapture;
  if (other || expression.query != nullptr || expression.node_template != nullptr) return false;
  for (const BoundExpression& operand : expression.operands) {
    if (!ReadsInputAlone(operand, source)) return false;
  }
  return true;
}

bool TakeInputConditions(LogicalNode& filter, LogicalNode& node) {
  if (node.source->kind != SourceKind::kPredict) return false;
  const std::size_t before = filter.conditions.size();
  std::vector<BoundExpression> kept;
  for (BoundExpression& condition : filter.conditions) {
    const bool taken = ReadsInputAlone(condition, *node.source);
    (taken ? node.input_conditions : kept).push_back(std::move(condition));
  }
  filter.conditions = std::move(kept);
  return filter.conditions.size() != before;
}

}  // namespace

bool AskInputsFirst(LogicalPlan& plan) {
  bool changed = false;
  ForEachNode(*plan.root, [&](LogicalNode& node) {
    if (node.kind != LogicalKind::kFilter) return;
    if (LogicalNode* source = SourceBelow(&node)) changed |= TakeInputConditions(node, *source);
  });
  DropEmptyFilters(plan.root);
  return changed;
}

bool UseVersionIndex(LogicalPlan& plan) {
  bool changed = false;
  ForEachNode(*plan.root, [&](LogicalNode& node) {
    if (node.kind == LogicalKind::kFilter) {
      if (LogicalNode* source = SourceBelow(&node))
        changed |= TakeVersion(node.conditions, *source);
    } else if (node.kind == LogicalKind::kJoin) {
      if (LogicalNode* source = SourceBelow(node.right.get())) {
        changed |= TakeVersion(node.conditions, *source);
      }
    }
  });
  DropEmptyFilters(plan.root);
  return changed;
}

bool AskVersionsFirst(LogicalPlan& plan) {
  bool changed = false;
  ForEachNode(*plan.root, [&](LogicalNode& node) {
    if (node.kind != LogicalKind::kFilter) return;
    if (LogicalNode* source = SourceBelow(&node)) changed |= TakeVersionConditions(node, *source);
  });
  DropEmptyFilters(plan.root);
  return changed;
}

bool UseMetricNames(LogicalPlan& plan) {
  bool changed = false;
  ForEachNode(*plan.root, [&](LogicalNode& node) {
    LogicalNode* source = node.kind == LogicalKind::kFilter ? SourceBelow(&node) : nullptr;
    if (node.kind == LogicalKind::kJoin) source = SourceBelow(node.right.get());
    if (source == nullptr || source->source->kind != SourceKind::kRelation ||
        source->source->relation != RelationId::kMetrics || source->metrics) {
      return;
    }
    for (std::size_t i = 0; i < node.conditions.size(); ++i) {
      auto names = SeriesAskedFor(node.conditions[i], source->source->variable);
      if (!names) continue;
      source->metrics = std::move(names);
      node.conditions.erase(node.conditions.begin() + static_cast<std::ptrdiff_t>(i));
      changed = true;
      return;
    }
  });
  DropEmptyFilters(plan.root);
  return changed;
}

}  // namespace dlv::query
