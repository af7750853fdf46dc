#include "cli/json_config.h"

#include "cli/json_values.h"

namespace dlv::cli {
namespace {

Json ValueOf(const ShownSetting& setting) {
  const bool unset = setting.value.is_default && setting.value.text.empty();
  Json object = {{"key", setting.key},
                 {"value", unset ? Json(nullptr) : Json(setting.value.text)},
                 {"origin", setting.value.origin}};
  if (!setting.meaning.empty()) object["meaning"] = setting.meaning;
  return object;
}

}  // namespace

std::string SettingsDocument(const std::vector<ShownSetting>& settings, OutputMode mode) {
  Json list = Json::array();
  std::string lines;
  for (const ShownSetting& setting : settings) {
    lines += Render(ValueOf(setting), OutputMode::kJsonLines);
    list.push_back(ValueOf(setting));
  }
  if (mode == OutputMode::kJsonLines) return lines;
  Json document = Json::object();
  document["settings"] = std::move(list);
  return Render(document, mode);
}

std::string SettingDocument(const ShownSetting& setting, OutputMode mode) {
  return Render(ValueOf(setting), mode);
}

std::string ConfigChangeDocument(const std::string& key, const std::string* value,
                                 const std::string& file, OutputMode mode) {
  return Render(
      {{"key", key}, {"value", value == nullptr ? Json(nullptr) : Json(*value)}, {"file", file}},
      mode);
}

}  // namespace dlv::cli
