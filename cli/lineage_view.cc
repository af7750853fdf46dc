#include "cli/lineage_view.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "cli/lineage_lines.h"
#include "cli/suggest.h"

namespace dlv::cli {
namespace {

/// Collects versions and edges, each once.
class Collector {
 public:
  explicit Collector(std::vector<VersionSummary> versions) {
    for (VersionSummary& version : versions) summaries_.emplace(version.id, std::move(version));
  }

  std::size_t Add(const LineageVersion& version) {
    const auto [found, fresh] = places_.emplace(version.id, items_.size());
    if (fresh) {
      LineageItem item{version, {}, {}, std::nullopt};
      const auto summary = summaries_.find(version.id);
      if (summary != summaries_.end()) item.summary = summary->second;
      items_.push_back(std::move(item));
    }
    return found->second;
  }
  void Add(const LineageEdge& edge) {
    Add(edge.parent);  // parents first: their places tell who is older
    items_[Add(edge.child)].parents.push_back(edge);
  }
  void AddAll() {
    std::vector<const VersionSummary*> all;
    for (const auto& [id, summary] : summaries_) all.push_back(&summary);
    std::sort(all.begin(), all.end(), [](const auto* a, const auto* b) {
      return std::tie(a->created, a->model, a->number) < std::tie(b->created, b->model, b->number);
    });
    for (const VersionSummary* summary : all) Add(*summary);
  }
  void Add(const VersionId& id) {
    const auto found = summaries_.find(id);
    if (found != summaries_.end()) Add(found->second);
  }

  /// Puts children before parents.
  std::vector<LineageItem> Finish() {
    std::vector<LineagePoint> points;
    for (const LineageItem& item : items_) {
      points.emplace_back();
      for (const LineageEdge& edge : item.parents)
        points.back().parents.push_back(places_.at(edge.parent.id));
    }
    std::vector<LineageItem> ordered;
    for (const std::size_t place : OrderForLines(points))
      ordered.push_back(std::move(items_[place]));
    return ordered;
  }

 private:
  void Add(const VersionSummary& summary) {
    Add(LineageVersion{summary.id, summary.reference(), summary.model, summary.number,
                       summary.created, true});
  }

  std::unordered_map<VersionId, VersionSummary> summaries_;
  std::unordered_map<VersionId, std::size_t> places_;
  std::vector<LineageItem> items_;
};

Status AddIds(std::unique_ptr<LineageRange> range, std::set<VersionId>& ids) {
  while (true) {
    DLV_ASSIGN(const auto step, range->Next());
    if (!step) return Ok();
    ids.insert(step->version.id);
  }
}

/// Which versions may be shown; nothing: all that the edges name.
Result<std::optional<std::set<VersionId>>> Chosen(const Lineage& lineage,
                                                  const LineageWanted& wanted,
                                                  const VersionId& focus) {
  std::optional<std::set<VersionId>> ids;
  if (wanted.reference.empty() || !wanted.restricts()) return ids;
  ids.emplace({focus});
  if (wanted.ancestors) {
    DLV_ASSIGN(auto range, lineage.Ancestors(wanted.reference, wanted.filter));
    DLV_TRY(AddIds(std::move(range), *ids));
  }
  if (wanted.descendants) {
    DLV_ASSIGN(auto range, lineage.Descendants(wanted.reference, wanted.filter));
    DLV_TRY(AddIds(std::move(range), *ids));
  }
  return ids;
}

bool Fits(const LineageEdge& edge, const std::optional<std::set<VersionId>>& ids,
          const std::vector<Relation>& relations) {
  if (ids && (!ids->contains(edge.child.id) || !ids->contains(edge.parent.id))) return false;
  return relations.empty() ||
         std::find(relations.begin(), relations.end(), edge.relation) != relations.end();
}

Error NoMetric(const LineageView& view) {
  std::set<std::string> known;
  for (const LineageItem& item : view.items) {
    for (const auto& [name, value] : item.summary.metrics) known.insert(name);
  }
  const std::vector<std::string> names(known.begin(), known.end());
  Error error{ErrorCode::kNotFound, "no version has the metric \"" + view.metric + "\"",
              DidYouMean(Nearest(view.metric, names))};
  if (error.hint.empty() && !names.empty()) {
    error.hint = "there are:";
    for (const std::string& name : names) error.hint += " " + name;
  }
  return error;
}

Status AddValues(LineageView& view) {
  bool any = false;
  for (LineageItem& item : view.items) {
    for (const auto& [name, value] : item.summary.metrics) {
      if (name == view.metric) item.value = value;
    }
    any = any || item.value.has_value();
  }
  return any ? Ok() : Status(NoMetric(view));
}

}  // namespace

Result<LineageView> ViewLineage(const Repository& repository, const Lineage& lineage,
                                const LineageWanted& wanted) {
  LineageView view;
  view.metric = wanted.metric;
  VersionId focus;
  DLV_ASSIGN(std::vector<VersionSummary> versions, repository.ListVersions());
  Collector collector(std::move(versions));
  if (wanted.reference.empty()) {
    collector.AddAll();
  } else {
    DLV_ASSIGN(const ResolvedReference found, repository.Resolve(wanted.reference));
    focus = found.id;
    view.focus = found.model + ":v" + std::to_string(found.number);
    if (!wanted.metric.empty()) {
      DLV_ASSIGN(view.line, lineage.MetricAlong(wanted.reference, wanted.metric));
    }
  }
  DLV_ASSIGN(const auto chosen, Chosen(lineage, wanted, focus));
  DLV_ASSIGN(const std::vector<LineageEdge> edges, lineage.Edges(wanted.reference));
  for (const LineageEdge& edge : edges) {
    if (Fits(edge, chosen, wanted.filter.relations)) collector.Add(edge);
  }
  if (!wanted.reference.empty()) collector.Add(focus);
  view.items = collector.Finish();
  if (!view.metric.empty()) DLV_TRY(AddValues(view));
  return view;
}

}  // namespace dlv::cli
