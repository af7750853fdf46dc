#include "storage/store/staging.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "storage/io/hash.h"
#include "storage/io/repository_lock.h"
#include "storage/store/input_file.h"
#include "storage/store/names.h"
#include "storage/store/shards.h"

namespace dlv::store {
namespace {

constexpr std::uint64_t kStageLimitBytes = 64u << 20;
constexpr int kStageVersion = 1;

struct Entry {
  FileInput
      input;  ///< source: below the root relative to it, so that a moved repository stays right
  StagedFile shown;
  std::string change_key;
};

using Json = nlohmann::json;

Error Damaged(const std::string& why) {
  return Error{ErrorCode::kCorruption, ".dlv/stage.json: " + why,
               "clear the list with: dlv add --clear"};
}

Json ToJson(const Entry& entry) {
  Json json = {{"source", entry.input.source.string()},
               {"path", entry.input.path},
               {"as_blob", entry.input.as_blob},
               {"size", entry.shown.size_bytes},
               {"format", entry.shown.format},
               {"tensors", entry.shown.tensor_count},
               {"note", entry.shown.note},
               {"key", entry.change_key}};
  if (entry.input.step) json["step"] = *entry.input.step;
  if (!entry.input.format.empty()) json["as"] = entry.input.format;
  return json;
}

bool FromJson(const Json& json, Entry& entry) {
  const auto has = [&](const char* name, bool (Json::*is)() const noexcept) {
    return json.contains(name) && (json[name].*is)();
  };
  if (!json.is_object() || !has("source", &Json::is_string) || !has("path", &Json::is_string) ||
      !has("as_blob", &Json::is_boolean) || !has("size", &Json::is_number_unsigned) ||
      !has("format", &Json::is_string) || !has("tensors", &Json::is_number_unsigned) ||
      !has("note", &Json::is_string) || !has("key", &Json::is_string) ||
      (json.contains("step") && !json["step"].is_number_integer()) ||
      (json.contains("as") && !json["as"].is_string())) {
    return false;
  }
  entry.input.source = json["source"].get<std::string>();
  entry.input.path = json["path"].get<std::string>();
  entry.input.as_blob = json["as_blob"].get<bool>();
  if (json.contains("step")) entry.input.step = json["step"].get<std::int64_t>();
  if (json.contains("as")) entry.input.format = json["as"].get<std::string>();
  entry.shown.path = entry.input.path;
  entry.shown.size_bytes = json["size"].get<std::uint64_t>();
  entry.shown.format = json["format"].get<std::string>();
  entry.shown.tensor_count = json["tensors"].get<std::uint32_t>();
  entry.shown.note = json["note"].get<std::string>();
  entry.change_key = json["key"].get<std::string>();
  return true;
}

std::string Checksum(const Json& files) {
  // Names that are not UTF-8 are replaced in the text, the same way each time.
  const std::string text = files.dump(-1, ' ', false, Json::error_handler_t::replace);
  return std::to_string(io::Xxh3(std::as_bytes(std::span(text.data(), text.size()))));
}

Result<std::vector<Entry>> Load(Store& store) {
  auto bytes = io::ReadWholeFile(store.file_system(), store.paths().stage, kStageLimitBytes);
  if (!bytes.ok() && bytes.error().code == ErrorCode::kNotFound) return std::vector<Entry>();
  if (!bytes.ok()) return std::move(bytes).error();
  const auto* text = reinterpret_cast<const char*>(bytes->data());
  const Json json = Json::parse(text, text + bytes->size(), nullptr, false);
  if (!json.is_object() || !json.contains("files") || !json["files"].is_array() ||
      !json.contains("check") || !json["check"].is_string() || !json.contains("version")) {
    return Damaged("is not a staging list");
  }
  if (json["version"] != kStageVersion) {
    return Error{ErrorCode::kUnsupported, ".dlv/stage.json: made by a newer release"};
  }
  if (json["check"].get<std::string>() != Checksum(json["files"])) {
    return Damaged("its checksum is wrong");
  }
  std::vector<Entry> entries;
  for (const Json& file : json["files"]) {
    Entry entry;
    if (!FromJson(file, entry)) return Damaged("an entry is malformed");
    entries.push_back(std::move(entry));
  }
  return entries;
}

Status Save(Store& store, const std::vector<Entry>& entries) {
  Json files = Json::array();
  for (const Entry& entry : entries) files.push_back(ToJson(entry));
  const Json json = {{"version", kStageVersion}, {"check", Checksum(files)}, {"files", files}};
  const std::string text = json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  return io::WriteFileAtomically(store.file_system(), store.paths().stage,
                                 std::as_bytes(std::span(text.data(), text.size())));
}

/// Changes the list under the repository lock.
Status ChangeList(Store& store, const std::function<Status(std::vector<Entry>&)>& body) {
  if (store.read_only()) {
    return Error{ErrorCode::kInvalidArgument, "the repository is open for reading only"};
  }
  DLV_ASSIGN(const auto lock,
             io::RepositoryLock::Acquire(store.file_system(), store.paths().lock,
                                         LockOptionsOf(store.options(), "dlv add")));
  DLV_ASSIGN(auto entries, Load(store));
  DLV_TRY(body(entries));
  return Save(store, entries);
}

std::filesystem::path Absolute(const std::filesystem::path& path) {
  std::error_code error;
  auto absolute = std::filesystem::absolute(path, error);
  return error ? path : absolute.lexically_normal();
}

/// Returns the source as kept: below the root relative to it.
std::filesystem::path Kept(const Store& store, const std::filesystem::path& source) {
  const auto absolute = Absolute(source);
  const auto relative = absolute.lexically_relative(Absolute(store.paths().root));
  if (relative.empty() || *relative.begin() == "..") return absolute;
  return relative;
}

std::filesystem::path Whole(const Store& store, const std::filesystem::path& kept) {
  return kept.is_absolute() ? kept : Absolute(store.paths().root) / kept;
}

Result<Entry> Look(Store& store, const FileInput& input) {
  Entry entry;
  DLV_ASSIGN(const auto file, InputFile::Open(store, input));
  DLV_TRY(file->Describe({true, input.as_blob, input.format}));
  DLV_TRY(file->CheckUnchanged());
  entry.input = input;
  entry.input.source = Kept(store, input.source);
  entry.input.path = file->path();
  entry.change_key = file->stat().change_key;
  entry.shown.path = file->path();
  entry.shown.size_bytes = file->size();
  entry.shown.format = file->description().format;
  entry.shown.tensor_count = static_cast<std::uint32_t>(file->description().tensors.size());
  entry.shown.note = file->description().note;
  return entry;
}

}  // namespace

Result<std::vector<StagedFile>> Stage(Store& store, const std::vector<FileInput>& files) {
  std::vector<Entry> fresh;
  std::vector<StagedFile> shown;
  DLV_ASSIGN(const std::vector<FileInput> all, WithShards(store.sources(), files));
  for (const FileInput& file : all) {
    DLV_ASSIGN(Entry entry, Look(store, file));
    shown.push_back(entry.shown);
    fresh.push_back(std::move(entry));
  }
  const Status changed = ChangeList(store, [&](std::vector<Entry>& entries) -> Status {
    for (Entry& entry : fresh) {
      const auto same = std::find_if(entries.begin(), entries.end(), [&](const Entry& other) {
        return other.input.path == entry.input.path;
      });
      if (same != entries.end()) {
        *same = std::move(entry);
      } else {
        entries.push_back(std::move(entry));
      }
    }
    std::vector<std::string> paths;
    for (const Entry& entry : entries) paths.push_back(entry.input.path);
    return CheckPathsTogether(paths);
  });
  DLV_TRY(changed);
  return shown;
}

Status Unstage(Store& store, const std::vector<std::string>& paths) {
  if (paths.empty()) {  // also the way out of a damaged list
    if (store.read_only()) {
      return Error{ErrorCode::kInvalidArgument, "the repository is open for reading only"};
    }
    return Save(store, {});
  }
  return ChangeList(store, [&](std::vector<Entry>& entries) -> Status {
    for (const std::string& path : paths) {
      const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
        return entry.input.path == path || entry.input.source == path;
      });
      if (found == entries.end()) {
        std::vector<std::string> names;
        for (const Entry& entry : entries) names.push_back(entry.input.path);
        return Error{ErrorCode::kNotFound, Quoted(path) + " is not staged",
                     DidYouMean(path, names)};
      }
      entries.erase(found);
    }
    return Ok();
  });
}

Result<std::vector<FileInput>> StagedInputs(Store& store) {
  DLV_ASSIGN(const auto entries, Load(store));
  std::vector<FileInput> inputs;
  for (const Entry& entry : entries) {
    inputs.push_back(entry.input);
    inputs.back().source = Whole(store, entry.input.source);
  }
  return inputs;
}

Result<std::vector<StagedFile>> ListStaged(Store& store) {
  DLV_ASSIGN(const auto entries, Load(store));
  std::vector<StagedFile> files;
  for (const Entry& entry : entries) {
    files.push_back(entry.shown);
    const auto stat = store.sources().Stat(Whole(store, entry.input.source).string());
    files.back().changed_since = !stat.ok() || stat->change_key != entry.change_key;
  }
  return files;
}

Result<std::vector<std::string>> StagedSources(Store& store) {
  DLV_ASSIGN(const auto entries, Load(store));
  std::vector<std::string> sources;
  for (const Entry& entry : entries) sources.push_back(Whole(store, entry.input.source).string());
  return sources;
}

}  // namespace dlv::store
