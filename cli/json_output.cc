#include "cli/json_output.h"

#include "cli/json_values.h"

namespace dlv::cli {
namespace {

// One pair in braces would read as an array of two.
Json Wrapped(const char* key, Json value) {
  Json object = Json::object();
  object[key] = std::move(value);
  return object;
}

// A listing: one object around an array, or one line for each item.
template <class T>
std::string RenderList(const char* key, const std::vector<T>& items, OutputMode mode) {
  if (mode != OutputMode::kJsonLines) return Render(Wrapped(key, ValuesOf(items)), mode);
  std::string lines;
  for (const T& item : items) lines += Render(ValueOf(item), mode);
  return lines;
}

}  // namespace

std::string ErrorDocument(const Error& error, int exit_status, OutputMode mode) {
  return Render(Wrapped("error", {{"code", ErrorCodeName(error.code)},
                                  {"exit", exit_status},
                                  {"message", error.message},
                                  {"hint", error.hint},
                                  {"did_you_mean", SuggestionsIn(error.hint)}}),
                mode);
}

std::string HelpDocument(std::string_view topic, std::string_view text, OutputMode mode) {
  Json help = Wrapped("topic", std::string(topic));
  help["text"] = std::string(text);
  return Render(help, mode);
}

std::string VersionDocument(std::string_view version, OutputMode mode) {
  return Render(Wrapped("version", std::string(version)), mode);
}

std::string InitDocument(const std::string& repository, OutputMode mode) {
  return Render(Wrapped("repository", repository), mode);
}

std::string StagedDocument(const std::vector<StagedFile>& staged, OutputMode mode) {
  return RenderList("staged", staged, mode);
}

std::string PlannedCommitDocument(const InputFiles& inputs, OutputMode mode) {
  Json files = Json::array();
  for (const FileInput& file : inputs.files) {
    files.push_back(
        {{"source", file.source.string()}, {"path", file.path}, {"step", OrNull(file.step)}});
  }
  return Render({{"dry_run", true}, {"files", std::move(files)}}, mode);
}

std::string CommitDocument(const CommitResult& result, double seconds, OutputMode mode) {
  return Render({{"version", ValueOf(result.version)},
                 {"unchanged", result.unchanged},
                 {"raw_bytes", result.raw_bytes},
                 {"added_bytes", result.added_bytes},
                 {"tensors",
                  {{"total", result.tensors_total},
                   {"new", result.tensors_new},
                   {"delta", result.tensors_delta}}},
                 {"files", ValuesOf(result.files)},
                 {"warnings", result.warnings},
                 {"seconds", seconds},
                 {"found", ValuesOf(result.found)},
                 {"network", result.graph_notes}},
                mode);
}

std::string StatusDocument(const StatusReport& report, OutputMode mode) {
  return Render({{"staged", ValuesOf(report.staged)},
                 {"untracked", report.untracked},
                 {"models", report.models},
                 {"versions", report.versions},
                 {"notes", report.notes}},
                mode);
}

std::string ModelsDocument(const std::vector<ModelSummary>& models, OutputMode mode) {
  return RenderList("models", models, mode);
}

std::string VersionsDocument(const std::vector<VersionSummary>& versions, OutputMode mode) {
  return RenderList("versions", versions, mode);
}

std::string DetailsDocument(const VersionDetails& details, bool with_tensors,
                            const StorageReport* storage, OutputMode mode) {
  Json document = {{"version", ValueOf(details.summary)},
                   {"snapshots", ValuesOf(details.snapshots)},
                   {"files", ValuesOf(details.files)},
                   {"hparams", ValueOf(details.hparams)},
                   {"metrics", ValuesOf(details.metrics)},
                   {"evaluations", ValuesOf(details.evaluations)},
                   {"storage",
                    {{"chain_depth_max", details.chain_depth_max},
                     {"snapshot_stored_bytes", details.snapshot_stored_bytes},
                     {"snapshot_read_bytes", details.snapshot_read_bytes}}},
                   {"sources",
                    {{"hparams", ValueOf(details.hparam_sources)},
                     {"metrics", ValueOf(details.metric_sources)},
                     {"tags", ValueOf(details.tag_sources)}}}};
  if (with_tensors) document["tensors"] = ValuesOf(details.tensors);
  if (storage != nullptr) document["where"] = ValueOf(*storage);
  return Render(document, mode);
}

std::string CheckoutDocument(const std::string& reference, const CheckoutResult& result,
                             OutputMode mode) {
  return Render({{"reference", reference},
                 {"files", ValuesOf(result.files)},
                 {"planes", result.planes},
                 {"read_bytes", result.read_bytes},
                 {"full_bytes", result.full_bytes == 0 ? Json(nullptr) : Json(result.full_bytes)},
                 {"warnings", result.warnings}},
                mode);
}

std::string AliasMoveDocument(const AliasMove& move, OutputMode mode) {
  return Render(ValueOf(move), mode);
}

std::string AliasLogDocument(const std::vector<AliasMove>& moves, OutputMode mode) {
  return RenderList("moves", moves, mode);
}

std::string AliasesDocument(const std::vector<VersionSummary>& versions, OutputMode mode) {
  Json aliases = Json::array();
  for (const VersionSummary& version : versions) {
    for (const std::string& alias : version.aliases) {
      aliases.push_back({{"alias", alias},
                         {"model", version.model},
                         {"number", version.number},
                         {"reference", version.reference()},
                         {"id", version.id.Hex()}});
    }
  }
  if (mode != OutputMode::kJsonLines) return Render(Wrapped("aliases", std::move(aliases)), mode);
  std::string lines;
  for (const Json& alias : aliases) lines += Render(alias, mode);
  return lines;
}

std::string TagsDocument(const std::string& reference, const KeyValues& tags, OutputMode mode) {
  return Render({{"reference", reference}, {"tags", ValueOf(tags)}}, mode);
}

std::string RemoveDocument(const RemoveResult& result, bool executed, OutputMode mode) {
  return Render({{"executed", executed},
                 {"removed", result.removed},
                 {"freed_bytes", result.freed_bytes},
                 {"kept_bytes", result.kept_bytes}},
                mode);
}

std::string GcDocument(const GcResult& result, OutputMode mode) {
  return Render({{"executed", result.executed},
                 {"items", ValuesOf(result.items)},
                 {"unreadable", ValuesOf(result.unreadable)},
                 {"freed_bytes", result.freed_bytes},
                 {"kept_bytes", result.kept_bytes},
                 {"trash_bytes", result.trash_bytes}},
                mode);
}

std::string VerifyDocument(const VerifyResult& result, OutputMode mode) {
  return Render({{"ok", result.findings.empty()},
                 {"findings", ValuesOf(result.findings)},
                 {"notes", result.notes},
                 {"versions", result.versions},
                 {"tensors", result.tensors},
                 {"packs", result.packs},
                 {"bytes", result.bytes}},
                mode);
}

std::string UsageDocument(const UsageReport& report, OutputMode mode) {
  if (mode == OutputMode::kJsonLines) return RenderList("lines", report.lines, mode);
  return Render({{"lines", ValuesOf(report.lines)},
                 {"raw_bytes", report.raw_bytes},
                 {"tensor_bytes", report.tensor_bytes},
                 {"blob_bytes", report.blob_bytes},
                 {"metadata_bytes", report.metadata_bytes},
                 {"derived_bytes", report.derived_bytes},
                 {"garbage_bytes", report.garbage_bytes},
                 {"trash_bytes", report.trash_bytes},
                 {"total_bytes", report.total_bytes},
                 {"freed_bytes", OrNull(report.freed_bytes)},
                 {"kept_bytes", OrNull(report.kept_bytes)}},
                mode);
}

std::string ArchiveDocument(const ArchiveResult& result, OutputMode mode) {
  return Render({{"tensors", result.tensors},
                 {"rewritten", result.rewritten},
                 {"before_bytes", result.before_bytes},
                 {"after_bytes", result.after_bytes},
                 {"rebased", result.rebased},
                 {"kept", result.kept},
                 {"differences", result.differences},
                 {"gc_frees_bytes", result.gc_frees_bytes}},
                mode);
}

}  // namespace dlv::cli
