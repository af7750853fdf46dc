#include "engine/query/describe.h"

#include <cstdio>

#include "engine/query/print.h"

namespace dlv::query {
namespace {

std::string TextOf(const Constant& constant) {
  if (std::holds_alternative<std::monostate>(constant)) return "null";
  if (const auto* boolean = std::get_if<bool>(&constant)) return *boolean ? "true" : "false";
  if (const auto* integer = std::get_if<std::int64_t>(&constant)) return std::to_string(*integer);
  if (const auto* text = std::get_if<std::string>(&constant)) return Quoted(*text);
  char number[40];
  if (const auto* real = std::get_if<double>(&constant)) {
    std::snprintf(number, sizeof number, "%.15g", *real);
    return number;
  }
  return "time(" + std::to_string(std::get<Instant>(constant).seconds) + ")";
}

const char* SignOf(ExpressionKind kind) {
  switch (kind) {
    case ExpressionKind::kAdd:
      return " + ";
    case ExpressionKind::kSubtract:
      return " - ";
    case ExpressionKind::kMultiply:
      return " * ";
    case ExpressionKind::kDivide:
      return " / ";
    case ExpressionKind::kRemainder:
      return " % ";
    case ExpressionKind::kConcatenate:
      return " || ";
    case ExpressionKind::kEqual:
      return " = ";
    case ExpressionKind::kNotEqual:
      return " != ";
    case ExpressionKind::kLess:
      return " < ";
    case ExpressionKind::kLessOrEqual:
      return " <= ";
    case ExpressionKind::kGreater:
      return " > ";
    case ExpressionKind::kGreaterOrEqual:
      return " >= ";
    case ExpressionKind::kLike:
      return " like ";
    case ExpressionKind::kIlike:
      return " ilike ";
    case ExpressionKind::kRegexMatch:
      return " ~ ";
    case ExpressionKind::kAnd:
      return " and ";
    case ExpressionKind::kOr:
      return " or ";
    default:
      return nullptr;
  }
}

constexpr const char* kFunctionNames[] = {
    "norm",     "mean",    "std",       "min",      "max",         "nan_count", "inf_count",
    "sparsity", "entropy", "distance",  "cosine",   "changed",     "shape",     "numel",
    "dtype",    "concat",  "latest_of", "lca",      "depth",       "attribute", "size",
    "first",    "last",    "element",   "contains", "abs",         "round",     "floor",
    "ceil",     "sqrt",    "ln",        "log2",     "log10",       "exp",       "power",
    "sign",     "least",   "greatest",  "coalesce", "nullif",      "lower",     "upper",
    "length",   "trim",    "replace",   "substr",   "starts_with", "ends_with", "text",
    "integer",  "real",    "timestamp", "days",     "hours",       "list"};
static_assert(std::size(kFunctionNames) == static_cast<std::size_t>(Function::kList) + 1);

constexpr const char* kAggregateNames[] = {"count(*)", "count", "avg", "min", "max", "sum"};

class Describer {
 public:
  explicit Describer(const BoundStatement& statement) : statement_(statement) {}

  std::string Of(const BoundExpression& e) const {
    const auto operand = [&](std::size_t i) { return Of(e.operands[i]); };
    switch (e.kind) {
      case ExpressionKind::kConstant:
        return TextOf(e.constant);
      case ExpressionKind::kParameter:
        return ":" + statement_.parameters[e.index].name;
      case ExpressionKind::kVariable:
        return Name(e.variable);
      case ExpressionKind::kField:
        return Name(e.variable) + "." + FieldName(e);
      case ExpressionKind::kGroupKey:
        return "key " + std::to_string(e.index + 1);
      case ExpressionKind::kAggregate:
        return "aggregate " + std::to_string(e.index + 1);
      case ExpressionKind::kCapture:
        return Name(e.variable) + "$" + std::to_string(e.index);
      case ExpressionKind::kNow:
        return "now()";
      case ExpressionKind::kColumn:
        return operand(0) + "." + std::string(ColumnOf(e.column).name);
      case ExpressionKind::kMetric:
        return operand(0) + ".metrics[" + Quoted(e.name) + "]" + FigureOf(e);
      case ExpressionKind::kHparam:
        return operand(0) + ".hparams[" + Quoted(e.name) + "]";
      case ExpressionKind::kTag:
        return operand(0) + ".tags[" + Quoted(e.name) + "]";
      case ExpressionKind::kAttribute:
        return operand(0) + "." + WrittenName(e.name);
      case ExpressionKind::kIsAlias:
        return operand(0) + "@" + e.name;
      default:
        return OfSet(e);
    }
  }

  std::string Of(const BoundQuery& query) const {
    std::string text = std::visit([this](const auto& body) { return OfBody(body); }, query.body);
    if (!query.save_as.empty()) text += " save as " + Quoted(query.save_as);
    return text;
  }

 private:
  std::string Name(VariableId id) const {
    const std::string& name = statement_.variables[id].name;
    return name.empty() ? "e" + std::to_string(id) : WrittenName(name);
  }

  std::string FieldName(const BoundExpression& e) const {
    const auto& fields = statement_.variables[e.variable].fields;
    return e.index < fields.size() ? WrittenName(fields[e.index].first) : std::to_string(e.index);
  }

  std::string FigureOf(const BoundExpression& e) const {
    switch (e.metric) {
      case MetricFigure::kLast:
        return "";
      case MetricFigure::kMin:
        return ".min";
      case MetricFigure::kMax:
        return ".max";
      case MetricFigure::kSeries:
        return ".series";
      case MetricFigure::kAt:
        return ".at(" + Of(e.operands[1]) + ")";
    }
    return "";
  }

  std::string OfSet(const BoundExpression& e) const {
    const auto operand = [&](std::size_t i) { return Of(e.operands[i]); };
    const auto each = [&](const char* word) {
      return std::string("(") + word + " " + Name(e.variable) + " in " + operand(0) + ": " +
             operand(1) + ")";
    };
    switch (e.kind) {
      case ExpressionKind::kSelect:
        return operand(0) + "[" + Quoted(e.selector->text()) + "]";
      case ExpressionKind::kTensors:
        return operand(0) + ".tensors[" + Quoted(e.selector->text()) + "]";
      case ExpressionKind::kNext:
        return operand(0) + ".next";
      case ExpressionKind::kPrevious:
        return operand(0) + ".prev";
      case ExpressionKind::kReachNext:
        return operand(0) + ".next*";
      case ExpressionKind::kReachPrevious:
        return operand(0) + ".prev*";
      case ExpressionKind::kPort:
        return operand(0) + ".out[" + std::to_string(e.index) + "]";
      case ExpressionKind::kNodeTensors:
        return operand(0) + "." + (e.name.empty() ? "parameters" : e.name);
      case ExpressionKind::kParents:
        return "parent(" + operand(0) + ")";
      case ExpressionKind::kAncestors:
        return "ancestor(" + operand(0) + ")";
      case ExpressionKind::kDescendants:
        return "descendant(" + operand(0) + ")";
      case ExpressionKind::kMap:
        return each("each");
      case ExpressionKind::kSome:
        return each("some");
      case ExpressionKind::kEvery:
        return each("every");
      case ExpressionKind::kMembers:
        return "list of " + operand(0);
      case ExpressionKind::kNotEmpty:
        return operand(0) + " exists";
      case ExpressionKind::kMatches:
        return operand(0) + " has " + OfTemplate(*e.node_template);
      default:
        return OfOperator(e);
    }
  }

  std::string OfOperator(const BoundExpression& e) const {
    const auto operand = [&](std::size_t i) { return Of(e.operands[i]); };
    switch (e.kind) {
      case ExpressionKind::kNegate:
        return "-" + operand(0);
      case ExpressionKind::kNot:
        return "not " + operand(0);
      case ExpressionKind::kIsNull:
        return operand(0) + " is null";
      case ExpressionKind::kIsNan:
        return operand(0) + " is nan";
      case ExpressionKind::kBetween:
        return "(" + operand(0) + " between " + operand(1) + " and " + operand(2) + ")";
      case ExpressionKind::kIn:
        return operand(0) + " in (" + List(e.operands, 1) + ")";
      case ExpressionKind::kInList:
        return operand(0) + " in " + operand(1);
      case ExpressionKind::kInQuery:
        return operand(0) + " in (" + Of(*e.query) + ")";
      case ExpressionKind::kExists:
        return "exists (" + Of(*e.query) + ")";
      case ExpressionKind::kScalarQuery:
        return "(" + Of(*e.query) + ")";
      case ExpressionKind::kConvert:
        return NameOf(e.type) + "?(" + operand(0) + ")";
      case ExpressionKind::kFunction:
        return std::string(kFunctionNames[static_cast<std::size_t>(e.function)]) + "(" +
               List(e.operands, 0) + ")";
      default:
        return Chain(e);
    }
  }

  std::string Chain(const BoundExpression& e) const {
    const char* const sign = SignOf(e.kind);
    std::string text = "(";
    for (std::size_t i = 0; i < e.operands.size(); ++i) {
      text += (i > 0 && sign != nullptr ? sign : "") + Of(e.operands[i]);
    }
    return text + ")";
  }

  std::string List(const BoundExpressions& values, std::size_t first) const {
    std::string text;
    for (std::size_t i = first; i < values.size(); ++i) {
      text += (i > first ? ", " : "") + Of(values[i]);
    }
    return text;
  }

  std::string OfTemplate(const BoundTemplate& made) const {
    std::string arguments;
    const auto add = [&](const std::string& one) {
      arguments += (arguments.empty() ? "" : ", ") + one;
    };
    if (!made.checked.kind.empty()) add(Quoted(made.checked.kind));
    if (made.name) add(Of(*made.name));
    for (const std::int64_t size : made.checked.kernel) add(std::to_string(size));
    for (const NetworkAttribute& property : made.checked.properties) add(property.name + " = ...");
    return made.checked.family + "(" + arguments + ")";
  }

  static std::string NameOfList(SourceKind kind) {
    switch (kind) {
      case SourceKind::kParents:
        return "parent";
      case SourceKind::kAncestors:
        return "ancestor";
      case SourceKind::kDescendants:
        return "descendant";
      case SourceKind::kPath:
        return "path";
      case SourceKind::kLowestCommonAncestors:
        return "lca";
      default:
        return "unnest";
    }
  }
  std::string OfSource(const BoundSource& source) const {
    const std::string name = Name(source.variable);
    switch (source.kind) {
      case SourceKind::kRelation: {
        std::string text(SchemaOf(source.relation).name);
        if (source.models != nullptr) text += " of " + Quoted(source.models->text());
        if (!source.version_alias.empty()) text += "@" + source.version_alias;
        return text + " " + name;
      }
      case SourceKind::kParents:
      case SourceKind::kAncestors:
      case SourceKind::kDescendants:
      case SourceKind::kPath:
      case SourceKind::kLowestCommonAncestors:
      case SourceKind::kUnnest:
        return NameOfList(source.kind) + "(" + List(source.arguments, 0) + ") " + name;
      case SourceKind::kQuery:
        return "(" + Of(*source.query) + ") " + name;
      case SourceKind::kPrevious:
        return "_ " + name;
      case SourceKind::kPredict:
        return "predict(" + Of(source.arguments[0]) + NameOfMode(source.mode) +
               OfSettings(source.settings, source.arguments, 1) + ") " + name;
    }
    return name;
  }

  static std::string NameOfMode(PredictMode mode) {
    if (mode == PredictMode::kExact) return " exact";
    return mode == PredictMode::kHeuristic ? " heuristic" : " within";
  }
  std::string OfSettings(const std::vector<RunSetting>& settings, const BoundExpressions& values,
                         std::size_t first) const {
    std::string text;
    for (std::size_t i = 0; i < settings.size(); ++i) {
      text += (i == 0 ? " with " : ", ") + std::string(NameOf(settings[i])) + " = " +
              Of(values[first + i]);
    }
    return text;
  }

  std::string OfSources(const std::vector<BoundSource>& sources) const {
    std::string text;
    for (const BoundSource& source : sources) {
      text += text.empty()                      ? " from "
              : source.join == JoinKind::kLeft  ? " left join "
              : source.join == JoinKind::kInner ? " join "
                                                : ", ";
      text += OfSource(source);
      if (source.on) text += " on " + Of(*source.on);
    }
    return text;
  }

  std::string OfBody(const BoundSelect& select) const {
    std::string text = select.distinct ? "select distinct" : "select";
    const char* between = " ";
    for (const BoundOutput& output : select.outputs) {
      text += between + Of(output.value) + " as " + WrittenName(output.name) + " " +
              NameOf(output.type);
      between = ", ";
    }
    text += OfSources(select.sources);
    if (select.where) text += " where " + Of(*select.where);
    if (!select.group_keys.empty()) text += " group by " + List(select.group_keys, 0);
    between = " aggregates ";
    for (const BoundAggregate& aggregate : select.aggregates) {
      text += between + std::string(kAggregateNames[static_cast<std::size_t>(aggregate.function)]);
      if (aggregate.argument) {
        text += std::string("(") + (aggregate.distinct ? "distinct " : "") +
                Of(*aggregate.argument) + ")";
      }
      between = ", ";
    }
    if (select.having) text += " having " + Of(*select.having);
    between = " order by ";
    for (const BoundOrder& order : select.order_by) {
      text += between + Of(order.value) + (order.descending ? " desc" : "") +
              (order.nulls_first ? " nulls first" : "");
      between = ", ";
    }
    if (select.limit) text += " limit " + Of(*select.limit);
    if (select.offset) text += " offset " + Of(*select.offset);
    return text;
  }

  std::string OfBody(const BoundSlice& slice) const {
    std::string text = "slice " + Name(slice.subject) + OfSources(slice.sources);
    if (slice.where) text += " where " + Of(*slice.where);
    return text + " input " + List(slice.inputs, 0) + " output " + List(slice.outputs, 0) +
           (slice.closure ? " with closure" : "");
  }

  std::string OfBody(const BoundConstruct& construct) const {
    std::string text = "construct " + Name(construct.subject) + OfSources(construct.sources);
    const char* between = " nodes ";
    for (const NodeVariable& node : construct.node_variables) {
      text += between + Name(node.variable) + " in " + Quoted(node.selector->text()) +
              (node.in_where ? "" : " (all)");
      between = ", ";
    }
    if (construct.where) text += " where " + Of(*construct.where);
    for (const BoundAction& action : construct.actions) {
      text += (action.kind == ActionKind::kInsert ? "; insert behind " : "; delete ") +
              Of(action.target);
      if (action.port) text += ".out[" + std::to_string(*action.port) + "]";
      if (action.made != nullptr) text += " = " + OfTemplate(*action.made);
      if (action.nodes) text += " = " + Of(*action.nodes);
      if (action.keep) text += " keep " + std::to_string(*action.keep);
    }
    return text;
  }

  std::string OfBody(const BoundEvaluate& evaluate) const {
    std::string text = "evaluate" + OfSources(evaluate.sources);
    if (evaluate.config) text += " config " + Quoted(*evaluate.config);
    text += OfSettings(evaluate.settings, evaluate.values, 0);
    if (evaluate.where) text += " where " + Of(*evaluate.where);
    for (const auto& dimension : evaluate.vary) {
      text += "; vary " + dimension.path +
              (dimension.values.empty() ? " auto" : " in (" + List(dimension.values, 0) + ")");
    }
    for (const auto& rule : evaluate.keep) {
      text += rule.kind == BoundEvaluate::Rule::Kind::kTop ? "; keep " + std::to_string(rule.count)
                                                           : "; keep threshold";
      text += " by " + rule.metric + (rule.ascending ? " asc" : " desc");
      if (rule.iterations > 0) text += " after " + std::to_string(rule.iterations);
    }
    if (evaluate.save) text += "; save";
    return text;
  }

  const BoundStatement& statement_;
};

}  // namespace

std::string Describe(const BoundExpression& expression, const BoundStatement& statement) {
  return Describer(statement).Of(expression);
}

std::string Describe(const BoundQuery& query, const BoundStatement& statement) {
  return Describer(statement).Of(query);
}

}  // namespace dlv::query
