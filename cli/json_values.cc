#include "cli/json_values.h"

#include <cmath>
#include <ctime>

namespace dlv::cli {

Json NumberOf(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

std::string Render(const Json& value, OutputMode mode) {
  const int indent = mode == OutputMode::kJsonLines ? -1 : 2;
  return value.dump(indent, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::string IsoTime(std::int64_t when) {
  const auto time = static_cast<std::time_t>(when);
  std::tm parts{};
  char buffer[64];
  if (gmtime_r(&time, &parts) == nullptr) return "";
  return std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0 ? "" : buffer;
}

Json ValueOf(const KeyValues& values) {
  Json object = Json::object();
  for (const auto& [key, value] : values) object[key] = value;
  return object;
}

Json ValueOf(const ParentInfo& parent) {
  return {{"reference", parent.reference},
          {"id", parent.id.Hex()},
          {"relation", std::string(NameOf(parent.relation))},
          {"inferred", parent.inferred},
          {"attributes", ValueOf(parent.attributes)}};
}

Json ValueOf(const VersionSummary& version) {
  Json metrics = Json::object();
  for (const auto& [name, value] : version.metrics) metrics[name] = NumberOf(value);
  return {{"reference", version.reference()},
          {"id", version.id.Hex()},
          {"model", version.model},
          {"number", version.number},
          {"created", IsoTime(version.created)},
          {"author", version.author},
          {"message", version.message},
          {"aliases", version.aliases},
          {"tags", ValueOf(version.tags)},
          {"parents", ValuesOf(version.parents)},
          {"metrics", std::move(metrics)},
          {"snapshots", version.snapshot_count},
          {"files", version.file_count},
          {"parameters", version.parameter_count},
          {"raw_bytes", version.raw_bytes},
          {"stored_bytes", version.stored_bytes},
          {"note", version.note}};
}

Json ValueOf(const ModelSummary& model) {
  return {{"model", model.name},
          {"versions", model.version_count},
          {"raw_bytes", model.raw_bytes},
          {"stored_bytes", model.stored_bytes},
          {"latest", ValueOf(model.latest)}};
}

Json ValueOf(const FileInfo& file) {
  return {{"path", file.path},     {"size_bytes", file.size_bytes}, {"sha256", file.sha256.Hex()},
          {"format", file.format}, {"step", OrNull(file.step)},     {"tensors", file.tensor_count},
          {"note", file.note}};
}

Json ValueOf(const FoundInformation& found) {
  return {{"path", found.path},
          {"hparams", found.hparams},
          {"metrics", found.metrics},
          {"points", found.point_count},
          {"tags", found.tags}};
}

Json ValueOf(const SnapshotInfo& snapshot) {
  return {{"step", OrNull(snapshot.step)},
          {"parameters", snapshot.parameter_count},
          {"tensor_bytes", snapshot.tensor_bytes},
          {"tensors", snapshot.tensor_count}};
}

Json ValueOf(const Metric& metric) {
  Json points = Json::array();
  for (const MetricPoint& point : metric.points) {
    const Json step = point.step < 0 ? Json(nullptr) : Json(point.step);
    points.push_back({{"step", step}, {"value", NumberOf(point.value)}});
  }
  return {{"name", metric.name}, {"last", NumberOf(metric.last())}, {"points", std::move(points)}};
}

Json ValueOf(const SavedEvaluation& evaluation) {
  return {{"data", evaluation.data},
          {"metric", evaluation.metric},
          {"value", NumberOf(evaluation.value)},
          {"attributes", ValueOf(evaluation.attributes)},
          {"created", IsoTime(evaluation.created)}};
}

Json ValueOf(const TensorInfo& tensor) {
  Json value = {{"name", tensor.name},   {"role", std::string(NameOf(tensor.role))},
                {"file", tensor.file},   {"dtype", std::string(NameOf(tensor.dtype))},
                {"shape", tensor.shape}, {"elements", tensor.element_count()},
                {"id", tensor.id.Hex()}};
  if (!tensor.foreign_dtype.empty()) value["foreign_dtype"] = tensor.foreign_dtype;
  if (!tensor.logical_shape.empty()) value["logical_shape"] = tensor.logical_shape;
  return value;
}

Json ValueOf(const StagedFile& file) {
  return {{"path", file.path},     {"size_bytes", file.size_bytes},
          {"format", file.format}, {"tensors", file.tensor_count},
          {"note", file.note},     {"changed_since", file.changed_since}};
}

Json ValueOf(const CheckedOutFile& file) {
  return {{"path", file.path.string()},
          {"size_bytes", file.size_bytes},
          {"sha256", file.sha256.Hex()},
          {"identical", file.identical}};
}

Json ValueOf(const AliasMove& move) {
  const auto number = [](std::uint64_t n) { return n == 0 ? Json(nullptr) : Json(n); };
  return {{"model", move.model},
          {"alias", move.alias},
          {"from", number(move.from)},
          {"to", number(move.to)},
          {"when", IsoTime(move.when)}};
}

Json ValueOf(const GcItem& item) {
  return {{"path", item.path}, {"reason", item.reason}, {"bytes", item.bytes}};
}

Json ValueOf(const Finding& finding) {
  return {{"code", ErrorCodeName(finding.code)},
          {"where", finding.where},
          {"what", finding.what},
          {"affected", finding.affected}};
}

Json ValueOf(const UsageLine& line) {
  return {{"name", line.name},
          {"raw_bytes", line.raw_bytes},
          {"stored_bytes", line.stored_bytes},
          {"base_bytes", OrNull(line.base_bytes)},
          {"unique_bytes", OrNull(line.unique_bytes)}};
}

}  // namespace dlv::cli
