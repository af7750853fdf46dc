#include "storage/store/side_merge.h"

#include <algorithm>
#include <map>
#include <set>

namespace dlv::store {
namespace {

constexpr std::size_t kMaxHparams = 16'384;
constexpr std::size_t kMaxSeries = 4'096;
constexpr std::size_t kMaxTags = 256;

// A series that is being put together, of files of one kind.
struct Series {
  int rank = 0;
  std::size_t file = 0;  // the place of that which gave most of the points
  std::size_t most = 0;
  std::map<std::int64_t, double> points;
  bool doubtful = false;  // in two files that may be of two runs
};

class Merger {
 public:
  Merger(const KeyValues& given_tags, archive::Manifest& manifest)
      : given_tags_(given_tags), manifest_(manifest) {
    for (const Metric& metric : manifest.metrics) given_metrics_.insert(metric.name);
  }

  SideOutcome Run(const std::vector<RankedSide>& sides) {
    out_.found.resize(sides.size());
    for (std::size_t i = 0; i < sides.size(); ++i) {
      out_.found[i].path = sides[i].found.source;
      AddPairs(sides[i].found, out_.found[i]);
      for (const Metric& metric : sides[i].found.metrics) AddMetric(metric, sides, i);
      out_.warnings.insert(out_.warnings.end(), sides[i].found.warnings.begin(),
                           sides[i].found.warnings.end());
    }
    FinishMetrics(sides);
    std::erase_if(out_.found, [](const FoundInformation& file) {
      return file.hparams.empty() && file.metrics.empty() && file.tags.empty();
    });
    return std::move(out_);
  }

 private:
  void AddPairs(const interchange::SideInformation& side, FoundInformation& file) {
    for (const auto& [key, value] : side.hparams) {
      if (manifest_.hparams.size() >= kMaxHparams) break;
      if (!manifest_.hparams.emplace(key, value).second) continue;
      manifest_.sources.hparams.emplace(key, side.source);
      file.hparams.push_back(key);
    }
    for (const auto& [key, value] : side.tags) {
      if (out_.tags.size() >= kMaxTags || given_tags_.contains(key)) continue;
      if (!out_.tags.emplace(key, value).second) continue;
      manifest_.sources.tags.emplace(key, side.source);
      file.tags.push_back(key);
    }
  }

  void AddMetric(const Metric& metric, const std::vector<RankedSide>& sides, std::size_t file) {
    if (given_metrics_.contains(metric.name)) return;
    const auto [place, fresh] = series_.try_emplace(metric.name);
    Series& series = place->second;
    if (fresh) series.rank = sides[file].rank;
    if (series.rank != sides[file].rank) return;
    if (!fresh && !sides[file].joins) {
      series.doubtful = true;  // no warning: every commit beside two logs would have it
      return;
    }
    if (fresh || metric.points.size() > series.most) {
      series.most = metric.points.size();
      series.file = file;
    }
    for (const MetricPoint& point : metric.points) series.points[point.step] = point.value;
  }

  void FinishMetrics(const std::vector<RankedSide>& sides) {
    for (const auto& [name, series] : series_) {
      if (series.doubtful) continue;
      if (manifest_.metrics.size() >= kMaxSeries) break;
      Metric metric{name, {}};
      for (const auto& [step, value] : series.points) metric.points.push_back({step, value});
      FoundInformation& file = out_.found[series.file];
      file.metrics.push_back(name);
      file.point_count += metric.points.size();
      manifest_.sources.metrics.emplace(name, sides[series.file].found.source);
      manifest_.metrics.push_back(std::move(metric));
    }
    std::sort(manifest_.metrics.begin(), manifest_.metrics.end(),
              [](const Metric& a, const Metric& b) { return a.name < b.name; });
  }

  const KeyValues& given_tags_;
  archive::Manifest& manifest_;
  std::set<std::string> given_metrics_;
  std::map<std::string, Series> series_;
  SideOutcome out_;
};

}  // namespace

SideOutcome MergeSides(const std::vector<RankedSide>& sides, const KeyValues& given_tags,
                       archive::Manifest& manifest) {
  return Merger(given_tags, manifest).Run(sides);
}

}  // namespace dlv::store
