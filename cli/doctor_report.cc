#include "cli/doctor_report.h"

#include <algorithm>
#include <cstdlib>

#include "cli/environment.h"
#include "cli/human.h"

namespace dlv::cli {
namespace {

constexpr std::uint64_t kLittleSpace = 100 << 20;
constexpr std::int64_t kLargeSkewSeconds = 10;

bool IsSecret(std::string_view name) {
  for (const std::string_view word : {"TOKEN", "SECRET", "PASSWORD", "CREDENTIAL"}) {
    if (name.find(word) != std::string_view::npos) return true;
  }
  return false;
}

void AddEnvironment(DoctorReport& report) {
  for (const Variable& variable : AllVariables()) {
    const auto value = EnvironmentValue(variable.name);
    if (value)
      report.environment.emplace_back(variable.name, IsSecret(variable.name) ? "(set)" : *value);
  }
}

void AddSettings(DoctorReport& report, const std::optional<std::filesystem::path>& root) {
  const auto add_file = [&](const std::filesystem::path& path) {
    std::error_code error;
    if (!path.empty()) report.config_files.emplace_back(path, std::filesystem::exists(path, error));
  };
  add_file(Config::GlobalPath());
  if (root) add_file(Config::LocalPath(*root));
  const Result<Config> config = Config::Load(root, false);
  if (!config.ok()) {
    report.problems.push_back(config.error().message);
    return;
  }
  for (const Setting& setting : AllSettings())
    report.settings.emplace_back(setting.key, config->Get(setting.key));
  for (std::string& complaint : config->Complaints())
    report.problems.push_back(std::move(complaint));
  for (const Setting& setting : AllSettings()) {
    const auto value =
        *setting.variable == '\0' ? std::nullopt : EnvironmentValue(setting.variable);
    if (!value) continue;
    if (const Status status = CheckSetting(setting, *value, setting.variable); !status.ok())
      report.problems.push_back(status.error().message + "; it is passed over");
  }
}

void JudgeFileSystem(DoctorReport& report, const FileSystemFacts& facts) {
  if (!facts.writable) report.problems.push_back("the repository cannot be written to");
  if (facts.free_bytes < kLittleSpace)
    report.problems.push_back("only " + HumanBytes(facts.free_bytes) + " free");
  if (!facts.local) {
    report.notes.push_back(facts.kind +
                           " is not a local file system: watch polls in place of being told, and "
                           "what survives a power cut depends on the server");
  }
  if (std::abs(facts.clock_skew_seconds) > kLargeSkewSeconds) {
    report.notes.push_back(
        "the clock of the file system is " + std::to_string(facts.clock_skew_seconds) +
        " s off this machine's: times that are shown may be wrong, nothing else");
  }
}

void JudgeRepository(DoctorReport& report, const RepositoryFacts& facts) {
  JudgeFileSystem(report, facts.file_system);
  for (const Error& error : facts.problems)
    report.problems.push_back(error.message + (error.hint.empty() ? "" : " (" + error.hint + ")"));
  const auto gone = std::count_if(facts.holders.begin(), facts.holders.end(),
                                  [](const HolderFacts& holder) { return holder.gone; });
  if (gone > 0) {
    report.notes.push_back(Plural(static_cast<std::uint64_t>(gone), "leftover") +
                           " of interrupted commands: dlv gc removes what they wrote");
  }
}

}  // namespace

DoctorReport Examine(const std::optional<std::filesystem::path>& root) {
  DoctorReport report;
  report.machine = ExamineMachine();
  AddEnvironment(report);
  AddSettings(report, root);
  if (!root) return report;
  Result<RepositoryFacts> facts = ExamineRepository(*root);
  if (!facts.ok()) {
    report.problems.push_back(facts.error().message);
    return report;
  }
  report.repository = std::move(facts).value();
  JudgeRepository(report, *report.repository);
  return report;
}

}  // namespace dlv::cli
