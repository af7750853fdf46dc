#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "storage/store/foreign_folder.h"
#include "storage/store/foreign_import.h"
#include "storage/store/names.h"

namespace dlv::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostPoints = 10'000'000;

/// A version of MLflow's registry.
struct Registered {
  std::string model, number;
  std::vector<std::string> aliases;
};

/// mlruns/models/NAME: which run became which version, and what points there.
std::multimap<std::string, Registered> ReadRegistry(const fs::path& folder) {
  std::multimap<std::string, Registered> of_run;
  for (const std::string& model : FoldersIn(folder)) {
    std::multimap<std::string, std::string> aliases;  // by number
    for (const std::string& alias : FilesIn(folder / model / "aliases")) {
      const auto text = SmallText(folder / model / "aliases" / alias, 64);
      if (text && CheckAliasName(alias).ok()) aliases.emplace(Trimmed(*text), alias);
    }
    for (const std::string& name : FoldersIn(folder / model)) {
      if (!name.starts_with("version-")) continue;
      const auto meta = SmallYaml(folder / model / name / "meta.yaml");
      if (!meta) continue;
      Registered version{model, name.substr(8), {}};
      const auto [first, last] = aliases.equal_range(version.number);
      for (auto at = first; at != last; ++at) version.aliases.push_back(at->second);
      of_run.emplace(YamlText(*meta, meta->top(), "run_id"), std::move(version));
    }
  }
  return of_run;
}

/// A model that a run has logged; since MLflow 3 it stands beside the runs, not among the run's
/// artifacts.
struct LoggedModel {
  std::string name, id;
  fs::path artifacts;
};

/// EXPERIMENT/models/m-ID: by the run that it came from, in the order of their making.
std::multimap<std::string, LoggedModel> ReadLoggedModels(const fs::path& folder) {
  std::vector<std::pair<std::string, std::string>> order;  // time, id
  for (const std::string& id : FoldersIn(folder)) {
    if (const auto meta = SmallYaml(folder / id / "meta.yaml"))
      order.emplace_back(YamlText(*meta, meta->top(), "creation_timestamp"), id);
  }
  std::sort(order.begin(), order.end());
  std::multimap<std::string, LoggedModel> of_run;
  for (const auto& [time, id] : order) {
    const auto meta = SmallYaml(folder / id / "meta.yaml");
    if (!meta || YamlText(*meta, meta->top(), "model_id") != id) continue;
    of_run.emplace(
        YamlText(*meta, meta->top(), "source_run_id"),
        LoggedModel{YamlText(*meta, meta->top(), "name"), id, folder / id / "artifacts"});
  }
  return of_run;
}

/// What stands beside a run and belongs to it.
struct Beside {
  std::multimap<std::string, Registered> registry;
  std::multimap<std::string, LoggedModel> models;
};

/// Lines "time value step"; NaN and infinity are written as words.
Metric ReadMetric(const std::string& name, const std::string& text) {
  std::map<std::int64_t, double> points;  // the last of two values of one step counts
  for (std::size_t begin = 0; begin < text.size() && points.size() < kMostPoints;) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    const std::size_t first = line.find(' ');
    if (first == std::string::npos) continue;
    const std::size_t second = std::min(line.find(' ', first + 1), line.size());
    const auto value = interchange::NumberIn(line.substr(first + 1, second - first - 1));
    std::int64_t step = 0;
    if (second < line.size())
      std::from_chars(line.data() + second + 1, line.data() + line.size(), step);
    if (value) points[std::max<std::int64_t>(step, 0)] = *value;
  }
  Metric metric{name, {}};
  for (const auto& [step, value] : points) metric.points.push_back({step, value});
  if (metric.points.size() == 1 && metric.points[0].step == 0) metric.points[0].step = -1;
  return metric;
}

class Run {
 public:
  Run(fs::path folder, const interchange::Tree& meta) : folder_(std::move(folder)), meta_(meta) {}

  std::int64_t started() const { return Number("start_time"); }

  ForeignVersion Plan(const std::string& experiment, const std::string& id, const Beside& beside) {
    ForeignVersion version;
    version.origin = "mlflow:" + id;
    CommitRequest& request = version.request;
    request.parent_choice = ParentChoice::kNone;  // runs beside each other say nothing of descent
    request.model = ModelNameFrom(experiment);
    const auto [first, last] = beside.registry.equal_range(id);
    for (auto at = first; at != last; ++at) {
      request.model = ModelNameFrom(at->second.model);
      request.aliases.insert(request.aliases.end(), at->second.aliases.begin(),
                             at->second.aliases.end());
      request.tags["mlflow.model"] = at->second.model + " version " + at->second.number;
    }
    const std::string name = YamlText(meta_, meta_.top(), "run_name");
    request.message = (name.empty() ? "run " + id : name) + ", from MLflow (" + experiment + ")";
    request.author = YamlText(meta_, meta_.top(), "user_id");
    ReadPairs(folder_ / "params", request.hparams, version);
    ReadTags(request.tags, version);
    ReadMetrics(version);
    AddFiles(folder_ / "artifacts", "", version);
    AddLoggedModels(id, beside, version);
    if (YamlText(meta_, meta_.top(), "lifecycle_stage") == "deleted")
      version.skip = "deleted in MLflow";
    else if (request.files.empty())
      version.skip = "no artifacts: there is no model in it";
    else if (request.model.empty())
      version.skip = "its experiment's name is no name for a model";
    return version;
  }

 private:
  std::int64_t Number(const char* key) const {
    const std::string text = YamlText(meta_, meta_.top(), key);
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }

  static void ReadPairs(const fs::path& folder, KeyValues& pairs, ForeignVersion& version) {
    for (const std::string& path : FilesBelow(folder)) {
      const auto text = SmallText(folder / path, 64u << 10);
      if (text && CheckKey("name", path).ok() && IsValidUtf8(*text)) {
        pairs[path] = *text;
      } else {
        version.notes.push_back(folder.filename().string() + "/" + path + " left out");
      }
    }
  }

  void ReadTags(KeyValues& tags, ForeignVersion& version) const {
    KeyValues all;
    ReadPairs(folder_ / "tags", all, version);
    for (const auto& [key, value] : all) {
      if (key == "mlflow.source.git.commit") tags["git"] = value;
      if (!key.starts_with("mlflow.") && value.size() <= 4096) tags[key] = value;
    }
  }

  void ReadMetrics(ForeignVersion& version) const {
    for (const std::string& path : FilesBelow(folder_ / "metrics")) {
      const auto text = SmallText(folder_ / "metrics" / path, 512u << 20);
      Metric metric = ReadMetric(path, text.value_or(""));
      if (!metric.points.empty() && CheckKey("metric", path).ok()) {
        version.request.metrics.push_back(std::move(metric));
      } else {
        version.notes.push_back("metrics/" + path + " left out");
      }
    }
  }

  static void AddFiles(const fs::path& folder, const std::string& prefix, ForeignVersion& version) {
    for (const std::string& path : FilesBelow(folder)) {
      if (!CheckFilePath(prefix + path).ok()) {
        version.notes.push_back(prefix + path + " left out: no name for a file");
        continue;
      }
      FileInput input;
      input.source = folder / path;
      input.path = prefix + path;
      version.request.files.push_back(std::move(input));
    }
  }

  /// NAME/... for the first of a name, NAME-m-ID/... for those that a training logged later.
  static void AddLoggedModels(const std::string& run, const Beside& beside,
                              ForeignVersion& version) {
    std::set<std::string> taken;
    for (const FileInput& file : version.request.files)
      taken.insert(file.path.substr(0, file.path.find('/')));
    const auto [first, last] = beside.models.equal_range(run);
    for (auto at = first; at != last; ++at) {
      const LoggedModel& model = at->second;
      std::string name = model.name.empty() ? model.id : model.name;
      if (!taken.insert(name).second) name += "-" + model.id;
      AddFiles(model.artifacts, name + "/", version);
    }
  }

  fs::path folder_;
  const interchange::Tree& meta_;
};

bool IsExperiment(const fs::path& folder) {
  const auto meta = SmallYaml(folder / "meta.yaml");
  return meta && !YamlText(*meta, meta->top(), "experiment_id").empty();
}

void AddRuns(const fs::path& folder, const std::string& experiment, const Beside& beside,
             std::vector<std::pair<std::int64_t, ForeignVersion>>& runs) {
  for (const std::string& id : FoldersIn(folder)) {
    const auto meta = SmallYaml(folder / id / "meta.yaml");
    if (!meta || YamlText(*meta, meta->top(), "run_id") != id) continue;
    Run run(folder / id, *meta);
    ForeignVersion version = run.Plan(experiment, id, beside);
    version.source = folder.filename().string() + "/" + id;
    runs.emplace_back(run.started(), std::move(version));
  }
}

}  // namespace

Result<std::optional<ForeignPlan>> PlanMlflow(const fs::path& folder) {
  std::error_code error;
  const fs::path root = fs::is_directory(folder / "mlruns", error) ? folder / "mlruns" : folder;
  std::vector<std::pair<std::int64_t, ForeignVersion>> runs;
  bool found = false;
  Beside beside{ReadRegistry(root / "models"), {}};
  for (const std::string& name : FoldersIn(root)) {
    if (!IsExperiment(root / name)) continue;
    found = true;
    const auto meta = SmallYaml(root / name / "meta.yaml");
    beside.models = ReadLoggedModels(root / name / "models");
    AddRuns(root / name, YamlText(*meta, meta->top(), "name"), beside, runs);
  }
  if (!found) {
    for (const fs::path& place : {folder, root}) {
      if (!fs::is_regular_file(place / "mlflow.db", error)) continue;
      return Error{ErrorCode::kUnsupported,
                   (place / "mlflow.db").string() + ": these runs are in a database",
                   "dlv reads MLflow's folders (meta.yaml for each run); commit the files below "
                   "artifacts by hand, or copy the runs to a tracking URI file:./mlruns"};
    }
    return std::optional<ForeignPlan>();
  }
  std::stable_sort(runs.begin(), runs.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  ForeignPlan plan;
  plan.kind = ImportKind::kMlflow;
  for (auto& [started, version] : runs) plan.versions.push_back(std::move(version));
  return std::optional(std::move(plan));
}

}  // namespace dlv::store
