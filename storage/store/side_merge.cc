#include "storage/store/side_merge.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>

#include "storage/store/names.h"

namespace dlv::store {
namespace {

constexpr std::size_t kMaxHparams = 16'384;
constexpr std::size_t kMaxSeries = 4'096;
constexpr std::size_t kMaxTags = 256;
constexpr std::size_t kMaxRuns = 64;  // of one metric
constexpr std::size_t kMaxNameBytes = 256;

// What one file, or several that join, say of a metric.
struct LogRun {
  std::size_t file = 0;  // the place of that which gave most of the points
  std::size_t most = 0;
  std::map<std::int64_t, double> points;
};

// A metric that is being put together, of files of one kind: more than one run where it is in
// several files that do not agree.
struct Series {
  int rank = 0;
  std::vector<LogRun> runs;
};

// Logs of one run are written with unlike numbers of digits.
bool IsNear(double a, double b) {
  constexpr double kSameDigits = 1e-4;
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return a == b || std::abs(a - b) <= kSameDigits * std::max(std::abs(a), std::abs(b));
}

// Whether both have steps in common, and near values at all of them.
bool Agree(const LogRun& run, const Metric& metric) {
  bool any = false;
  for (const MetricPoint& point : metric.points) {
    const auto other = run.points.find(point.step);
    if (other == run.points.end()) continue;
    if (!IsNear(other->second, point.value)) return false;
    any = true;
  }
  return any;
}

// "train_log" of "logs/train_log.csv".
std::string_view Stem(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);  // all of it where there is no slash
  const std::size_t dot = path.find('.', 1);
  return path.substr(0, dot);
}

// "loss, lr, acc and 2 more".
std::string NamesText(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kShown; ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kShown) text += " and " + std::to_string(names.size() - kShown) + " more";
  return text;
}

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
    LogRun* joined = sides[file].joins && !fresh ? &series.runs.front() : nullptr;
    if (series.rank != sides[file].rank) {
      const bool same = std::any_of(series.runs.begin(), series.runs.end(),
                                    [&](const LogRun& run) { return Agree(run, metric); });
      if (!same) passed_over_[{series.runs.front().file, file}].push_back(metric.name);
      return;
    }
    for (LogRun& run : series.runs) {
      if (joined == nullptr && Agree(run, metric)) joined = &run;
    }
    if (joined == nullptr && series.runs.size() == kMaxRuns) {
      passed_over_[{series.runs.front().file, file}].push_back(metric.name);
      return;
    }
    if (joined == nullptr) joined = &series.runs.emplace_back();
    if (metric.points.size() > joined->most) {
      joined->most = metric.points.size();
      joined->file = file;
    }
    for (const MetricPoint& point : metric.points) {
      if (sides[file].joins)
        joined->points[point.step] = point.value;
      else
        joined->points.emplace(point.step, point.value);
    }
  }

  void FinishMetrics(const std::vector<RankedSide>& sides) {
    for (const auto& [name, series] : series_) {
      if (series.runs.size() > 1) NameApart(name, series, sides);
      for (const LogRun& run : series.runs) {
        AddSeries(series.runs.size() == 1 ? name : apart_.at({name, run.file}), run, sides);
      }
    }
    std::sort(manifest_.metrics.begin(), manifest_.metrics.end(),
              [](const Metric& a, const Metric& b) { return a.name < b.name; });
    WarnOfMetrics(sides);
  }

  // "loss" of a.csv and b.csv, which may be of two runs: "a:loss" and "b:loss".
  void NameApart(const std::string& name, const Series& series,
                 const std::vector<RankedSide>& sides) {
    std::map<std::string_view, std::size_t> stems;
    for (const LogRun& run : series.runs) ++stems[Stem(sides[run.file].found.source)];
    for (const LogRun& run : series.runs) {
      const std::string_view path = sides[run.file].found.source;
      const std::string_view shown = stems[Stem(path)] == 1 ? Stem(path) : path;
      std::string apart = std::string(shown) + ":" + name;
      if (series_.contains(apart)) apart = std::string(path) + ":" + name;
      apart_[{name, run.file}] = std::move(apart);
    }
  }

  void AddSeries(const std::string& name, const LogRun& run, const std::vector<RankedSide>& sides) {
    if (manifest_.metrics.size() >= kMaxSeries || name.size() > kMaxNameBytes ||
        given_metrics_.contains(name) || !taken_.insert(name).second) {
      return;
    }
    Metric metric{name, {}};
    for (const auto& [step, value] : run.points) metric.points.push_back({step, value});
    FoundInformation& file = out_.found[run.file];
    file.metrics.push_back(name);
    file.point_count += metric.points.size();
    manifest_.sources.metrics.emplace(name, sides[run.file].found.source);
    manifest_.metrics.push_back(std::move(metric));
  }

  void WarnOfMetrics(const std::vector<RankedSide>& sides) {
    for (const auto& [files, names] : passed_over_) {
      out_.warnings.push_back(NamesText(names) + ": taken from " + sides[files.first].found.source +
                              ", not from " + sides[files.second].found.source +
                              ", which differs (--metrics FILE says which one counts)");
    }
  }

  const KeyValues& given_tags_;
  archive::Manifest& manifest_;
  std::set<std::string> given_metrics_, taken_;
  std::map<std::string, Series> series_;
  std::map<std::pair<std::string, std::size_t>, std::string> apart_;  // metric, file: its name
  std::map<std::pair<std::size_t, std::size_t>, std::vector<std::string>> passed_over_;
  SideOutcome out_;
};

}  // namespace

SideOutcome MergeSides(const std::vector<RankedSide>& sides, const KeyValues& given_tags,
                       archive::Manifest& manifest) {
  return Merger(given_tags, manifest).Run(sides);
}

}  // namespace dlv::store
