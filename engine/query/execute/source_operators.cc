#include <algorithm>
#include <utility>

#include "engine/query/execute/operator.h"
#include "engine/query/execute/relation_cursor.h"

namespace dlv::query {
namespace {

class ScanOperator final : public Operator {
 public:
  ScanOperator(Execution& execution, ScanPlan plan) : Operator(execution), plan_(std::move(plan)) {
    const BoundSource& source = *plan_.source;
    if (source.models != nullptr) ChooseModels(*source.models);
    if (!source.version_alias.empty()) ChooseAlias(source.version_alias);
  }

 private:
  void ChooseModels(const Selector& selector) {
    for (const ModelEntry& model : execution().snapshot().models) {
      models_.push_back(selector.Matches(model.name));
    }
  }

  void ChooseAlias(const std::string& name) {
    const Snapshot& snapshot = execution().snapshot();
    versions_.resize(snapshot.versions.size());
    for (const AliasEntry& alias : snapshot.aliases) {
      if (alias.name == name) versions_[alias.version] = true;
    }
    if (name != "latest") return;
    for (const ModelEntry& model : snapshot.models) {
      if (model.latest != kNoVersion) versions_[model.latest] = true;
    }
  }

  Status DoOpen(Frame& frame) override {
    filter_ = {};
    filter_.metrics = plan_.metrics;
    cursor_.reset();
    next_version_ = last_version_ = 0;
    if (plan_.version != nullptr) {
      DLV_ASSIGN(const Value value, plan_.version->Evaluate(frame));
      const auto* version = value.As<VersionRef>();
      if (version == nullptr) return Ok();
      filter_.version = version->index;
    }
    if (plan_.version_conditions.empty()) {
      cursor_ = OpenRelation(execution(), plan_.source->relation, filter_);
    } else {
      next_version_ = filter_.version.value_or(0);
      last_version_ = filter_.version ? next_version_ + 1 : execution().snapshot().versions.size();
    }
    return Ok();
  }

  Result<bool> DoNext(Frame& frame, List&) override {
    for (;;) {
      while (cursor_ != nullptr) {
        DLV_ASSIGN(auto value, cursor_->Next());
        if (!value) {
          cursor_.reset();
        } else if (IsChosen(*value)) {
          frame[plan_.source->variable] = std::move(*value);
          return true;
        }
      }
      if (next_version_ == last_version_) return false;
      DLV_TRY(OpenVersion(frame));
    }
  }

  /// Opens the rows of the next version if its conditions hold. Where a condition fails, it is the
  /// first row that fails: a version without rows meets no condition.
  Status OpenVersion(Frame& frame) {
    filter_.version = static_cast<VersionIndex>(next_version_++);
    const Result<bool> wanted = IsWanted(frame);
    if (wanted.ok() && !*wanted) return Ok();
    cursor_ = OpenRelation(execution(), plan_.source->relation, filter_);
    if (wanted.ok()) return Ok();
    DLV_ASSIGN(const auto first, cursor_->Next());
    cursor_.reset();
    return first ? Status(wanted.error()) : Ok();
  }

  Result<bool> IsWanted(Frame& frame) {
    frame[plan_.source->variable] = VersionRef{*filter_.version};
    return AllTrue(plan_.version_conditions, frame);
  }

  bool IsChosen(const Value& value) const {
    if (const auto* version = value.As<VersionRef>()) {
      const auto& versions = execution().snapshot().versions;
      return (models_.empty() || models_[versions.model[version->index]]) &&
             (versions_.empty() || versions_[version->index]);
    }
    const auto* row = value.As<RowRef>();
    return models_.empty() || row == nullptr || row->kind != RowRef::Kind::kModel ||
           models_[row->row];
  }

  ScanPlan plan_;
  std::vector<bool> models_, versions_;  ///< empty: all
  RelationFilter filter_;
  std::size_t next_version_ = 0, last_version_ = 0;  ///< those that are still to be asked
  std::unique_ptr<RelationCursor> cursor_;
};

class ListSource final : public Operator {
 public:
  ListSource(Execution& execution, const BoundSource& source, std::vector<EvaluatorPtr> arguments)
      : Operator(execution), source_(source), arguments_(std::move(arguments)) {}

 private:
  Status DoOpen(Frame& frame) override {
    at_ = 0;
    DLV_ASSIGN(list_, Rows(frame));
    return Ok();
  }

  Result<bool> DoNext(Frame& frame, List&) override {
    if (at_ == list_.size()) return false;
    frame[source_.variable] = list_[at_++];
    return true;
  }

  Result<List> Rows(Frame& frame) {
    std::vector<Value> values;
    for (const EvaluatorPtr& argument : arguments_) {
      DLV_ASSIGN(Value value, argument->Evaluate(frame));
      values.push_back(std::move(value));
    }
    if (source_.kind == SourceKind::kUnnest) {
      const List* list = values[0].AsList();
      return list == nullptr ? List() : *list;
    }
    const auto* first = values[0].As<VersionRef>();
    const auto* second = values.size() > 1 ? values[1].As<VersionRef>() : first;
    if (first == nullptr || second == nullptr) return List();
    List rows;
    for (const VersionIndex version : Versions(first->index, second->index)) {
      rows.emplace_back(VersionRef{version});
    }
    return rows;
  }

  std::vector<VersionIndex> Versions(VersionIndex first, VersionIndex second) {
    const LineageGraph& lineage = execution().lineage();
    switch (source_.kind) {
      case SourceKind::kParents: {
        const auto parents = lineage.parents(first);
        return {parents.begin(), parents.end()};
      }
      case SourceKind::kAncestors:
        return lineage.Ancestors(first);
      case SourceKind::kDescendants:
        return lineage.Descendants(first);
      case SourceKind::kPath:
        return lineage.Path(first, second);
      default:
        return lineage.LowestCommonAncestors(first, second);
    }
  }

  const BoundSource& source_;
  std::vector<EvaluatorPtr> arguments_;
  List list_;
  std::size_t at_ = 0;
};

using RowColumns = std::vector<std::pair<std::string, Type>>;

/// A row as the value of its variable (Binder::ShapeVariable): the one entity, else a list.
Value RowValue(List row, const RowColumns& columns) {
  row.resize(columns.size());
  const bool is_entity = columns.size() == 1 && IsEntity(columns[0].second);
  return is_entity ? row[0] : Value::OfList(std::move(row));
}

class QuerySource final : public Operator {
 public:
  QuerySource(Execution& execution, const BoundSource& source, std::unique_ptr<RowStream> rows,
              bool keep)
      : Operator(execution), source_(source), rows_(std::move(rows)), keep_(keep) {}

 private:
  Status DoOpen(Frame& frame) override {
    at_ = 0;
    if (keep_ && loaded_) return Ok();
    kept_.clear();
    DLV_TRY(rows_->Open(frame));
    List row;
    while (keep_) {
      DLV_ASSIGN(const bool more, rows_->Next(frame, row));
      if (!more) break;
      kept_.push_back(RowValue(row, source_.query->columns));
    }
    loaded_ = true;
    return Ok();
  }

  Result<bool> DoNext(Frame& frame, List&) override {
    if (keep_) {
      if (at_ == kept_.size()) return false;
      frame[source_.variable] = kept_[at_++];
      return true;
    }
    List row;
    DLV_ASSIGN(const bool more, rows_->Next(frame, row));
    if (more) frame[source_.variable] = RowValue(std::move(row), source_.query->columns);
    return more;
  }

  const BoundSource& source_;
  std::unique_ptr<RowStream> rows_;
  bool keep_, loaded_ = false;
  std::vector<Value> kept_;
  std::size_t at_ = 0;
};

class OneRow final : public Operator {
 public:
  using Operator::Operator;

 private:
  Status DoOpen(Frame&) override {
    given_ = false;
    return Ok();
  }
  Result<bool> DoNext(Frame&, List&) override { return !std::exchange(given_, true); }
  bool given_ = false;
};

class PreviousSource final : public Operator {
 public:
  PreviousSource(Execution& execution, const BoundSource& source)
      : Operator(execution), source_(source) {}

 private:
  Status DoOpen(Frame&) override {
    at_ = 0;
    return Ok();
  }
  Result<bool> DoNext(Frame& frame, List&) override {
    const PreviousRows* previous = execution().input().previous;
    if (previous == nullptr || at_ == previous->rows.size()) return false;
    frame[source_.variable] = RowValue(previous->rows[at_++], previous->columns);
    return true;
  }
  const BoundSource& source_;
  std::size_t at_ = 0;
};

}  // namespace

OperatorPtr MakeScan(Execution& execution, ScanPlan plan) {
  return std::make_unique<ScanOperator>(execution, std::move(plan));
}
OperatorPtr MakeListSource(Execution& execution, const BoundSource& source,
                           std::vector<EvaluatorPtr> arguments) {
  return std::make_unique<ListSource>(execution, source, std::move(arguments));
}
OperatorPtr MakeQuerySource(Execution& execution, const BoundSource& source,
                            std::unique_ptr<RowStream> rows, bool keep) {
  return std::make_unique<QuerySource>(execution, source, std::move(rows), keep);
}
OperatorPtr MakeOneRow(Execution& execution) { return std::make_unique<OneRow>(execution); }
OperatorPtr MakePreviousSource(Execution& execution, const BoundSource& source) {
  return std::make_unique<PreviousSource>(execution, source);
}

}  // namespace dlv::query
