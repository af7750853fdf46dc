#include "cli/settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "cli/context.h"
#include "cli/suggest.h"
#include "cli/watch_rules.h"

namespace dlv::cli {
namespace {

constexpr std::int64_t kDayInMs = 86'400'000;

constexpr std::array<Setting, 11> kSettings = {{
    {"color.ui", SettingKind::kChoice, "auto", "", "auto always never",
     "colour: as --color; auto looks at NO_COLOR, CLICOLOR_FORCE and TERM"},
    {"commit.optimizer", SettingKind::kFlag, "true", "", "",
     "false: commits leave optimizer state out, as --no-optimizer"},
    {"core.pager", SettingKind::kText, "", "DLV_PAGER", "",
     "program that long listings are shown with on a terminal, such as \"less -FRX\"", 1000, true},
    {"core.progress", SettingKind::kFlag, "true", "DLV_PROGRESS", "",
     "false: no progress, as --no-progress"},
    {"core.threads", SettingKind::kNumber, "", "DLV_THREADS", "",
     "number of threads, as --threads (default: all processors)"},
    {"gc.grace", SettingKind::kTime, "14d", "", "",
     "how long what no version needs is kept, as gc --grace", kDayInMs},
    {"lock.timeout", SettingKind::kTime, "30s", "DLV_LOCK_TIMEOUT", "",
     "how long to wait for another writer, as --lock-timeout"},
    {"user.email", SettingKind::kText, "", "", "", "stands behind user.name in the author"},
    {"user.name", SettingKind::kText, "", "", "",
     "who makes versions (--author and DLV_AUTHOR are stronger; default: the login name)"},
    {"watch.every", SettingKind::kTime, "5s", "", "", "how often watch looks, as watch --every"},
    {"watch.keep", SettingKind::kText, "", "", "",
     "which versions watch keeps, as watch --keep (default: all)"},
}};

Error Wrong(const Setting& setting, const std::string& value, const std::string& origin,
            const std::string& want) {
  const std::string where = origin.empty() ? "" : " (" + origin + ")";
  return {ErrorCode::kInvalidArgument,
          std::string(setting.key) + ": got \"" + value + "\"" + where + ", want " + want};
}

std::vector<std::string> ChoicesOf(const Setting& setting) {
  std::vector<std::string> words;
  std::string_view rest(setting.choices);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    words.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return words;
}

bool IsFalse(std::string_view value) {
  const std::string text = LowerCase(value);
  return text == "false" || text == "no" || text == "off" || text == "0";
}

bool IsNumber(const std::string& value) {
  std::uint64_t number = 0;
  const auto [end, status] = std::from_chars(value.data(), value.data() + value.size(), number);
  return status == std::errc() && end == value.data() + value.size() && number > 0 &&
         number <= 1024;
}

Status CheckChoice(const Setting& setting, const std::string& value, const std::string& origin) {
  const std::vector<std::string> words = ChoicesOf(setting);
  if (std::find(words.begin(), words.end(), value) != words.end()) return Ok();
  std::string want;
  for (std::size_t i = 0; i < words.size(); ++i) {
    want += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  }
  return Wrong(setting, value, origin, want);
}

}  // namespace

std::span<const Setting> AllSettings() { return kSettings; }

const Setting* FindSetting(std::string_view key) {
  const std::string wanted = LowerCase(key);
  for (const Setting& setting : kSettings) {
    if (wanted == setting.key) return &setting;
  }
  return nullptr;
}

Error UnknownSetting(std::string_view key) {
  std::vector<std::string> keys;
  for (const Setting& setting : kSettings) keys.emplace_back(setting.key);
  std::string guess = DidYouMean(Nearest(LowerCase(key), keys));
  if (guess.empty()) guess = "dlv config --keys lists them";
  return {ErrorCode::kInvalidArgument, "no setting \"" + std::string(key) + "\"", guess};
}

Status CheckSetting(const Setting& setting, const std::string& value, const std::string& origin) {
  switch (setting.kind) {
    case SettingKind::kText:
      if (std::string_view(setting.key) != "watch.keep" || value.empty()) return Ok();
      if (const auto rules = ParseKeepRules(value, "watch.keep"); !rules.ok()) return rules.error();
      return Ok();
    case SettingKind::kFlag:
      if (IsTrue(value) || IsFalse(value)) return Ok();
      return Wrong(setting, value, origin, "true or false");
    case SettingKind::kNumber:
      if (IsNumber(value)) return Ok();
      return Wrong(setting, value, origin, "a whole number from 1 to 1024");
    case SettingKind::kTime:
      if (ParseDuration(value, setting.unit_ms, setting.key).ok()) return Ok();
      return Wrong(setting, value, origin, "a time such as 500ms, 30s, 12h or 14d");
    case SettingKind::kChoice:
      return CheckChoice(setting, value, origin);
  }
  return Ok();
}

bool IsTrue(std::string_view value) {
  const std::string text = LowerCase(value);
  return text == "true" || text == "yes" || text == "on" || text == "1";
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace dlv::cli
