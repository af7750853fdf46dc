#pragma once
/// \file
/// The settings that dlv knows: their keys, kinds and defaults. One table for `dlv config`, for its
/// completion, for `dlv doctor` and for whoever asks for a value.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "dlv/result.h"

namespace dlv::cli {

enum class SettingKind : std::uint8_t {
  kText,
  kFlag,    ///< true, yes, on, 1 or false, no, off, 0
  kNumber,  ///< a whole number
  kTime,    ///< 500ms, 30s, 12h, 14d
  kChoice,  ///< one of `choices`
};

struct Setting {
  const char* key;  ///< "section.name", lower case
  SettingKind kind;
  const char* fallback;  ///< what holds where nothing is set; "" for nothing
  const char* variable;  ///< of the environment, stronger than every file; "" for none
  const char* choices;   ///< "auto always never", for kChoice
  const char* meaning;
  std::int64_t unit_ms = 1000;  ///< of a bare number, for kTime
  /// A repository may come from anywhere: what names a program is read from the user's file only.
  bool user_only = false;
};

/// Sorted by key.
std::span<const Setting> AllSettings();
/// Returns nothing for a key that is not known. Keys compare without regard to case.
const Setting* FindSetting(std::string_view key);
/// kInvalidArgument with the nearest keys as hint.
Error UnknownSetting(std::string_view key);

/// Errors: kInvalidArgument "gc.grace: got "soon", want ...", with `origin` where it is not empty.
Status CheckSetting(const Setting& setting, const std::string& value, const std::string& origin);

/// "true", "yes", "on", "1" (or nothing, as in git: a key alone) are true. Call after CheckSetting.
bool IsTrue(std::string_view value);

std::string LowerCase(std::string_view text);

}  // namespace dlv::cli
