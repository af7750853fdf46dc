// Properties of versions and nodes: columns, metrics, hyper-parameters, tags, aliases, attributes.

#include <algorithm>

#include "engine/query/execute/evaluator.h"
#include "engine/query/scalar.h"

namespace dlv::query {
namespace {

class ColumnEvaluator final : public Evaluator {
 public:
  ColumnEvaluator(Execution& execution, ColumnId column, EvaluatorPtr object)
      : execution_(execution), column_(column), object_(std::move(object)) {}
  Result<Value> Evaluate(Frame& frame) override {
    DLV_ASSIGN(const Value object, object_->Evaluate(frame));
    return ReadColumn(execution_, column_, object);
  }

 private:
  Execution& execution_;
  ColumnId column_;
  EvaluatorPtr object_;
};

/// Something of a version, found by its place.
class VersionEvaluator : public Evaluator {
 public:
  VersionEvaluator(Execution& execution, EvaluatorPtr version)
      : execution_(execution), version_(std::move(version)) {}
  Result<Value> Evaluate(Frame& frame) final {
    DLV_ASSIGN(const Value value, version_->Evaluate(frame));
    const auto* version = value.As<VersionRef>();
    return version == nullptr ? Value() : Of(version->index, frame);
  }

 protected:
  virtual Result<Value> Of(VersionIndex version, Frame& frame) = 0;
  const Snapshot& snapshot() const { return execution_.snapshot(); }

 private:
  Execution& execution_;
  EvaluatorPtr version_;
};

class LastMetricEvaluator final : public VersionEvaluator {
 public:
  LastMetricEvaluator(Execution& execution, EvaluatorPtr version, const std::string& name)
      : VersionEvaluator(execution, std::move(version)) {
    const auto found = execution.snapshot().metrics.find(name);
    if (found != execution.snapshot().metrics.end()) column_ = &found->second;
  }

 private:
  Result<Value> Of(VersionIndex version, Frame&) override {
    if (column_ == nullptr || column_->present[version] == 0) return Value();
    return Value(column_->value[version]);
  }
  const MetricColumn* column_ = nullptr;
};

class SeriesEvaluator final : public VersionEvaluator {
 public:
  SeriesEvaluator(Execution& execution, EvaluatorPtr version, const BoundExpression& expression,
                  EvaluatorPtr step)
      : VersionEvaluator(execution, std::move(version)),
        name_(expression.name),
        figure_(expression.metric),
        step_(std::move(step)) {}

 private:
  Result<Value> Of(VersionIndex version, Frame& frame) override {
    const auto& all = snapshot().series;
    const auto begin = std::ranges::lower_bound(all, version, {}, &SeriesEntry::version);
    const auto end = std::ranges::upper_bound(all, version, {}, &SeriesEntry::version);
    const auto found =
        std::find_if(begin, end, [&](const SeriesEntry& entry) { return entry.name == name_; });
    if (found == end || found->points.empty()) return Value();
    if (figure_ == MetricFigure::kAt) {
      DLV_ASSIGN(const Value step, step_->Evaluate(frame));
      return At(found->points, step);
    }
    return figure_ == MetricFigure::kSeries ? All(found->points) : Extreme(found->points);
  }

  static Value At(const std::vector<MetricPoint>& points, const Value& step) {
    const auto* wanted = step.As<std::int64_t>();
    if (wanted == nullptr) return {};
    for (auto point = points.rbegin(); point != points.rend(); ++point) {
      if (point->step == *wanted) return point->value;
    }
    return {};
  }

  static Value All(const std::vector<MetricPoint>& points) {
    List values;
    for (const MetricPoint& point : points) values.emplace_back(point.value);
    return Value::OfList(std::move(values));
  }

  /// NaNs are skipped, unless there is nothing else.
  Value Extreme(const std::vector<MetricPoint>& points) const {
    std::optional<double> best;
    for (const MetricPoint& point : points) {
      if (point.value != point.value) continue;
      const bool better =
          !best || (figure_ == MetricFigure::kMin ? point.value < *best : point.value > *best);
      if (better) best = point.value;
    }
    return best ? *best : points.back().value;
  }

  std::string name_;
  MetricFigure figure_;
  EvaluatorPtr step_;
};

class HparamEvaluator final : public VersionEvaluator {
 public:
  HparamEvaluator(Execution& execution, EvaluatorPtr version, const std::string& name)
      : VersionEvaluator(execution, std::move(version)) {
    const auto found = execution.snapshot().hparams.find(name);
    if (found != execution.snapshot().hparams.end()) column_ = &found->second;
  }

 private:
  Result<Value> Of(VersionIndex version, Frame&) override {
    if (column_ == nullptr || !(*column_)[version]) return Value();
    return ValueOfText(*(*column_)[version]);
  }
  const std::vector<std::optional<std::string>>* column_ = nullptr;
};

class TagEvaluator final : public VersionEvaluator {
 public:
  TagEvaluator(Execution& execution, EvaluatorPtr version, std::string name)
      : VersionEvaluator(execution, std::move(version)), name_(std::move(name)) {}

 private:
  Result<Value> Of(VersionIndex version, Frame&) override {
    const auto& tags = snapshot().tags;
    const auto begin = std::ranges::lower_bound(tags, version, {}, &NamedEntry::version);
    const auto end = std::ranges::upper_bound(tags, version, {}, &NamedEntry::version);
    const auto found =
        std::find_if(begin, end, [&](const NamedEntry& tag) { return tag.name == name_; });
    return found == end ? Value() : Value(found->value);
  }
  std::string name_;
};

class AliasEvaluator final : public VersionEvaluator {
 public:
  AliasEvaluator(Execution& execution, EvaluatorPtr version, const std::string& name)
      : VersionEvaluator(execution, std::move(version)),
        points_to_(execution.snapshot().versions.size()) {
    if (name == "latest") {
      for (const ModelEntry& model : snapshot().models) {
        if (model.latest != kNoVersion) points_to_[model.latest] = true;
      }
    }
    for (const AliasEntry& alias : snapshot().aliases) {
      if (alias.name == name) points_to_[alias.version] = true;
    }
  }

 private:
  Result<Value> Of(VersionIndex version, Frame&) override {
    return Value(static_cast<bool>(points_to_[version]));
  }
  std::vector<bool> points_to_;
};

class LatestEvaluator final : public VersionEvaluator {
 public:
  using VersionEvaluator::VersionEvaluator;

 private:
  Result<Value> Of(VersionIndex version, Frame&) override {
    return Value(VersionRef{snapshot().models[snapshot().versions.model[version]].latest});
  }
};

class AttributeEvaluator final : public Evaluator {
 public:
  AttributeEvaluator(EvaluatorPtr node, std::string name)
      : node_(std::move(node)), name_(std::move(name)) {}
  Result<Value> Evaluate(Frame& frame) override {
    DLV_ASSIGN(const Value value, node_->Evaluate(frame));
    const auto* node = value.As<NodeRef>();
    return node == nullptr ? Value() : ReadAttribute(*node, name_);
  }

 private:
  EvaluatorPtr node_;
  std::string name_;
};

/// attribute(n, "x"), where the name is only known when it runs.
class NamedAttributeEvaluator final : public Evaluator {
 public:
  NamedAttributeEvaluator(EvaluatorPtr node, EvaluatorPtr name)
      : node_(std::move(node)), name_(std::move(name)) {}
  Result<Value> Evaluate(Frame& frame) override {
    DLV_ASSIGN(const Value value, node_->Evaluate(frame));
    DLV_ASSIGN(const Value name, name_->Evaluate(frame));
    const auto* node = value.As<NodeRef>();
    const auto* text = name.As<std::string>();
    return node == nullptr || text == nullptr ? Value() : ReadAttribute(*node, *text);
  }

 private:
  EvaluatorPtr node_, name_;
};

/// The text of `$n` of a selector, for a node that it chose.
class CaptureEvaluator final : public Evaluator {
 public:
  CaptureEvaluator(const BoundExpression& expression, std::shared_ptr<const Selector> selector)
      : slot_(expression.variable), selector_(std::move(selector)) {
    const auto& captures = selector_->captures();
    place_ = static_cast<std::size_t>(
        std::find(captures.begin(), captures.end(), expression.index) - captures.begin());
  }
  Result<Value> Evaluate(Frame& frame) override {
    const auto* node = frame[slot_].As<NodeRef>();
    std::vector<std::string> values;
    if (node == nullptr || !MatchNode(*selector_, *node, &values) || place_ >= values.size()) {
      return Value();
    }
    return Value(values[place_]);
  }

 private:
  std::size_t slot_, place_ = 0;
  std::shared_ptr<const Selector> selector_;
};

Result<EvaluatorPtr> CompileMetric(Runtime& runtime, const BoundExpression& expression,
                                   EvaluatorPtr version, const GroupSlots& groups) {
  Execution& execution = runtime.execution;
  if (expression.metric == MetricFigure::kLast) {
    return EvaluatorPtr(
        std::make_unique<LastMetricEvaluator>(execution, std::move(version), expression.name));
  }
  EvaluatorPtr step;
  if (expression.operands.size() > 1) {
    DLV_ASSIGN(step, Compile(runtime, expression.operands[1], groups));
  }
  return EvaluatorPtr(std::make_unique<SeriesEvaluator>(execution, std::move(version), expression,
                                                        std::move(step)));
}

bool IsProperty(const BoundExpression& expression) {
  if (expression.kind == ExpressionKind::kFunction) {
    return expression.function == Function::kLatestOf ||
           expression.function == Function::kAttributeNamed;
  }
  return expression.kind >= ExpressionKind::kColumn && expression.kind <= ExpressionKind::kIsAlias;
}

}  // namespace

Result<EvaluatorPtr> CompileProperty(Runtime& runtime, const BoundExpression& expression,
                                     const GroupSlots& groups) {
  if (expression.kind == ExpressionKind::kCapture) {
    const auto selector = runtime.selectors.find(expression.variable);
    if (selector == runtime.selectors.end()) {
      return Error{ErrorCode::kInternal, "a capture without its selector"};
    }
    return EvaluatorPtr(std::make_unique<CaptureEvaluator>(expression, selector->second));
  }
  if (!IsProperty(expression)) return EvaluatorPtr();
  Execution& execution = runtime.execution;
  DLV_ASSIGN(EvaluatorPtr object, Compile(runtime, expression.operands[0], groups));
  switch (expression.kind) {
    case ExpressionKind::kColumn:
      return EvaluatorPtr(
          std::make_unique<ColumnEvaluator>(execution, expression.column, std::move(object)));
    case ExpressionKind::kMetric:
      return CompileMetric(runtime, expression, std::move(object), groups);
    case ExpressionKind::kHparam:
      return EvaluatorPtr(
          std::make_unique<HparamEvaluator>(execution, std::move(object), expression.name));
    case ExpressionKind::kTag:
      return EvaluatorPtr(
          std::make_unique<TagEvaluator>(execution, std::move(object), expression.name));
    case ExpressionKind::kIsAlias:
      return EvaluatorPtr(
          std::make_unique<AliasEvaluator>(execution, std::move(object), expression.name));
    case ExpressionKind::kAttribute:
      return EvaluatorPtr(std::make_unique<AttributeEvaluator>(std::move(object), expression.name));
    default:
      break;
  }
  if (expression.function == Function::kLatestOf) {
    return EvaluatorPtr(std::make_unique<LatestEvaluator>(execution, std::move(object)));
  }
  DLV_ASSIGN(EvaluatorPtr name, Compile(runtime, expression.operands[1], groups));
  return EvaluatorPtr(
      std::make_unique<NamedAttributeEvaluator>(std::move(object), std::move(name)));
}

}  // namespace dlv::query
