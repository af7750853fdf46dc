#include "engine/query/execute/relation_cursor.h"

#include <algorithm>
#include <ranges>

namespace dlv::query {
namespace {

/// Rows begin to end of a list of the snapshot.
class ListCursor final : public RelationCursor {
 public:
  ListCursor(RowRef::Kind kind, std::size_t begin, std::size_t end)
      : kind_(kind), at_(begin), end_(end) {}
  Result<std::optional<Value>> Next() override {
    if (at_ == end_) return std::optional<Value>();
    return std::optional<Value>(RowRef{kind_, kNoVersion, static_cast<std::uint32_t>(at_++), 0});
  }

 private:
  RowRef::Kind kind_;
  std::size_t at_, end_;
};

/// As ListCursor, with the version that each row belongs to.
class SnapshotCursor final : public RelationCursor {
 public:
  SnapshotCursor(const Snapshot& snapshot, std::size_t begin, std::size_t end)
      : snapshot_(snapshot), at_(begin), end_(end) {}
  Result<std::optional<Value>> Next() override {
    if (at_ == end_) return std::optional<Value>();
    const auto row = static_cast<std::uint32_t>(at_++);
    return std::optional<Value>(
        RowRef{RowRef::Kind::kSnapshot, snapshot_.snapshots[row].version, row, 0});
  }

 private:
  const Snapshot& snapshot_;
  std::size_t at_, end_;
};

class VersionCursor final : public RelationCursor {
 public:
  VersionCursor(std::size_t begin, std::size_t end) : at_(begin), end_(end) {}
  Result<std::optional<Value>> Next() override {
    if (at_ == end_) return std::optional<Value>();
    return std::optional<Value>(VersionRef{static_cast<VersionIndex>(at_++)});
  }

 private:
  std::size_t at_, end_;
};

class MetricCursor final : public RelationCursor {
 public:
  MetricCursor(const Snapshot& snapshot, std::size_t begin, std::size_t end,
               const std::vector<std::string>* names)
      : series_(snapshot.series), at_(begin), end_(end), names_(names) {}
  Result<std::optional<Value>> Next() override {
    while (at_ < end_ && (point_ == series_[at_].points.size() || !IsWanted(series_[at_]))) {
      ++at_;
      point_ = 0;
    }
    if (at_ >= end_) return std::optional<Value>();
    const auto row = static_cast<std::uint32_t>(at_);
    return std::optional<Value>(
        RowRef{RowRef::Kind::kMetric, kNoVersion, row, static_cast<std::uint32_t>(point_++)});
  }

 private:
  bool IsWanted(const SeriesEntry& series) const {
    return names_ == nullptr || std::ranges::find(*names_, series.name) != names_->end();
  }
  const std::vector<SeriesEntry>& series_;
  std::size_t at_, end_, point_ = 0;
  const std::vector<std::string>* names_;
};

/// Rows of each version's network.
class GraphCursor final : public RelationCursor {
 public:
  GraphCursor(Execution& execution, std::size_t begin, std::size_t end, bool edges)
      : execution_(execution), at_(begin), end_(end), edges_(edges) {}
  Result<std::optional<Value>> Next() override {
    while (at_ < end_) {
      const auto version = static_cast<VersionIndex>(at_);
      DLV_ASSIGN(GraphView* const graph, execution_.GraphOf(version));
      if (graph != nullptr && inner_ < SizeOf(*graph)) {
        const auto place = static_cast<std::uint32_t>(inner_++);
        if (!edges_) return std::optional<Value>(NodeRef{graph, version, place});
        return std::optional<Value>(RowRef{RowRef::Kind::kEdge, version, place, 0});
      }
      ++at_;
      inner_ = 0;
    }
    return std::optional<Value>();
  }

 private:
  std::size_t SizeOf(GraphView& graph) const {
    return edges_ ? graph.edges().size() : graph.node_count();
  }
  Execution& execution_;
  std::size_t at_, end_, inner_ = 0;
  bool edges_;
};

/// Tensors of each snapshot.
class TensorCursor final : public RelationCursor {
 public:
  TensorCursor(Execution& execution, std::size_t begin, std::size_t end)
      : execution_(execution), at_(begin), end_(end) {}
  Result<std::optional<Value>> Next() override {
    while (at_ < end_) {
      const auto row = static_cast<std::uint32_t>(at_);
      const VersionIndex version = execution_.snapshot().snapshots[row].version;
      if (tensors_ == nullptr) {
        DLV_ASSIGN(tensors_, execution_.Tensors(version, row));
      }
      if (inner_ < tensors_->size()) {
        return std::optional<Value>(
            TensorRef{tensors_, static_cast<std::uint32_t>(inner_++), version, row});
      }
      ++at_;
      inner_ = 0;
      tensors_ = nullptr;
    }
    return std::optional<Value>();
  }

 private:
  Execution& execution_;
  std::size_t at_, end_, inner_ = 0;
  std::shared_ptr<const std::vector<TensorEntry>> tensors_;
};

using Range = std::pair<std::size_t, std::size_t>;

template <class Entry, class Projection>
Range RangeOf(const std::vector<Entry>& entries, const std::optional<VersionIndex>& version,
              Projection of) {
  if (!version) return {0, entries.size()};
  const auto begin = std::ranges::lower_bound(entries, *version, {}, of);
  const auto end = std::ranges::upper_bound(entries, *version, {}, of);
  return {static_cast<std::size_t>(begin - entries.begin()),
          static_cast<std::size_t>(end - entries.begin())};
}

Range VersionRange(const Snapshot& snapshot, const std::optional<VersionIndex>& version) {
  if (!version) return {0, snapshot.versions.size()};
  return {*version, *version + 1};
}

std::unique_ptr<RelationCursor> MakeList(RowRef::Kind kind, Range range) {
  return std::make_unique<ListCursor>(kind, range.first, range.second);
}

}  // namespace

std::unique_ptr<RelationCursor> OpenRelation(Execution& execution, RelationId relation,
                                             const RelationFilter& filter) {
  const Snapshot& snapshot = execution.snapshot();
  const auto& version = filter.version;
  switch (relation) {
    case RelationId::kVersions: {
      const Range range = VersionRange(snapshot, version);
      return std::make_unique<VersionCursor>(range.first, range.second);
    }
    case RelationId::kNodes:
    case RelationId::kEdges: {
      const Range range = VersionRange(snapshot, version);
      return std::make_unique<GraphCursor>(execution, range.first, range.second,
                                           relation == RelationId::kEdges);
    }
    case RelationId::kSnapshots: {
      const Range range = RangeOf(snapshot.snapshots, version, &SnapshotEntry::version);
      return std::make_unique<SnapshotCursor>(snapshot, range.first, range.second);
    }
    case RelationId::kTensors: {
      const Range range = RangeOf(snapshot.snapshots, version, &SnapshotEntry::version);
      return std::make_unique<TensorCursor>(execution, range.first, range.second);
    }
    case RelationId::kMetrics: {
      const Range range = RangeOf(snapshot.series, version, &SeriesEntry::version);
      return std::make_unique<MetricCursor>(snapshot, range.first, range.second, filter.metrics);
    }
    case RelationId::kHparams:
      return MakeList(RowRef::Kind::kHparam,
                      RangeOf(snapshot.all_hparams, version, &NamedEntry::version));
    case RelationId::kTags:
      return MakeList(RowRef::Kind::kTag, RangeOf(snapshot.tags, version, &NamedEntry::version));
    case RelationId::kEvaluations:
      return MakeList(RowRef::Kind::kEvaluation,
                      RangeOf(snapshot.evaluations, version, &EvaluationEntry::version));
    case RelationId::kFiles:
      return MakeList(RowRef::Kind::kFile, RangeOf(snapshot.files, version, &FileEntry::version));
    case RelationId::kLineage:
      return MakeList(RowRef::Kind::kLineage,
                      RangeOf(snapshot.lineage, version, &EdgeEntry::child));
    case RelationId::kQueries:
      return MakeList(RowRef::Kind::kQuery, {0, snapshot.queries.size()});
    default:
      return MakeList(RowRef::Kind::kModel, {0, snapshot.models.size()});
  }
}

}  // namespace dlv::query
