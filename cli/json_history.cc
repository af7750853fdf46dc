#include "cli/json_history.h"

#include "cli/json_values.h"

namespace dlv::cli {
namespace {

Json NumberOrNull(std::uint64_t number) { return number == 0 ? Json(nullptr) : Json(number); }

Json ValueOf(const OperationChange& change) {
  using Kind = OperationChange::Kind;
  const bool has_id = change.kind == Kind::kCommit || change.kind == Kind::kRemove ||
                      change.kind == Kind::kRestore || change.kind == Kind::kEvaluation;
  return {{"kind", std::string(NameOf(change.kind))},
          {"model", change.model.empty() ? Json(nullptr) : Json(change.model)},
          {"number", NumberOrNull(change.number)},
          {"id", has_id ? Json(change.id.Hex()) : Json(nullptr)},
          {"name", change.name.empty() ? Json(nullptr) : Json(change.name)},
          {"before", OrNull(change.before)},
          {"after", OrNull(change.after)}};
}

Json Changes(const std::vector<OperationChange>& changes) {
  Json array = Json::array();
  for (const OperationChange& change : changes) array.push_back(ValueOf(change));
  return array;
}

Json ValueOf(const OperationInfo& info) {
  return {{"operation", info.number},
          {"when", IsoTime(info.when)},
          {"author", info.author},
          {"command", info.command},
          {"undoes", NumberOrNull(info.undoes)},
          {"undone_by", NumberOrNull(info.undone_by)},
          {"changes_names", info.changes_names},
          {"changes", Changes(info.changes)}};
}

const char* StateName(RemovedVersion::State state) {
  switch (state) {
    case RemovedVersion::State::kHere:
      return "here";
    case RemovedVersion::State::kTrash:
      return "trash";
    case RemovedVersion::State::kGone:
      return "gone";
  }
  return "gone";
}

Json ValueOf(const RemovedVersion& version) {
  const bool trash = version.state == RemovedVersion::State::kTrash;
  return {{"reference", version.reference()},
          {"model", version.model},
          {"number", version.number},
          {"id", version.id.Hex()},
          {"removed", IsoTime(version.removed)},
          {"operation", version.operation},
          {"state", StateName(version.state)},
          {"until", trash ? Json(IsoTime(version.until)) : Json(nullptr)},
          {"reason", version.reason}};
}

// A listing: one object around an array, or one line for each item.
template <class T>
std::string RenderHistory(const char* key, const std::vector<T>& items, OutputMode mode) {
  Json array = Json::array();
  for (const T& item : items) array.push_back(ValueOf(item));
  if (mode != OutputMode::kJsonLines) {
    Json object = Json::object();
    object[key] = std::move(array);
    return Render(object, mode);
  }
  std::string lines;
  for (const Json& item : array) lines += Render(item, mode);
  return lines;
}

}  // namespace

std::string OperationsDocument(const std::vector<OperationInfo>& operations, OutputMode mode) {
  return RenderHistory("operations", operations, mode);
}

std::string UndoDocument(const UndoResult& result, bool executed, OutputMode mode) {
  return Render({{"executed", executed},
                 {"operation", NumberOrNull(result.operation)},
                 {"undone", ValueOf(result.undone)},
                 {"changes", Changes(result.changes)}},
                mode);
}

std::string RestoredDocument(const std::vector<std::string>& references, OutputMode mode) {
  Json object = Json::object();
  object["restored"] = references;
  return Render(object, mode);
}

std::string RemovedDocument(const std::vector<RemovedVersion>& removed, OutputMode mode) {
  return RenderHistory("removed", removed, mode);
}

std::string RenameDocument(const std::string& from, const std::string& to, OutputMode mode) {
  return Render({{"from", from}, {"to", to}}, mode);
}

std::string CopyDocument(const std::string& source, const CommitResult& result, OutputMode mode) {
  return Render({{"source", source},
                 {"version", cli::ValueOf(result.version)},
                 {"raw_bytes", result.raw_bytes},
                 {"added_bytes", result.added_bytes},
                 {"files", ValuesOf(result.files)}},
                mode);
}

std::string NoteDocument(const std::string& reference, const std::string& note, OutputMode mode) {
  return Render({{"reference", reference}, {"note", note}}, mode);
}

}  // namespace dlv::cli
