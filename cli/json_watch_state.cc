#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cli/watch_state.h"
#include "cli/write_file.h"

namespace dlv::cli {
namespace {

using PlainJson = nlohmann::json;

constexpr int kStateVersion = 1;
constexpr std::uintmax_t kLargestState = 64 << 20;

std::uint64_t NumberIn(const PlainJson& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_number_unsigned() ? at->get<std::uint64_t>() : 0;
}

std::string TextIn(const PlainJson& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

void ReadFolder(const PlainJson& list, std::map<std::string, WatchedCheckpoint>& checkpoints) {
  for (const PlainJson& item : list) {
    if (!item.is_object()) continue;
    const std::string name = TextIn(item, "name");
    if (name.empty()) continue;
    WatchedCheckpoint& checkpoint = checkpoints[name];
    checkpoint.stamp = {NumberIn(item, "size"),
                        static_cast<std::int64_t>(NumberIn(item, "modified_ns")),
                        NumberIn(item, "files")};
    checkpoint.reference = TextIn(item, "reference");
  }
}

PlainJson FolderToJson(const std::map<std::string, WatchedCheckpoint>& checkpoints) {
  PlainJson list = PlainJson::array();
  for (const auto& [name, checkpoint] : checkpoints) {
    list.push_back({{"name", name},
                    {"size", checkpoint.stamp.size_bytes},
                    {"modified_ns", static_cast<std::uint64_t>(checkpoint.stamp.modified_ns)},
                    {"files", checkpoint.stamp.files},
                    {"reference", checkpoint.reference}});
  }
  return list;
}

}  // namespace

Result<WatchState> WatchState::Read(const std::filesystem::path& path) {
  WatchState state;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size > kLargestState) return state;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return Error{ErrorCode::kIo, path.string() + ": cannot be read"};
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  const PlainJson json = PlainJson::parse(text, nullptr, false);
  if (!json.is_object() || NumberIn(json, "version") != kStateVersion) return state;
  const auto folders = json.find("folders");
  if (folders != json.end() && folders->is_object()) {
    for (const auto& [name, list] : folders->items()) ReadFolder(list, state.folders[name]);
  }
  const auto made = json.find("made");
  if (made != json.end() && made->is_array()) {
    for (const PlainJson& item : *made) {
      if (!item.is_object() || TextIn(item, "reference").empty()) continue;
      MadeVersion version{TextIn(item, "reference"), std::nullopt};
      const auto step = item.find("step");
      if (step != item.end() && step->is_number_integer()) version.step = step->get<std::int64_t>();
      state.made.push_back(std::move(version));
    }
  }
  return state;
}

Status WatchState::Write(const std::filesystem::path& path) const {
  PlainJson all = PlainJson::object();
  for (const auto& [name, checkpoints] : folders) all[name] = FolderToJson(checkpoints);
  PlainJson versions = PlainJson::array();
  for (const MadeVersion& version : made) {
    versions.push_back({{"reference", version.reference}});
    if (version.step) versions.back()["step"] = *version.step;
  }
  const PlainJson json = {
      {"version", kStateVersion}, {"folders", std::move(all)}, {"made", std::move(versions)}};
  return WriteWholeFile(path, json.dump(1, ' ', false, PlainJson::error_handler_t::replace) + "\n");
}

std::filesystem::path WatchStatePath(const std::filesystem::path& root, const std::string& model) {
  return root / ".dlv/watch" / (model + ".json");
}

std::string WatchedFolderName(const std::filesystem::path& root,
                              const std::filesystem::path& folder) {
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::weakly_canonical(folder, error);
  const std::filesystem::path base = std::filesystem::weakly_canonical(root, error);
  const std::filesystem::path relative = whole.lexically_relative(base);
  const bool inside = !relative.empty() && *relative.begin() != "..";
  return inside ? relative.generic_string() : whole.generic_string();
}

}  // namespace dlv::cli
