#include "engine/query/physical_plan.h"

#include <algorithm>
#include <cctype>

#include "engine/query/analysis.h"
#include "engine/query/rewrites.h"

namespace dlv::query {
namespace {

/// The statement's text at a place, on one line.
std::string TextAt(const Execution& execution, Place place) {
  const StoredText* stored = execution.statement().StoredAt(place);
  const std::string& text = stored == nullptr ? execution.statement().text : stored->text;
  const std::size_t begin = stored == nullptr ? 0 : stored->begin;
  std::string out;
  for (std::size_t i = place.begin - begin; i + begin < place.end && i < text.size(); ++i) {
    const bool space = std::isspace(static_cast<unsigned char>(text[i])) != 0;
    if (!space) out += text[i];
    if (space && !out.empty() && out.back() != ' ') out += ' ';
  }
  return out;
}

std::string TextOfAll(const Execution& execution, const std::vector<BoundExpression>& conditions) {
  std::string text;
  for (const BoundExpression& condition : conditions) {
    text += (text.empty() ? "" : " and ") + TextAt(execution, condition.place);
    if (GraphVariable(condition)) text += " [once a network]";
  }
  return text;
}

double RowsOf(const Snapshot& snapshot, RelationId relation) {
  const auto versions = static_cast<double>(snapshot.versions.size());
  switch (relation) {
    case RelationId::kVersions:
      return versions;
    case RelationId::kModels:
      return static_cast<double>(snapshot.models.size());
    case RelationId::kSnapshots:
      return static_cast<double>(snapshot.snapshots.size());
    case RelationId::kTensors:
      return static_cast<double>(snapshot.snapshots.size()) * 50;
    case RelationId::kNodes:
    case RelationId::kEdges:
      return versions * 50;
    case RelationId::kMetrics: {
      double points = 0;
      for (const SeriesEntry& series : snapshot.series) {
        points += static_cast<double>(series.points.size());
      }
      return points;
    }
    case RelationId::kHparams:
      return static_cast<double>(snapshot.all_hparams.size());
    case RelationId::kTags:
      return static_cast<double>(snapshot.tags.size());
    case RelationId::kEvaluations:
      return static_cast<double>(snapshot.evaluations.size());
    case RelationId::kFiles:
      return static_cast<double>(snapshot.files.size());
    case RelationId::kLineage:
      return static_cast<double>(snapshot.lineage.size());
    default:
      return static_cast<double>(snapshot.queries.size());
  }
}

/// The share of rows that a condition is thought to keep.
double ShareOf(const BoundExpression& condition) {
  return condition.kind == ExpressionKind::kEqual ? 0.1 : 0.3;
}

double Kept(double rows, const std::vector<BoundExpression>& conditions) {
  for (const BoundExpression& condition : conditions) rows *= ShareOf(condition);
  return rows;
}

std::vector<std::size_t> SlotsOf(const LogicalNode& node) {
  std::vector<std::size_t> slots;
  if (node.kind == LogicalKind::kSource) slots.push_back(node.source->variable);
  for (const LogicalPtr* child : {&node.left, &node.right}) {
    if (*child == nullptr) continue;
    const auto below = SlotsOf(**child);
    slots.insert(slots.end(), below.begin(), below.end());
  }
  return slots;
}

/// Inputs that data are thought to have.
constexpr double kInputsThought = 1000;

/// "loss", "topN", or another name of top1.
bool IsMetric(std::string_view name) {
  if (name == "loss" || name == "acc" || name == "accuracy") return true;
  if (!name.starts_with("top") || name.size() < 4 || name.size() > 10 || name[3] == '0')
    return false;
  name.remove_prefix(3);
  return name.find_first_not_of("0123456789") == name.npos;
}

/// Makes the operators of one query.
class PlanBuilder {
 public:
  PlanBuilder(Runtime& runtime, const BoundQuery& query)
      : runtime_(runtime), execution_(runtime.execution), query_(query) {}

  Result<OperatorPtr> Build(const LogicalNode& node) {
    switch (node.kind) {
      case LogicalKind::kOneRow:
        return Shown(MakeOneRow(execution_), "one row", 1);
      case LogicalKind::kSource:
        return Source(node);
      case LogicalKind::kJoin:
        return Join(node);
      case LogicalKind::kFilter:
        return Filter(node);
      case LogicalKind::kGroup:
        return Group(node);
      case LogicalKind::kProject:
        return Project(node);
      case LogicalKind::kDistinct:
        return Distinct(node);
      case LogicalKind::kSort:
        return Sort(node);
      case LogicalKind::kLimit:
        return Limit(node);
    }
    return Error{ErrorCode::kInternal, "unknown plan"};
  }

  Result<OperatorPtr> Slice(const BoundSlice& slice, OperatorPtr rows) {
    DLV_ASSIGN(auto inputs, CompileAll(runtime_, slice.inputs));
    DLV_ASSIGN(auto outputs, CompileAll(runtime_, slice.outputs));
    const double estimate = rows->report().estimated_rows;
    OperatorPtr made =
        MakeSlice(execution_, std::move(rows), slice, std::move(inputs), std::move(outputs));
    return Shown(std::move(made), "slice " + slice.result, estimate);
  }

  Result<OperatorPtr> Evaluate(const BoundEvaluate& evaluate, OperatorPtr rows) {
    EvaluatePlan plan;
    plan.evaluate = &evaluate;
    plan.place = query_.place;
    DLV_ASSIGN(plan.values, CompileAll(runtime_, evaluate.values));
    double estimate = rows->report().estimated_rows;
    std::string text = "evaluate " + evaluate.result;
    for (const BoundEvaluate::Dimension& dimension : evaluate.vary) {
      DLV_ASSIGN(auto values, CompileAll(runtime_, dimension.values));
      estimate *= std::max(1.0, static_cast<double>(values.size()));
      plan.varied.push_back(std::move(values));
      text += (plan.varied.size() == 1 ? " vary " : ", ") + dimension.path;
    }
    for (const BoundEvaluate::Rule& rule : evaluate.keep) {
      text += (&rule == evaluate.keep.data() ? " keep " : ", ") + TextAt(execution_, rule.place);
      if (rule.kind == BoundEvaluate::Rule::Kind::kTop)
        estimate = std::min(estimate, static_cast<double>(rule.count));
    }
    return Shown(MakeEvaluate(execution_, std::move(rows), std::move(plan)), std::move(text),
                 estimate);
  }

  Result<OperatorPtr> Construct(const BoundConstruct& construct, OperatorPtr rows) {
    ConstructPlan plan;
    plan.construct = &construct;
    for (const NodeVariable& node : construct.node_variables) {
      runtime_.selectors[node.variable] = node.selector;
    }
    if (construct.where) {
      DLV_ASSIGN(plan.where, Compile(runtime_, *construct.where));
    }
    for (const BoundAction& action : construct.actions) {
      DLV_ASSIGN(EvaluatorPtr target, Compile(runtime_, action.target));
      plan.targets.push_back(std::move(target));
      EvaluatorPtr nodes, name;
      if (action.nodes) {
        DLV_ASSIGN(nodes, Compile(runtime_, *action.nodes));
      }
      if (action.made != nullptr && action.made->name) {
        DLV_ASSIGN(name, Compile(runtime_, *action.made->name));
      }
      plan.nodes.push_back(std::move(nodes));
      plan.names.push_back(std::move(name));
    }
    const double estimate = rows->report().estimated_rows;
    OperatorPtr made = MakeConstruct(execution_, std::move(rows), std::move(plan));
    std::string text = "construct " + construct.result;
    if (construct.where) text += " for bindings with " + TextAt(execution_, construct.where->place);
    return Shown(std::move(made), std::move(text), estimate);
  }

 private:
  OperatorPtr Shown(OperatorPtr made, std::string text, double rows) {
    made->Describe(std::move(text), rows);
    for (const Operator* nested : runtime_.planned) made->ShowNested(nested);
    runtime_.planned.clear();
    return made;
  }

  std::string NameOf(const BoundSource& source) const {
    const std::string& name = execution_.statement().variables[source.variable].name;
    return name.empty() ? "" : " " + name;
  }

  Result<OperatorPtr> Source(const LogicalNode& node) {
    const BoundSource& source = *node.source;
    if (source.kind == SourceKind::kRelation) return Scan(node);
    if (source.kind == SourceKind::kPrevious) {
      const PreviousRows* previous = execution_.input().previous;
      const double rows = previous == nullptr ? 0 : static_cast<double>(previous->rows.size());
      return Shown(MakePreviousSource(execution_, source), "last result" + NameOf(source), rows);
    }
    if (source.kind == SourceKind::kQuery) {
      DLV_ASSIGN(auto rows, PlanQuery(runtime_, *source.query));
      const double estimate = rows->root().report().estimated_rows;
      runtime_.planned.push_back(&rows->root());
      const std::string name =
          source.query_name.empty() ? "nested query" : "query " + source.query_name;
      return Shown(
          MakeQuerySource(execution_, source, std::move(rows), source.query->outer.empty()),
          name + NameOf(source), estimate);
    }
    if (source.kind == SourceKind::kPredict) return Predict(node);
    DLV_ASSIGN(auto arguments, CompileAll(runtime_, source.arguments));
    return Shown(MakeListSource(execution_, source, std::move(arguments)),
                 TextAt(execution_, source.place), 10);
  }

  Result<OperatorPtr> Predict(const LogicalNode& node) {
    const BoundSource& source = *node.source;
    PredictPlan plan;
    plan.source = &source;
    DLV_ASSIGN(auto arguments, CompileAll(runtime_, source.arguments));
    plan.subject = std::move(arguments[0]);
    arguments.erase(arguments.begin());
    plan.values = std::move(arguments);
    DLV_ASSIGN(plan.conditions, CompileAll(runtime_, node.input_conditions));
    std::string text = "predict " + TextAt(execution_, source.arguments[0].place) + " " +
                       TextAt(execution_, source.place);
    const std::string conditions = TextOfAll(execution_, node.input_conditions);
    if (!conditions.empty()) text += " for inputs with " + conditions;
    return Shown(MakePredict(execution_, std::move(plan)), std::move(text),
                 Kept(kInputsThought, node.input_conditions));
  }

  Result<OperatorPtr> Scan(const LogicalNode& node) {
    const BoundSource& source = *node.source;
    ScanPlan plan;
    plan.source = &source;
    double rows = RowsOf(execution_.snapshot(), source.relation);
    std::string text = "scan " + std::string(SchemaOf(source.relation).name) + NameOf(source);
    if (node.version) {
      DLV_ASSIGN(plan.version, Compile(runtime_, *node.version));
      rows /= std::max(1.0, static_cast<double>(execution_.snapshot().versions.size()));
      text += " by version = " + TextAt(execution_, node.version->place);
    }
    if (!node.version_conditions.empty()) {
      DLV_ASSIGN(plan.version_conditions, CompileAll(runtime_, node.version_conditions));
      rows = Kept(rows, node.version_conditions);
      text += " of versions with " + TextOfAll(execution_, node.version_conditions);
    }
    if (node.metrics) {
      plan.metrics = &*node.metrics;
      text += " by name";
      for (const std::string& name : *node.metrics) text += " \"" + name + "\"";
    }
    if (source.models != nullptr) text += " of models \"" + source.models->text() + "\"";
    if (!source.version_alias.empty()) text += " at " + source.version_alias;
    return Shown(MakeScan(execution_, std::move(plan)), std::move(text), rows);
  }

  Result<OperatorPtr> Join(const LogicalNode& node) {
    DLV_ASSIGN(OperatorPtr left, Build(*node.left));
    DLV_ASSIGN(OperatorPtr right, Build(*node.right));
    std::string kind = node.join == JoinKind::kLeft ? "left join" : "join";
    if (!node.keys.empty()) {
      DLV_ASSIGN(right, Hashed(node, std::move(right)));
      kind = "hash " + kind;
    }
    DLV_ASSIGN(auto conditions, CompileAll(runtime_, node.conditions));
    const double rows =
        Kept(left->report().estimated_rows * std::max(1.0, right->report().estimated_rows),
             node.conditions);
    const std::string text = TextOfAll(execution_, node.conditions);
    return Shown(MakeJoin(execution_, std::move(left), std::move(right), std::move(conditions),
                          node.join == JoinKind::kLeft, SlotsOf(*node.right)),
                 kind + (text.empty() ? "" : " on " + text), rows);
  }

  Result<OperatorPtr> Hashed(const LogicalNode& node, OperatorPtr right) {
    std::vector<EvaluatorPtr> build, probe;
    std::string text = "hash table by";
    for (const auto& [left_key, right_key] : node.keys) {
      DLV_ASSIGN(EvaluatorPtr of_left, Compile(runtime_, left_key));
      DLV_ASSIGN(EvaluatorPtr of_right, Compile(runtime_, right_key));
      probe.push_back(std::move(of_left));
      build.push_back(std::move(of_right));
      text += " " + TextAt(execution_, right_key.place);
    }
    return Shown(MakeHashTable(execution_, std::move(right), std::move(build), std::move(probe),
                               SlotsOf(*node.right)),
                 std::move(text), 1);
  }

  Result<OperatorPtr> Filter(const LogicalNode& node) {
    DLV_ASSIGN(OperatorPtr below, Build(*node.left));
    DLV_ASSIGN(auto conditions, CompileAll(runtime_, node.conditions, groups_));
    const double rows = Kept(below->report().estimated_rows, node.conditions);
    return Shown(MakeFilter(execution_, std::move(below), std::move(conditions)),
                 "filter " + TextOfAll(execution_, node.conditions), rows);
  }

  Result<OperatorPtr> Group(const LogicalNode& node) {
    DLV_ASSIGN(OperatorPtr below, Build(*node.left));
    const BoundSelect& select = *node.select;
    GroupPlan plan;
    DLV_ASSIGN(plan.keys, CompileAll(runtime_, select.group_keys));
    for (const BoundAggregate& aggregate : select.aggregates) {
      EvaluatorPtr argument;
      if (aggregate.argument) {
        DLV_ASSIGN(argument, Compile(runtime_, *aggregate.argument));
      }
      plan.arguments.push_back(std::move(argument));
    }
    plan.aggregates = &select.aggregates;
    groups_.keys = runtime_.frame_size;
    groups_.aggregates = groups_.keys + select.group_keys.size();
    runtime_.frame_size = groups_.aggregates + select.aggregates.size();
    plan.slots = groups_;
    const double rows = select.group_keys.empty() ? 1 : below->report().estimated_rows / 10;
    const std::string keys = TextOfAll(execution_, select.group_keys);
    return Shown(MakeGroup(execution_, std::move(below), std::move(plan)),
                 keys.empty() ? "aggregate" : "group by " + keys, rows);
  }

  Result<OperatorPtr> Project(const LogicalNode& node) {
    DLV_ASSIGN(OperatorPtr below, Build(*node.left));
    std::vector<EvaluatorPtr> outputs, keys;
    std::string text = "select";
    for (const BoundOutput& output : node.select->outputs) {
      DLV_ASSIGN(EvaluatorPtr value, Compile(runtime_, output.value, groups_));
      outputs.push_back(std::move(value));
      text += (text == "select" ? " " : ", ") + output.name;
    }
    for (const BoundOrder& order : node.select->order_by) {
      DLV_ASSIGN(EvaluatorPtr key, Compile(runtime_, order.value, groups_));
      keys.push_back(std::move(key));
    }
    const double rows = below->report().estimated_rows;
    return Shown(MakeProject(execution_, std::move(below), std::move(outputs), std::move(keys)),
                 std::move(text), rows);
  }

  Result<OperatorPtr> Distinct(const LogicalNode& node) {
    DLV_ASSIGN(OperatorPtr below, Build(*node.left));
    const double rows = below->report().estimated_rows;
    return Shown(MakeDistinct(execution_, std::move(below)), "distinct", rows);
  }

  Result<EvaluatorPtr> Optional(const std::optional<BoundExpression>& expression) {
    if (!expression) return EvaluatorPtr();
    return Compile(runtime_, *expression);
  }

  /// Whether the first rows are found by bounds of a figure.
  bool IsTop(const LogicalNode& node) const {
    return node.top && execution_.input().prune_planes &&
           node.left->kind == LogicalKind::kProject &&
           FigureOfOrder(node.select->order_by[0].value) != nullptr;
  }
  Result<OperatorPtr> Top(const LogicalNode& node) {
    DLV_ASSIGN(OperatorPtr below, Build(*node.left->left));
    const BoundSelect& select = *node.select;
    TopPlan plan;
    plan.select = &select;
    const BoundExpression& key = select.order_by[0].value;
    const BoundExpression* const figure = FigureOfOrder(key);
    if (figure != &key) {
      DLV_ASSIGN(plan.members, Compile(runtime_, key.operands[0].operands[0], groups_));
    }
    DLV_ASSIGN(plan.operands, CompileAll(runtime_, figure->operands, groups_));
    std::string text = "keep the first by bounds of";
    for (const BoundOrder& order : select.order_by) {
      text += " " + TextAt(execution_, order.value.place) + (order.descending ? " desc" : "");
      if (&order.value == &key) continue;
      DLV_ASSIGN(EvaluatorPtr other, Compile(runtime_, order.value, groups_));
      plan.other_keys.push_back(std::move(other));
    }
    text += ", select";
    for (const BoundOutput& output : select.outputs) {
      DLV_ASSIGN(EvaluatorPtr value, Compile(runtime_, output.value, groups_));
      plan.outputs.push_back(std::move(value));
      text += (plan.outputs.size() == 1 ? " " : ", ") + output.name;
    }
    DLV_ASSIGN(plan.top, Optional(select.limit));
    DLV_ASSIGN(plan.skipped, Optional(select.offset));
    const double rows = below->report().estimated_rows;
    return Shown(MakeTop(runtime_, std::move(below), std::move(plan)), std::move(text), rows);
  }

  Result<OperatorPtr> Sort(const LogicalNode& node) {
    if (IsTop(node)) return Top(node);
    DLV_ASSIGN(OperatorPtr below, Build(*node.left));
    EvaluatorPtr top, skipped;
    if (node.top) {
      DLV_ASSIGN(top, Optional(node.select->limit));
      DLV_ASSIGN(skipped, Optional(node.select->offset));
    }
    std::string text = node.top ? "keep the first by" : "sort by";
    for (const BoundOrder& order : node.select->order_by) {
      text += " " + TextAt(execution_, order.value.place) + (order.descending ? " desc" : "");
    }
    const double rows = below->report().estimated_rows;
    return Shown(
        MakeSort(execution_, std::move(below), *node.select, std::move(top), std::move(skipped)),
        std::move(text), rows);
  }

  Result<OperatorPtr> Limit(const LogicalNode& node) {
    DLV_ASSIGN(OperatorPtr below, Build(*node.left));
    DLV_ASSIGN(EvaluatorPtr limit, Optional(node.select->limit));
    DLV_ASSIGN(EvaluatorPtr offset, Optional(node.select->offset));
    double rows = below->report().estimated_rows;
    const auto* count =
        node.select->limit ? std::get_if<std::int64_t>(&node.select->limit->constant) : nullptr;
    if (count != nullptr) rows = std::min(rows, static_cast<double>(*count));
    const Place place = node.select->limit ? node.select->limit->place : query_.place;
    return Shown(
        MakeLimit(execution_, std::move(below), std::move(limit), std::move(offset), place),
        "limit", rows);
  }

  Runtime& runtime_;
  Execution& execution_;
  const BoundQuery& query_;
  GroupSlots groups_;
};

/// Whether all that varies are settings of an evaluation: nothing is trained here.
Status CheckVaried(Execution& execution, const BoundEvaluate& evaluate) {
  for (const BoundEvaluate::Dimension& dimension : evaluate.vary) {
    if (!dimension.setting) {
      return execution.Failed(
          dimension.place,
          Error{ErrorCode::kUnsupported,
                dimension.path + " is a setting of training, and evaluate trains nothing",
                "config.input_data, .preprocess, .labels, .examples and .batch can vary; explain "
                "shows the plan"});
    }
    if (dimension.values.empty()) {
      return execution.Failed(
          dimension.place,
          Error{ErrorCode::kUnsupported, dimension.path + " has no values that auto could try",
                "list them: " + dimension.path + " in [...]"});
    }
  }
  return Ok();
}

/// Whether metrics are those that an evaluation has.
Status CheckMetrics(Execution& execution, const BoundEvaluate& evaluate, Place place) {
  for (const std::string& metric : evaluate.metrics) {
    if (IsMetric(metric)) continue;
    for (const BoundEvaluate::Rule& rule : evaluate.keep) {
      if (rule.metric == metric) place = rule.place;
    }
    return execution.Failed(
        place, Error{ErrorCode::kNotFound, "an evaluation has no metric \"" + metric + "\"",
                     "loss, top1 (or acc), top5 and any other topN"});
  }
  return Ok();
}

void AddLines(const Operator& made, unsigned depth, bool analyzed,
              std::vector<ExplainLine>& lines) {
  const OperatorReport& report = made.report();
  ExplainLine line;
  line.depth = depth;
  line.text = report.text;
  line.estimated_rows = report.estimated_rows;
  if (analyzed) {
    line.rows = report.rows;
    line.read_bytes = report.read_bytes;
    line.planes = report.planes;
    line.seconds = report.seconds;
  }
  lines.push_back(std::move(line));
  for (const auto& child : made.children()) AddLines(*child, depth + 1, analyzed, lines);
  for (const Operator* nested : made.nested()) AddLines(*nested, depth + 1, analyzed, lines);
}

}  // namespace

Result<std::unique_ptr<PlannedQuery>> PlanQuery(Runtime& runtime, const BoundQuery& query) {
  // The plan moves behind its final address first: conditions are compiled where they stay.
  auto planned = std::make_unique<PlannedQuery>(MakeLogicalPlan(query), nullptr);
  ApplyRewrites(planned->plan_);
  std::vector<const Operator*> outer;
  outer.swap(runtime.planned);
  PlanBuilder builder(runtime, query);
  DLV_ASSIGN(OperatorPtr root, builder.Build(*planned->plan_.root));
  if (const auto* slice = std::get_if<BoundSlice>(&query.body)) {
    DLV_ASSIGN(root, builder.Slice(*slice, std::move(root)));
  } else if (const auto* construct = std::get_if<BoundConstruct>(&query.body)) {
    DLV_ASSIGN(root, builder.Construct(*construct, std::move(root)));
  } else if (const auto* evaluate = std::get_if<BoundEvaluate>(&query.body)) {
    if (runtime.execution.statement().explain != ExplainForm::kPlan) {
      DLV_TRY(CheckVaried(runtime.execution, *evaluate));
      DLV_TRY(CheckMetrics(runtime.execution, *evaluate, query.place));
    }
    DLV_ASSIGN(root, builder.Evaluate(*evaluate, std::move(root)));
  }
  outer.swap(runtime.planned);
  planned->root_ = std::move(root);
  return planned;
}

std::vector<ExplainLine> Explain(const PlannedQuery& plan, bool analyzed) {
  std::vector<ExplainLine> lines;
  AddLines(plan.root(), 0, analyzed, lines);
  return lines;
}

}  // namespace dlv::query
