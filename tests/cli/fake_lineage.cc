// Canned answers about lineage and searches: a line of three, two that leave it, one whose parent
// is not here.

#include <algorithm>

#include "dlv/lineage.h"
#include "dlv/repository.h"
#include "dlv/search.h"

namespace dlv {
namespace {

LineageVersion VersionOf(const VersionSummary& summary) {
  return {summary.id, summary.reference(), summary.model, summary.number, summary.created, true};
}

class FakeRange : public LineageRange {
 public:
  explicit FakeRange(std::vector<LineageStep> steps) : steps_(std::move(steps)) {}
  Result<std::optional<LineageStep>> Next() override {
    if (place_ == steps_.size()) return std::optional<LineageStep>();
    return std::optional(steps_[place_++]);
  }

 private:
  std::vector<LineageStep> steps_;
  std::size_t place_ = 0;
};

class FakeLineage : public Lineage {
 public:
  explicit FakeLineage(std::vector<VersionSummary> versions) : versions_(std::move(versions)) {
    for (const VersionSummary& version : versions_) {
      for (const ParentInfo& parent : version.parents) AddEdge(version, parent);
    }
    std::reverse(edges_.begin(), edges_.end());  // the listing has the newest first
  }

  Result<std::unique_ptr<LineageRange>> Ancestors(std::string_view,
                                                  const LineageFilter&) const override {
    return Range(true);
  }
  Result<std::unique_ptr<LineageRange>> Descendants(std::string_view,
                                                    const LineageFilter&) const override {
    return Range(false);
  }
  Result<std::vector<LineageEdge>> Edges(std::string_view) const override { return edges_; }
  Result<std::vector<LineageVersion>> Path(std::string_view, std::string_view) const override {
    return std::vector<LineageVersion>{edges_.front().child, edges_.front().parent};
  }
  Result<std::vector<LineageVersion>> LowestCommonAncestors(std::string_view,
                                                            std::string_view) const override {
    return std::vector<LineageVersion>{};
  }
  Result<std::vector<LineageMetric>> MetricAlong(std::string_view,
                                                 std::string_view metric) const override {
    std::vector<LineageMetric> line;
    for (const VersionSummary& version : versions_) {
      if (version.model != "lenet") continue;
      LineageMetric point{VersionOf(version), std::nullopt};
      for (const auto& [name, value] : version.metrics) {
        if (name == metric) point.value = value;
      }
      line.insert(line.begin(), point);
    }
    return line;
  }
  Result<std::vector<BlameLine>> Blame(std::string_view) const override {
    const LineageVersion last = VersionOf(versions_[0]), first = VersionOf(versions_[2]);
    return std::vector<BlameLine>{
        {"conv1.weight", first, "", Relation::kRetrain, 150},
        {"fc1.weight", last, "", Relation::kRetrain, 48'000},
        {"optimizer.state.0.exp_avg_of_a_very_long_parameter_name.weight", last, "",
         Relation::kRetrain, 48'000},
        {"module.層\x1b[31m", VersionOf(versions_[4]), "層", Relation::kFinetune, 7}};
  }
  Result<std::string> Dot(std::string_view) const override { return std::string("digraph {}\n"); }

 private:
  void AddEdge(const VersionSummary& version, const ParentInfo& parent) {
    LineageEdge edge{VersionOf(version), {}, parent.relation, 0, parent.inferred};
    edge.parent.id = parent.id;
    edge.parent.reference =
        parent.reference.substr(0, parent.reference.find(':')) + "@9f31c2e0aa07";
    for (const VersionSummary& other : versions_) {
      if (other.reference() == parent.reference) edge.parent = VersionOf(other);
    }
    edges_.push_back(edge);
  }
  Result<std::unique_ptr<LineageRange>> Range(bool up) const {
    std::vector<LineageStep> steps;
    for (const LineageEdge& edge : edges_)
      steps.push_back(
          {up ? edge.parent : edge.child, 1, edge.relation, up ? edge.child.id : edge.parent.id});
    return std::unique_ptr<LineageRange>(std::make_unique<FakeRange>(std::move(steps)));
  }

  std::vector<VersionSummary> versions_;
  std::vector<LineageEdge> edges_;
};

}  // namespace

Result<std::unique_ptr<Lineage>> Lineage::Open(const Repository& repository) {
  DLV_ASSIGN(auto versions, repository.ListVersions());
  const auto parent = [](const char* reference, Relation relation, bool inferred) {
    return ParentInfo{{}, reference, relation, {}, inferred};
  };
  versions[4].parents = {parent("lenet:v2", Relation::kFinetune, true)};
  versions[5].parents = {parent("lenet:v2", Relation::kMerge, false),
                         parent("鳥の分類器:v1", Relation::kMerge, false)};
  return std::unique_ptr<Lineage>(std::make_unique<FakeLineage>(std::move(versions)));
}

Result<std::vector<SearchHit>> Repository::Search(const SearchRequest& request,
                                                  const Operation&) const {
  if (request.words.empty() && request.architecture.empty() && request.like.empty())
    return Error{ErrorCode::kInvalidArgument, "nothing to look for"};
  DLV_ASSIGN(const auto versions, ListVersions());
  std::vector<SearchHit> hits;
  double score = 1;
  for (const VersionSummary& version : versions)
    hits.push_back({version,
                    score /= 1.5,
                    {"name: " + version.model,
                     "same network; 12 of 14 tensors the same, weights 97 % alike"}});
  return hits;
}

}  // namespace dlv
