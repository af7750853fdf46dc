#include "storage/store/diagnosis.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "storage/catalog/foreign_versions.h"
#include "storage/codec/cpu_dispatch.h"
#include "storage/codec/foreign_versions.h"
#include "storage/codec/possible_kernels.h"
#include "storage/interchange/foreign_versions.h"
#include "storage/io/foreign_versions.h"
#include "storage/io/holder.h"
#include "storage/io/machine.h"
#include "storage/store/log_repair.h"
#include "storage/store/store.h"

namespace dlv::store {
namespace {

void AddHolder(io::FileSystem& files, const RepositoryPaths& paths, const std::string& path,
               RepositoryFacts& facts) {
  const auto bytes = io::ReadWholeFile(files, path, io::kHolderLimitBytes);
  if (!bytes.ok()) return;
  HolderFacts found;
  found.file = path.substr(std::min(paths.dlv.size() + 1, path.size()));
  const auto holder = io::DecodeHolder(*bytes);
  if (holder.ok()) {
    found.holder = io::Describe(*holder);
    found.gone = io::CheckLiveness(*holder) == io::Liveness::kGone;
  } else {
    found.holder = "not readable: " + holder.error().message;
    found.gone = true;
  }
  facts.holders.push_back(std::move(found));
}

void ExamineHolders(io::FileSystem& files, const RepositoryPaths& paths, RepositoryFacts& facts) {
  AddHolder(files, paths, paths.lock, facts);
  const auto names = files.List(paths.tmp);
  if (!names.ok()) return;
  for (const std::string& name : *names) {
    if (name.ends_with(".lease")) AddHolder(files, paths, paths.Temporary(name), facts);
  }
}

std::uint64_t BytesIn(io::FileSystem& files, const std::string& folder, unsigned depth) {
  std::uint64_t bytes = 0;
  const auto names = files.List(folder);
  if (!names.ok()) return 0;
  for (const std::string& name : *names) {
    const auto stat = files.Stat(folder + "/" + name);
    if (!stat.ok()) continue;
    bytes += stat->is_directory && depth > 0 ? BytesIn(files, folder + "/" + name, depth - 1)
                                             : stat->size_bytes;
  }
  return bytes;
}

// A file made now carries the file system's time.
void TryToWrite(io::FileSystem& files, const RepositoryPaths& paths, FileSystemFacts& facts) {
  const std::string path = paths.Temporary("doctor-" + RandomHex(8));
  const auto file = files.OpenForWriting(path, io::WriteMode::kCreateNew);
  facts.writable = file.ok();
  if (!file.ok()) return;
  const std::byte one{1};
  facts.writable = (*file)->Append(std::span(&one, 1)).ok() && (*file)->Close().ok();
  const std::int64_t now = Now();
  if (const auto stat = files.Stat(path); stat.ok())
    facts.clock_skew_seconds = stat->modified_ns / 1'000'000'000 - now;
  // A file that stays is a leftover like any other: gc removes it.
  if (!files.Remove(path).ok()) facts.writable = false;
}

FileSystemFacts ExamineFileSystem(io::FileSystem& files, const RepositoryPaths& paths) {
  FileSystemFacts facts;
  if (const auto name = io::FileSystemName(paths.dlv); name.ok()) facts.kind = *name;
  if (const auto local = files.IsLocal(paths.dlv); local.ok()) facts.local = *local;
  if (const auto bytes = files.FreeBytes(paths.dlv); bytes.ok()) facts.free_bytes = *bytes;
  TryToWrite(files, paths, facts);
  return facts;
}

// Packs that the catalog knows must be there, and have the size that it knows at least.
Status ComparePacks(Store& store, RepositoryFacts& facts) {
  DLV_ASSIGN(const auto packs,
             store.Read([](const catalog::Catalog& catalog) { return catalog.Packs(); }));
  facts.packs = packs.size();
  for (const catalog::PackRow& pack : packs) {
    if (const auto opened = store.OpenPack(pack.name); !opened.ok())
      facts.problems.push_back(opened.error());
  }
  return Ok();
}

// Without a log that fits nothing can be changed.
Status ExamineLog(Store& store, RepositoryFacts& facts) {
  DLV_ASSIGN(const auto text, store.Read([](const catalog::Catalog& catalog) {
    return catalog.GetMeta(kLogSequenceKey);
  }));
  const std::uint64_t known = text ? std::strtoull(text->c_str(), nullptr, 10) : 0;
  DLV_ASSIGN(const auto log, archive::SalvageOperationLog(store.file_system(), store.paths().log));
  const std::string why = WhyLogIsBad(log.content, known);
  if (!why.empty()) {
    facts.problems.push_back(
        {ErrorCode::kCorruption, "operations.log: " + why, std::string(kRepairHint)});
  }
  return Ok();
}

Status CountModels(Store& store, RepositoryFacts& facts) {
  return store.Read([&](const catalog::Catalog& catalog) -> Status {
    DLV_ASSIGN(const auto names, catalog.ModelNames());
    facts.models = names.size();
    DLV_ASSIGN(facts.versions, catalog.VersionCount());
    return Ok();
  });
}

}  // namespace

MachineFacts ExamineMachine() {
  MachineFacts facts;
  for (const auto& part : {catalog::ForeignVersions(), codec::ForeignVersions(),
                           interchange::ForeignVersions(), io::ForeignVersions()}) {
    facts.libraries.insert(facts.libraries.end(), part.begin(), part.end());
  }
  std::sort(facts.libraries.begin(), facts.libraries.end());
  facts.processors = io::AllowedProcessors();
  facts.memory_bytes = io::MemoryBytes();
  facts.kernels = codec::NameOf(codec::ActiveKernelLevel());
  for (const codec::KernelLevel level : codec::kKernelLevels) {
    if (codec::MachineHas(level)) facts.kernels_possible.emplace_back(codec::NameOf(level));
  }
  return facts;
}

Result<RepositoryFacts> ExamineRepository(io::FileSystem& files,
                                          const std::filesystem::path& root) {
  const RepositoryPaths paths(root.string());
  DLV_ASSIGN(const io::FileStat stat, files.Stat(paths.dlv));
  if (!stat.is_directory) return Error{ErrorCode::kNotFound, paths.dlv + " is no folder"};
  RepositoryFacts facts;
  facts.root = root;
  facts.file_system = ExamineFileSystem(files, paths);
  facts.pack_bytes = BytesIn(files, paths.packs, 0);
  facts.trash_bytes = BytesIn(files, paths.trash, 2);
  ExamineHolders(files, paths, facts);
  StoreOptions options;
  options.file_system = &files;
  options.read_only = true;
  options.lock_timeout_ms = 0;
  const auto store = Store::Open(root.string(), options);
  if (!store.ok()) {
    facts.problems.push_back(store.error());
    return facts;
  }
  for (const Status& status :
       {CountModels(**store, facts), ComparePacks(**store, facts), ExamineLog(**store, facts)}) {
    if (!status.ok()) facts.problems.push_back(status.error());
  }
  return facts;
}

}  // namespace dlv::store
