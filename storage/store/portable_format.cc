#include "storage/store/portable_format.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <ctime>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "storage/store/names.h"

namespace dlv::store {
namespace {

using OrderedJson = nlohmann::ordered_json;

std::string Text(const OrderedJson& json) {
  return json.dump(1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

std::string IsoTime(std::int64_t when) {
  const auto time = static_cast<std::time_t>(when);
  std::tm parts{};
  char buffer[64];
  if (gmtime_r(&time, &parts) == nullptr) return "";
  return std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0 ? "" : buffer;
}

/// The shortest decimal number that gives the same double; "nan", "inf" and "-inf" otherwise.
std::string NumberText(double value) {
  char buffer[64];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return error == std::errc() ? std::string(buffer, end) : std::string("nan");
}

/// JSON has no NaN: such values become their text.
OrderedJson NumberOf(double value) {
  return std::isfinite(value) ? OrderedJson(value) : OrderedJson(NumberText(value));
}

OrderedJson PairsOf(const KeyValues& pairs) {
  OrderedJson object = OrderedJson::object();
  for (const auto& [key, value] : pairs) object[key] = value;
  return object;
}

const char* RelationName(Relation relation) {
  constexpr const char* kNames[] = {"retrain", "finetune", "copy",  "slice",  "construct",
                                    "merge",   "quantize", "prune", "distil", "adapter"};
  const auto index = static_cast<std::size_t>(relation);
  return index < std::size(kNames) ? kNames[index] : "other";
}

OrderedJson ParentsOf(const PortableVersion& version, const archive::Manifest& manifest) {
  OrderedJson array = OrderedJson::array();
  for (std::size_t i = 0; i < manifest.parents.size(); ++i) {
    const archive::ManifestParent& parent = manifest.parents[i];
    const auto& shown = version.summary.parents;
    array.push_back({{"reference", i < shown.size() ? shown[i].reference : ""},
                     {"id", parent.id.Hex()},
                     {"model", i < version.parent_models.size() ? version.parent_models[i] : ""},
                     {"relation", RelationName(parent.relation)},
                     {"found_by_tensors", parent.inferred},
                     {"attributes", PairsOf(parent.attributes)}});
  }
  return array;
}

OrderedJson SnapshotsOf(const std::vector<SnapshotContent>& snapshots) {
  OrderedJson array = OrderedJson::array();
  for (const SnapshotContent& snapshot : snapshots) {
    OrderedJson tensors = OrderedJson::array();
    for (std::size_t i = 0; i < snapshot.ids.size(); ++i) {
      const archive::LayoutTensor& tensor = snapshot.layout.tensors[i];
      tensors.push_back({{"name", tensor.name},
                         {"role", std::string(NameOf(tensor.role))},
                         {"dtype", std::string(NameOf(tensor.dtype))},
                         {"shape", tensor.shape},
                         {"id", snapshot.ids[i].Hex()}});
    }
    OrderedJson entry = {
        {"step", snapshot.step ? OrderedJson(*snapshot.step) : OrderedJson(nullptr)}};
    entry["tensors"] = std::move(tensors);
    array.push_back(std::move(entry));
  }
  return array;
}

OrderedJson FilesOf(const archive::Manifest& manifest) {
  OrderedJson array = OrderedJson::array();
  for (const archive::ManifestFile& file : manifest.files) {
    const bool kept = file.form != archive::FileForm::kNone;
    array.push_back({{"path", file.path},
                     {"kept_as", kept ? OrderedJson("files/" + file.path) : OrderedJson(nullptr)},
                     {"size_bytes", file.size_bytes},
                     {"sha256", file.sha256.Hex()},
                     {"format", file.format},
                     {"note", file.note}});
  }
  return array;
}

OrderedJson MetricsOf(const archive::Manifest& manifest) {
  OrderedJson object = OrderedJson::object();
  for (const Metric& metric : manifest.metrics) object[metric.name] = NumberOf(metric.last());
  return object;
}

OrderedJson EvaluationsOf(const PortableVersion& version) {
  OrderedJson array = OrderedJson::array();
  for (const PortableEvaluation& evaluation : version.evaluations) {
    array.push_back({{"data", evaluation.dataset},
                     {"metric", evaluation.metric},
                     {"value", NumberOf(evaluation.value)},
                     {"attributes", PairsOf(evaluation.attributes)}});
  }
  return array;
}

Error Broken(const std::string& where, const std::string& why) {
  return Error{ErrorCode::kCorruption, where + ": " + why};
}

/// Reads the members of one object; a member that is missing or of another type is remembered.
class Reader {
 public:
  explicit Reader(const OrderedJson& json) : json_(json) { ok_ = json.is_object(); }
  bool ok() const { return ok_; }
  std::string String(const char* name) {
    const OrderedJson* found = Find(name);
    if (found != nullptr && found->is_string()) return found->get<std::string>();
    ok_ = false;
    return {};
  }
  std::uint64_t Unsigned(const char* name) {
    const OrderedJson* found = Find(name);
    if (found != nullptr && found->is_number_unsigned()) return found->get<std::uint64_t>();
    ok_ = false;
    return 0;
  }
  std::int64_t Integer(const char* name) {
    const OrderedJson* found = Find(name);
    if (found != nullptr && found->is_number_integer()) return found->get<std::int64_t>();
    ok_ = false;
    return 0;
  }
  bool Bool(const char* name) {
    const OrderedJson* found = Find(name);
    if (found != nullptr && found->is_boolean()) return found->get<bool>();
    ok_ = false;
    return false;
  }
  double Number(const char* name) {
    const OrderedJson* found = Find(name);
    if (found != nullptr && found->is_number()) return found->get<double>();
    const std::string text =
        found != nullptr && found->is_string() ? found->get<std::string>() : "";
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) ok_ = false;
    return value;
  }
  KeyValues Pairs(const char* name) {
    KeyValues pairs;
    const OrderedJson* found = Find(name);
    if (found == nullptr || !found->is_object()) {
      ok_ = false;
      return pairs;
    }
    for (const auto& [key, value] : found->items()) {
      if (!value.is_string()) ok_ = false;
      if (value.is_string()) pairs[key] = value.get<std::string>();
    }
    return pairs;
  }
  const OrderedJson& Array(const char* name) {
    static const OrderedJson kEmpty = OrderedJson::array();
    const OrderedJson* found = Find(name);
    if (found != nullptr && found->is_array()) return *found;
    ok_ = false;
    return kEmpty;
  }

 private:
  const OrderedJson* Find(const char* name) const {
    if (!json_.is_object()) return nullptr;
    const auto found = json_.find(name);
    return found == json_.end() ? nullptr : &*found;
  }
  const OrderedJson& json_;
  bool ok_ = true;
};

/// Depth is bounded: the parser calls itself for every level.
Result<OrderedJson> Parse(std::string_view text, const std::string& where) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > 32) return Broken(where, "is nested too deeply");
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  OrderedJson json = OrderedJson::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_object()) return Broken(where, "is no JSON object");
  return json;
}

Result<PortableEntry> EntryFrom(const OrderedJson& json) {
  Reader reader(json);
  PortableEntry entry;
  entry.model = reader.String("model");
  entry.number = reader.Unsigned("number");
  const auto id = VersionId::FromHex(reader.String("id"));
  if (!reader.ok() || !id || entry.number == 0)
    return Broken(std::string(kExportIndex), "an entry of versions is malformed");
  const Status name = CheckModelName(entry.model);
  if (!name.ok())
    return Error{ErrorCode::kUnsafe, std::string(kExportIndex) + ": " + name.error().message};
  entry.id = *id;
  return entry;
}

Result<PortableAlias> AliasFrom(const OrderedJson& json) {
  Reader reader(json);
  PortableAlias alias;
  alias.model = reader.String("model");
  alias.alias = reader.String("alias");
  alias.number = reader.Unsigned("number");
  if (!reader.ok()) return Broken(std::string(kExportIndex), "an entry of aliases is malformed");
  for (const Status& name : {CheckModelName(alias.model), CheckAliasName(alias.alias)}) {
    if (!name.ok())
      return Error{ErrorCode::kUnsafe, std::string(kExportIndex) + ": " + name.error().message};
  }
  return alias;
}

}  // namespace

std::string EncodeIndex(const PortableIndex& index) {
  OrderedJson versions = OrderedJson::array();
  for (const PortableEntry& entry : index.versions) {
    versions.push_back({{"model", entry.model},
                        {"number", entry.number},
                        {"id", entry.id.Hex()},
                        {"folder", entry.Folder()}});
  }
  OrderedJson aliases = OrderedJson::array();
  for (const PortableAlias& alias : index.aliases) {
    aliases.push_back({{"model", alias.model}, {"alias", alias.alias}, {"number", alias.number}});
  }
  OrderedJson json = {
      {"format", "dlv export"}, {"version", kExportVersion}, {"complete", index.complete}};
  json["versions"] = std::move(versions);
  json["aliases"] = std::move(aliases);
  return Text(json);
}

Result<PortableIndex> DecodeIndex(std::string_view text) {
  const std::string where(kExportIndex);
  DLV_ASSIGN(const OrderedJson json, Parse(text, where));
  Reader reader(json);
  const std::string format = reader.String("format");
  const std::uint64_t version = reader.Unsigned("version");
  if (!reader.ok() || format != "dlv export") return Broken(where, "is no index of an export");
  if (version > kExportVersion) {
    return Error{ErrorCode::kUnsupported, where + ": is of version " + std::to_string(version) +
                                              ", this release reads up to " +
                                              std::to_string(kExportVersion)};
  }
  PortableIndex index;
  index.complete = reader.Bool("complete");
  std::set<std::pair<std::string, std::uint64_t>> seen;
  for (const OrderedJson& item : reader.Array("versions")) {
    DLV_ASSIGN(PortableEntry entry, EntryFrom(item));
    if (!seen.emplace(entry.model, entry.number).second)
      return Broken(where, entry.Reference() + " stands twice");
    index.versions.push_back(std::move(entry));
  }
  for (const OrderedJson& item : reader.Array("aliases")) {
    DLV_ASSIGN(PortableAlias alias, AliasFrom(item));
    index.aliases.push_back(std::move(alias));
  }
  if (!reader.ok()) return Broken(where, "something is missing in it");
  return index;
}

std::string EncodeVersion(const PortableVersion& version, const archive::Manifest& manifest,
                          const std::vector<SnapshotContent>& snapshots) {
  const VersionSummary& summary = version.summary;
  OrderedJson json = {{"reference", summary.reference()},
                      {"id", summary.id.Hex()},
                      {"model", summary.model},
                      {"number", summary.number},
                      {"committed_as", manifest.model},
                      {"created", IsoTime(summary.created)},
                      {"created_seconds", summary.created},
                      {"author", summary.author},
                      {"tool", version.tool},
                      {"message", summary.message},
                      {"note", summary.note}};
  json["aliases"] = summary.aliases;
  json["tags"] = PairsOf(summary.tags);
  json["parents"] = ParentsOf(version, manifest);
  json["hparams"] = PairsOf(manifest.hparams);
  json["metrics"] = MetricsOf(manifest);
  json["evaluations"] = EvaluationsOf(version);
  json["raw_bytes"] = summary.raw_bytes;
  json["files"] = FilesOf(manifest);
  json["snapshots"] = SnapshotsOf(snapshots);
  return Text(json);
}

Result<PortableVersion> DecodeVersion(std::string_view text, const std::string& where) {
  DLV_ASSIGN(const OrderedJson json, Parse(text, where));
  Reader reader(json);
  PortableVersion version;
  VersionSummary& summary = version.summary;
  const auto id = VersionId::FromHex(reader.String("id"));
  summary.model = reader.String("model");
  summary.number = reader.Unsigned("number");
  summary.created = reader.Integer("created_seconds");
  summary.author = reader.String("author");
  version.tool = reader.String("tool");
  summary.note = reader.String("note");
  summary.tags = reader.Pairs("tags");
  summary.raw_bytes = reader.Unsigned("raw_bytes");
  if (!id || !reader.ok()) return Broken(where, "something is missing in it, or of another type");
  summary.id = *id;
  for (const OrderedJson& item : reader.Array("parents")) {
    Reader parent(item);
    version.parent_models.push_back(parent.String("model"));
    if (!parent.ok() || !CheckModelName(version.parent_models.back()).ok())
      return Broken(where, "a parent is malformed");
  }
  for (const OrderedJson& item : reader.Array("evaluations")) {
    Reader entry(item);
    version.evaluations.push_back({entry.String("data"), entry.String("metric"),
                                   entry.Number("value"), entry.Pairs("attributes")});
    if (!entry.ok()) return Broken(where, "an evaluation is malformed");
  }
  if (!reader.ok()) return Broken(where, "something is missing in it, or of another type");
  return version;
}

std::string EncodeMetrics(const std::vector<Metric>& metrics) {
  std::string text = "metric,step,value\n";
  for (const Metric& metric : metrics) {
    std::string name = metric.name;
    if (name.find_first_of(",\"\n\r") != std::string::npos) {
      std::string quoted = "\"";
      for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
      name = quoted + "\"";
    }
    for (const MetricPoint& point : metric.points) {
      text += name + "," + (point.step < 0 ? "" : std::to_string(point.step)) + "," +
              NumberText(point.value) + "\n";
    }
  }
  return text;
}

std::vector<std::string> PortableNames(const std::vector<const archive::LayoutTensor*>& tensors) {
  std::map<std::string, int> count;
  for (const archive::LayoutTensor* tensor : tensors) ++count[tensor->name];
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const archive::LayoutTensor* tensor : tensors) {
    std::string name = tensor->name;
    if (count[name] > 1) name = "@" + std::string(NameOf(tensor->role)) + "/" + name;
    while (!taken.insert(name).second) name += "'";
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace dlv::store
