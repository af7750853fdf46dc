#include "engine/query/analysis.h"

#include <algorithm>

namespace dlv::query {
namespace {

/// The variable that the expression binds in its second operand.
bool Binds(ExpressionKind kind) {
  return kind == ExpressionKind::kMap || kind == ExpressionKind::kSome ||
         kind == ExpressionKind::kEvery;
}

bool ReadsVariable(ExpressionKind kind) {
  return kind == ExpressionKind::kVariable || kind == ExpressionKind::kField ||
         kind == ExpressionKind::kCapture;
}

void AddFree(const BoundExpression& expression, std::set<VariableId> bound,
             std::set<VariableId>& free) {
  if (ReadsVariable(expression.kind) && !bound.contains(expression.variable)) {
    free.insert(expression.variable);
  }
  if (expression.query != nullptr) {
    for (const VariableId variable : expression.query->outer) {
      if (!bound.contains(variable)) free.insert(variable);
    }
  }
  if (Binds(expression.kind)) bound.insert(expression.variable);
  for (const BoundExpression& operand : expression.operands) AddFree(operand, bound, free);
  if (expression.node_template == nullptr || !expression.node_template->name) return;
  AddFree(*expression.node_template->name, bound, free);
}

Cost CostOfKind(const BoundExpression& expression) {
  switch (expression.kind) {
    case ExpressionKind::kConstant:
    case ExpressionKind::kParameter:
    case ExpressionKind::kVariable:
      return Cost::kFree;
    case ExpressionKind::kExists:
    case ExpressionKind::kInQuery:
    case ExpressionKind::kScalarQuery:
      return Cost::kNested;
    case ExpressionKind::kSelect:
    case ExpressionKind::kNext:
    case ExpressionKind::kPrevious:
    case ExpressionKind::kReachNext:
    case ExpressionKind::kReachPrevious:
    case ExpressionKind::kMatches:
    case ExpressionKind::kAttribute:
      return Cost::kGraph;
    case ExpressionKind::kTensors:
    case ExpressionKind::kNodeTensors:
      return Cost::kTensor;
    case ExpressionKind::kFunction:
      return IsTensorFigure(expression) ? Cost::kTensor : Cost::kMetadata;
    default:
      return Cost::kMetadata;
  }
}

/// Kinds whose value depends on the network alone when their operands' do.
bool IsPureOfGraph(const BoundExpression& part) {
  switch (part.kind) {
    case ExpressionKind::kParameter:
    case ExpressionKind::kField:
    case ExpressionKind::kGroupKey:
    case ExpressionKind::kAggregate:
    case ExpressionKind::kNow:
    case ExpressionKind::kMetric:
    case ExpressionKind::kHparam:
    case ExpressionKind::kTag:
    case ExpressionKind::kIsAlias:
    case ExpressionKind::kTensors:
    case ExpressionKind::kNodeTensors:
    case ExpressionKind::kParents:
    case ExpressionKind::kAncestors:
    case ExpressionKind::kDescendants:
    case ExpressionKind::kInQuery:
    case ExpressionKind::kExists:
    case ExpressionKind::kScalarQuery:
      return false;
    case ExpressionKind::kColumn:
      return part.column >= ColumnId::kNodeName && part.column <= ColumnId::kNodeParameterCount;
    case ExpressionKind::kFunction:
      return part.function >= Function::kSize || part.function == Function::kShape ||
             part.function == Function::kNumel || part.function == Function::kAttributeNamed;
    default:
      return true;
  }
}

bool HasKind(const BoundExpression& expression, ExpressionKind kind) {
  bool found = false;
  Visit(expression, [&](const BoundExpression& part) { found = found || part.kind == kind; });
  return found;
}

/// Whether the variable stands only where its network is asked for.
bool OnlySelectsFrom(const BoundExpression& expression, VariableId variable) {
  if (expression.kind == ExpressionKind::kVariable) return expression.variable != variable;
  for (const BoundExpression& operand : expression.operands) {
    const bool network_only =
        expression.kind == ExpressionKind::kSelect && operand.kind == ExpressionKind::kVariable;
    if (!network_only && !OnlySelectsFrom(operand, variable)) return false;
  }
  return true;
}

void NeedColumn(ColumnId column, Needs& needs) {
  switch (column) {
    case ColumnId::kVersionNote:
      needs.notes = true;
      break;
    case ColumnId::kVersionAliases:
      needs.aliases = true;
      break;
    case ColumnId::kVersionNodeCount:
    case ColumnId::kVersionNetworkId:
    case ColumnId::kVersionInput:
    case ColumnId::kVersionOutput:
      needs.graphs = true;
      break;
    default:
      break;
  }
}

void NeedRelation(RelationId relation, Needs& needs) {
  switch (relation) {
    case RelationId::kSnapshots:
    case RelationId::kTensors:
      needs.snapshots = true;
      break;
    case RelationId::kNodes:
    case RelationId::kEdges:
      needs.graphs = true;
      break;
    case RelationId::kHparams:
      needs.all_hparams = true;
      break;
    case RelationId::kTags:
      needs.tags = true;
      break;
    case RelationId::kEvaluations:
      needs.evaluations = true;
      break;
    case RelationId::kFiles:
      needs.files = true;
      break;
    case RelationId::kLineage:
      needs.lineage = true;
      break;
    case RelationId::kQueries:
      needs.queries = true;
      break;
    default:
      break;
  }
}

void NeedPart(const BoundExpression& part, Needs& needs) {
  switch (part.kind) {
    case ExpressionKind::kColumn:
      NeedColumn(part.column, needs);
      break;
    case ExpressionKind::kMetric:
      (part.metric == MetricFigure::kLast ? needs.metrics : needs.series).insert(part.name);
      break;
    case ExpressionKind::kHparam:
      needs.hparams.insert(part.name);
      break;
    case ExpressionKind::kTag:
      needs.tags = true;
      break;
    case ExpressionKind::kIsAlias:
      needs.aliases = true;
      break;
    case ExpressionKind::kSelect:
    case ExpressionKind::kNodeTensors:
      needs.graphs = true;
      break;
    case ExpressionKind::kParents:
    case ExpressionKind::kAncestors:
    case ExpressionKind::kDescendants:
      needs.lineage = true;
      break;
    case ExpressionKind::kFunction:
      if (part.function == Function::kLowestCommonAncestor ||
          part.function == Function::kDepthBetween) {
        needs.lineage = true;
      }
      break;
    default:
      break;
  }
  if (part.query != nullptr) CollectNeeds(*part.query, needs);
}

void NeedExpression(const BoundExpression& expression, Needs& needs) {
  Visit(expression, [&](const BoundExpression& part) { NeedPart(part, needs); });
}

bool IsMetricName(const BoundExpression& expression, VariableId variable) {
  return expression.kind == ExpressionKind::kColumn && expression.column == ColumnId::kMetricName &&
         expression.operands[0].kind == ExpressionKind::kVariable &&
         expression.operands[0].variable == variable;
}

const std::string* TextConstant(const BoundExpression& expression) {
  if (expression.kind != ExpressionKind::kConstant) return nullptr;
  return std::get_if<std::string>(&expression.constant);
}

/// Adds the names of series that conditions on `variable`, joined by `and`, leave over; false where
/// there is no such condition.
bool AddSeriesAskedFor(const BoundExpression& where, VariableId variable, Needs& needs) {
  if (where.kind == ExpressionKind::kAnd) {
    return std::any_of(where.operands.begin(), where.operands.end(), [&](const auto& operand) {
      return AddSeriesAskedFor(operand, variable, needs);
    });
  }
  const auto names = SeriesAskedFor(where, variable);
  if (names) needs.series.insert(names->begin(), names->end());
  return names.has_value();
}

void NeedMetrics(const BoundSource& source, const std::optional<BoundExpression>& where,
                 Needs& needs) {
  const bool some = (where && AddSeriesAskedFor(*where, source.variable, needs)) ||
                    (source.on && AddSeriesAskedFor(*source.on, source.variable, needs));
  if (!some) needs.all_series = true;
}

void NeedSources(const std::vector<BoundSource>& sources,
                 const std::optional<BoundExpression>& where, Needs& needs) {
  for (const BoundSource& source : sources) {
    if (source.kind == SourceKind::kRelation) NeedRelation(source.relation, needs);
    if (source.kind == SourceKind::kRelation && source.relation == RelationId::kMetrics) {
      NeedMetrics(source, where, needs);
    }
    needs.aliases = needs.aliases || !source.version_alias.empty();
    needs.graphs = needs.graphs || source.kind == SourceKind::kPredict;
    needs.lineage = needs.lineage || (source.kind >= SourceKind::kParents &&
                                      source.kind <= SourceKind::kLowestCommonAncestors);
    for (const BoundExpression& argument : source.arguments) NeedExpression(argument, needs);
    if (source.on) NeedExpression(*source.on, needs);
    if (source.query != nullptr) CollectNeeds(*source.query, needs);
  }
}

struct NeedBody {
  Needs& needs;
  void operator()(const BoundSelect& select) const {
    NeedSources(select.sources, select.where, needs);
    if (select.where) NeedExpression(*select.where, needs);
    if (select.having) NeedExpression(*select.having, needs);
    for (const BoundExpression& key : select.group_keys) NeedExpression(key, needs);
    for (const BoundAggregate& aggregate : select.aggregates) {
      if (aggregate.argument) NeedExpression(*aggregate.argument, needs);
    }
    for (const BoundOutput& output : select.outputs) NeedExpression(output.value, needs);
    for (const BoundOrder& order : select.order_by) NeedExpression(order.value, needs);
  }
  void operator()(const BoundSlice& slice) const {
    needs.graphs = true;
    NeedSources(slice.sources, slice.where, needs);
    if (slice.where) NeedExpression(*slice.where, needs);
    for (const BoundExpression& end : slice.inputs) NeedExpression(end, needs);
    for (const BoundExpression& end : slice.outputs) NeedExpression(end, needs);
  }
  void operator()(const BoundConstruct& construct) const {
    needs.graphs = true;
    NeedSources(construct.sources, construct.where, needs);
    if (construct.where) NeedExpression(*construct.where, needs);
    for (const BoundAction& action : construct.actions) {
      NeedExpression(action.target, needs);
      if (action.nodes) NeedExpression(*action.nodes, needs);
    }
  }
  void operator()(const BoundEvaluate& evaluate) const {
    needs.graphs = true;
    NeedSources(evaluate.sources, evaluate.where, needs);
    if (evaluate.where) NeedExpression(*evaluate.where, needs);
  }
};

}  // namespace

void Visit(const BoundExpression& expression,
           const std::function<void(const BoundExpression&)>& visit) {
  visit(expression);
  for (const BoundExpression& operand : expression.operands) Visit(operand, visit);
  if (expression.node_template == nullptr || !expression.node_template->name) return;
  Visit(*expression.node_template->name, visit);
}

std::set<VariableId> FreeVariables(const BoundExpression& expression) {
  std::set<VariableId> free;
  AddFree(expression, {}, free);
  return free;
}

bool IsTensorFigure(const BoundExpression& expression) {
  if (expression.kind != ExpressionKind::kFunction) return false;
  return expression.function <= Function::kCosine;
}

Cost CostOf(const BoundExpression& expression) {
  Cost cost = Cost::kFree;
  Visit(expression, [&](const BoundExpression& part) { cost = std::max(cost, CostOfKind(part)); });
  return cost;
}

std::optional<VariableId> GraphVariable(const BoundExpression& expression) {
  const std::set<VariableId> free = FreeVariables(expression);
  if (free.size() != 1 || !HasKind(expression, ExpressionKind::kSelect)) return std::nullopt;
  bool pure = true;
  Visit(expression, [&](const BoundExpression& part) { pure = pure && IsPureOfGraph(part); });
  if (!pure || !OnlySelectsFrom(expression, *free.begin())) return std::nullopt;
  return *free.begin();
}

std::optional<std::vector<std::string>> SeriesAskedFor(const BoundExpression& condition,
                                                       VariableId variable) {
  const bool equal = condition.kind == ExpressionKind::kEqual;
  if (!equal && condition.kind != ExpressionKind::kIn) return std::nullopt;
  const BoundExpression* named = nullptr;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < condition.operands.size(); ++i) {
    const BoundExpression& operand = condition.operands[i];
    if (IsMetricName(operand, variable) && (i == 0 || equal)) {
      named = &operand;
    } else if (const std::string* text = TextConstant(operand)) {
      names.push_back(*text);
    } else {
      return std::nullopt;
    }
  }
  if (named == nullptr) return std::nullopt;
  return names;
}

void CollectNeeds(const BoundQuery& query, Needs& needs) {
  std::visit(NeedBody{needs}, query.body);
}

}  // namespace dlv::query
