#include "cli/doctor_report.h"
#include "cli/json_values.h"

namespace dlv::cli {
namespace {

Json ValueOf(const MachineFacts& facts) {
  Json libraries = Json::object();
  for (const auto& [name, version] : facts.libraries) libraries[name] = version;
  return {{"dlv", facts.version},           {"libraries", std::move(libraries)},
          {"processors", facts.processors}, {"memory_bytes", facts.memory_bytes},
          {"kernels", facts.kernels},       {"kernels_possible", facts.kernels_possible}};
}

Json ValueOf(const RepositoryFacts& facts) {
  Json holders = Json::array();
  for (const HolderFacts& holder : facts.holders)
    holders.push_back({{"file", holder.file}, {"holder", holder.holder}, {"gone", holder.gone}});
  return {{"root", facts.root.string()},
          {"models", facts.models},
          {"versions", facts.versions},
          {"packs", facts.packs},
          {"pack_bytes", facts.pack_bytes},
          {"trash_bytes", facts.trash_bytes},
          {"file_system",
           {{"kind", facts.file_system.kind},
            {"local", facts.file_system.local},
            {"writable", facts.file_system.writable},
            {"free_bytes", facts.file_system.free_bytes},
            {"clock_skew_seconds", facts.file_system.clock_skew_seconds}}},
          {"holders", std::move(holders)}};
}

}  // namespace

std::string DoctorDocument(const DoctorReport& report, OutputMode mode) {
  Json settings = Json::array(), environment = Json::object(), files = Json::array();
  for (const auto& [key, value] : report.settings) {
    const bool unset = value.is_default && value.text.empty();
    settings.push_back({{"key", key},
                        {"value", unset ? Json(nullptr) : Json(value.text)},
                        {"origin", value.origin}});
  }
  for (const auto& [name, value] : report.environment) environment[name] = value;
  for (const auto& [path, there] : report.config_files)
    files.push_back({{"path", path.string()}, {"exists", there}});
  const Json document = {
      {"ok", report.problems.empty()},
      {"problems", report.problems},
      {"notes", report.notes},
      {"machine", ValueOf(report.machine)},
      {"repository", report.repository ? ValueOf(*report.repository) : Json(nullptr)},
      {"config_files", std::move(files)},
      {"settings", std::move(settings)},
      {"environment", std::move(environment)}};
  const int indent = mode == OutputMode::kJsonLines ? -1 : 2;
  return document.dump(indent, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace dlv::cli
