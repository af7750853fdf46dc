#include <array>

#include "storage/interchange/side_readers.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kMiB = 1u << 20;

// What is said by hand comes before what a program wrote of it.
constexpr std::array<SideReader, 10> kReaders = {{
    {"params.yaml", NamedParamsYaml, ReadParamsYaml, 1 * kMiB},
    {"solver.prototxt", NamedSolver, ReadSolver, 1 * kMiB},
    {"config.json", NamedConfigJson, ReadConfigJson, 16 * kMiB},
    {"overrides.yaml", NamedHydraOverrides, ReadHydraOverrides, 1 * kMiB},
    {"trainer_state.json", NamedTrainerState, ReadTrainerState, 64 * kMiB, true},
    {"metrics.csv", NamedCsv, ReadCsv, 64 * kMiB},
    {"log.jsonl", NamedJsonLines, ReadJsonLines, 64 * kMiB},
    {"events.out.tfevents", NamedEvents, ReadEvents, 1024 * kMiB, true},
    {"caffe.log", NamedCaffeLog, ReadCaffeLog, 64 * kMiB},
    {"README.md", NamedCard, ReadCard, 4 * kMiB},
}};

}  // namespace

std::span<const SideReader> SideReaders() { return kReaders; }

int SideReaderFor(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  std::string_view folder = slash == std::string_view::npos ? "" : path.substr(0, slash);
  if (const std::size_t at = folder.rfind('/'); at != std::string_view::npos) {
    folder.remove_prefix(at + 1);
  }
  for (std::size_t i = 0; i < kReaders.size(); ++i) {
    if (kReaders[i].named(name, folder)) return static_cast<int>(i);
  }
  return -1;
}

SideInformation ReadSideFile(int kind, const io::ByteSource& file, const std::string& path) {
  const SideReader& reader = kReaders[static_cast<std::size_t>(kind)];
  SideCollector out(path);
  if (file.size() > reader.limit_bytes) {
    out.Warn("has " + std::to_string(file.size()) + " bytes, more than " +
             std::to_string(reader.limit_bytes) + ", and is not read for metrics or settings");
    return out.Finish();
  }
  const Status read = reader.read(file, out);
  if (read.ok()) return out.Finish();
  SideCollector nothing(path);
  nothing.Warn(read.error().message + "; nothing is taken from it");
  return nothing.Finish();
}

}  // namespace dlv::interchange
