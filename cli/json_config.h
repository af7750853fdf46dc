#pragma once
/// \file
/// The documents of `dlv config`.

#include <string>
#include <vector>

#include "cli/config.h"
#include "cli/output.h"

namespace dlv::cli {

struct ShownSetting {
  std::string key;
  SettingValue value;
  std::string meaning;  ///< empty but in the list of all keys
};

std::string SettingsDocument(const std::vector<ShownSetting>& settings, OutputMode mode);
std::string SettingDocument(const ShownSetting& setting, OutputMode mode);
/// `value` null: the key was taken out.
std::string ConfigChangeDocument(const std::string& key, const std::string* value,
                                 const std::string& file, OutputMode mode);

}  // namespace dlv::cli
