#pragma once
/// \file
/// Settings as they hold for one command: the environment before the repository's file before the
/// user's file before the default. (Options of the command line are stronger than all; whoever has
/// the option looks at it first.)

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/config_file.h"
#include "cli/settings.h"
#include "dlv/result.h"

namespace dlv::cli {

struct SettingValue {
  std::string text;
  std::string
      origin;  ///< "environment DLV_THREADS", "local .dlv/config:3", "global ...", "default"
  bool is_default = false;
};

class Config {
 public:
  /// Reads the user's file and, where there is a repository, that of `root`. Without
  /// `check`, values that make no sense are kept (for `dlv config`, which mends them).
  /// Errors: kSyntax, kIo, kUnsafe; kInvalidArgument (a value that makes no sense).
  static Result<Config> Load(const std::optional<std::filesystem::path>& root, bool check = true);

  /// DLV_CONFIG, else dlv/config below XDG_CONFIG_HOME, else ~/.config; empty without a home.
  static std::filesystem::path GlobalPath();
  static std::filesystem::path LocalPath(const std::filesystem::path& root);

  /// `key` must be in the table of settings.
  SettingValue Get(std::string_view key) const;
  bool Flag(std::string_view key) const { return IsTrue(Get(key).text); }
  std::int64_t Milliseconds(std::string_view key) const;
  /// Nothing where it is not set.
  std::optional<unsigned> Number(std::string_view key) const;

  const ConfigFile& global() const { return global_; }
  const std::optional<ConfigFile>& local() const { return local_; }
  /// Keys in the files that no setting has, and settings that a repository may not make.
  std::vector<std::string> Complaints() const;

 private:
  Status Check() const;

  ConfigFile global_;
  std::optional<ConfigFile> local_;
};

/// The value of a variable of the environment; an empty one counts as not set.
std::optional<std::string> EnvironmentValue(const char* name);

}  // namespace dlv::cli
