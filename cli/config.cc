#include "cli/config.h"

#include <charconv>
#include <cstdlib>

#include "cli/context.h"

namespace dlv::cli {
namespace {

std::string Place(const char* layer, const ConfigFile& file, const ConfigEntry& entry) {
  return std::string(layer) + " " + file.path().string() + ":" + std::to_string(entry.line);
}

}  // namespace

std::optional<std::string> EnvironmentValue(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no thread writes it
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::filesystem::path Config::GlobalPath() {
  if (const auto given = EnvironmentValue("DLV_CONFIG")) return *given;
  if (const auto xdg = EnvironmentValue("XDG_CONFIG_HOME"))
    return std::filesystem::path(*xdg) / "dlv/config";
  if (const auto home = EnvironmentValue("HOME"))
    return std::filesystem::path(*home) / ".config/dlv/config";
  return {};
}

std::filesystem::path Config::LocalPath(const std::filesystem::path& root) {
  return root / ".dlv/config";
}

Result<Config> Config::Load(const std::optional<std::filesystem::path>& root, bool check) {
  Config config;
  if (const std::filesystem::path path = GlobalPath(); !path.empty()) {
    Result<ConfigFile> file = ConfigFile::Read(path);
    // One that this user may not read is as good as none (a service with another one's HOME).
    if (!file.ok() && file.error().code != ErrorCode::kIo) return file.error();
    DLV_ASSIGN(config.global_, file.ok() ? std::move(file) : ConfigFile::Parse("", path));
  }
  if (root) {
    DLV_ASSIGN(config.local_, ConfigFile::Read(LocalPath(*root)));
  }
  if (check) DLV_TRY(config.Check());
  return config;
}

Status Config::Check() const {
  for (const Setting& setting : AllSettings()) {
    const SettingValue value = Get(setting.key);
    // DLV_THREADS=many was always passed over, and stays so.
    if (value.is_default || value.origin.starts_with("environment")) continue;
    DLV_TRY(CheckSetting(setting, value.text, value.origin));
  }
  return Ok();
}

SettingValue Config::Get(std::string_view key) const {
  const Setting* setting = FindSetting(key);
  DLV_CHECK(setting != nullptr, "the key is in the table");
  if (*setting->variable != '\0') {
    const auto value = EnvironmentValue(setting->variable);
    if (value && CheckSetting(*setting, *value, "").ok())
      return {*value, std::string("environment ") + setting->variable};
  }
  if (local_ && !setting->user_only) {
    if (const ConfigEntry* entry = local_->Find(setting->key))
      return {entry->value, Place("local", *local_, *entry)};
  }
  if (const ConfigEntry* entry = global_.Find(setting->key))
    return {entry->value, Place("global", global_, *entry)};
  return {setting->fallback, "default", true};
}

std::int64_t Config::Milliseconds(std::string_view key) const {
  const Setting* setting = FindSetting(key);
  const Result<std::int64_t> time =
      ParseDuration(Get(key).text, setting == nullptr ? 1000 : setting->unit_ms, std::string(key));
  return time.ok() ? *time : 0;
}

std::optional<unsigned> Config::Number(std::string_view key) const {
  const std::string text = Get(key).text;
  unsigned number = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (status != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string> Config::Complaints() const {
  std::vector<std::string> found;
  const auto look = [&](const ConfigFile& file, bool local) {
    for (const ConfigEntry& entry : file.entries()) {
      const std::string where = file.path().string() + ":" + std::to_string(entry.line) + ": ";
      const Setting* setting = FindSetting(entry.key);
      if (setting == nullptr) {
        const Error unknown = UnknownSetting(entry.key);
        found.push_back(where + unknown.message + "; " + unknown.hint);
      } else if (local && setting->user_only) {
        found.push_back(where + entry.key +
                        " names a program and is read from the user's file only");
      } else if (const Status status = CheckSetting(*setting, entry.value, ""); !status.ok()) {
        found.push_back(where + status.error().message);
      }
    }
  };
  look(global_, false);
  if (local_) look(*local_, true);
  return found;
}

}  // namespace dlv::cli
