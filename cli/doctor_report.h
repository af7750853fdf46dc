#pragma once
/// \file
/// What `dlv doctor` has found, before it is shown.

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/config.h"
#include "cli/output.h"
#include "dlv/diagnosis.h"

namespace dlv::cli {

struct DoctorReport {
  MachineFacts machine;
  std::vector<std::pair<std::string, SettingValue>> settings;        ///< all of them
  std::vector<std::pair<std::string, std::string>> environment;      ///< those that are set
  std::vector<std::pair<std::filesystem::path, bool>> config_files;  ///< path, whether it is there
  std::optional<RepositoryFacts> repository;                         ///< none: no repository here
  std::vector<std::string> problems;                                 ///< something does not work
  std::vector<std::string> notes;                                    ///< worth knowing
};

/// `root`: where the repository is, if there is one.
DoctorReport Examine(const std::optional<std::filesystem::path>& root);

std::string DoctorDocument(const DoctorReport& report, OutputMode mode);

}  // namespace dlv::cli
