#include "storage/store/log_repair.h"

#include <algorithm>
#include <cstdlib>
#include <span>

#include "storage/io/repository_lock.h"
#include "storage/store/log_of_catalog.h"

namespace dlv::store {
namespace {

constexpr std::uint64_t kMostLogBytes = std::uint64_t{1} << 31;

/// A copy, so that there is a log at any time.
Result<std::string> KeepDamagedLog(io::FileSystem& files, const RepositoryPaths& paths) {
  const auto bytes = io::ReadWholeFile(files, paths.log, kMostLogBytes);
  if (!bytes.ok() && bytes.error().code == ErrorCode::kNotFound) return std::string();
  if (!bytes.ok()) return bytes.error();
  std::string name = "operations.log.damaged";
  for (int i = 2; files.Stat(paths.dlv + "/" + name).ok(); ++i)
    name = "operations.log.damaged." + std::to_string(i);
  DLV_TRY(io::WriteFileAtomically(files, paths.dlv + "/" + name, *bytes));
  return name;
}

Result<std::uint64_t> KnownRecord(const catalog::Catalog& catalog) {
  DLV_ASSIGN(const auto text, catalog.GetMeta(kLogSequenceKey));
  return text ? std::strtoull(text->c_str(), nullptr, 10) : std::uint64_t{0};
}

Status ExpectSound(const catalog::Catalog& catalog) {
  DLV_ASSIGN(const auto findings, catalog.CheckIntegrity());
  if (findings.empty()) return Ok();
  return Error{ErrorCode::kCorruption, findings.front(),
               "make both anew from what is left with: dlv fsck --rebuild-catalog"};
}

}  // namespace

std::string WhyLogIsBad(const archive::LogContent& log, std::uint64_t known) {
  if (log.last_sequence >= known && (log.finding.empty() || log.torn)) return {};
  if (log.missing) return "the file is missing";
  if (log.last_sequence >= known) return "damaged " + log.finding;
  return "ends at record " + std::to_string(log.last_sequence) + ", the catalog knows record " +
         std::to_string(known) + (log.finding.empty() ? "" : "; damaged " + log.finding);
}

History HistoryOf(const archive::SalvagedLog& salvaged, std::uint64_t known) {
  archive::LogContent log = salvaged.content;
  log.records.insert(log.records.end(), salvaged.later.begin(), salvaged.later.end());
  if (!log.records.empty())
    log.last_sequence = std::max(log.last_sequence, log.records.back().sequence);
  return History(std::move(log), known);
}

Result<std::uint64_t> ReplaceLog(io::FileSystem& file_system, const RepositoryPaths& paths,
                                 const catalog::Catalog& catalog, const History& former,
                                 VerifyResult& result) {
  DLV_ASSIGN(const std::uint64_t known, KnownRecord(catalog));
  archive::SectionCache sections(
      [&](const std::string& name) { return file_system.OpenForReading(paths.Pack(name)); });
  DLV_ASSIGN(const CatalogLog log, LogOfCatalog(catalog, known, former, sections));
  DLV_ASSIGN(const auto bytes, archive::EncodeOperationLog(log.records));
  DLV_ASSIGN(const std::string kept, KeepDamagedLog(file_system, paths));
  DLV_TRY(io::WriteFileAtomically(file_system, paths.log, bytes));
  result.notes.push_back("operations.log was made anew from the catalog" +
                         (kept.empty() ? "" : "; the damaged one is .dlv/" + kept));
  return log.sequence;
}

Result<VerifyResult> RepairLog(const std::string& root, StoreOptions options) {
  io::FileSystem& files =
      options.file_system != nullptr ? *options.file_system : io::PosixFileSystem();
  const RepositoryPaths paths(root);
  DLV_ASSIGN([[maybe_unused]] const RepositoryFormat format, ReadFormat(files, paths));
  DLV_ASSIGN(const auto lock, io::RepositoryLock::Acquire(files, paths.lock,
                                                          LockOptionsOf(options, "fsck --repair")));
  auto catalog = catalog::Catalog::Open(files, paths.catalog, catalog::OpenMode::kReadWrite,
                                        options.lock_timeout_ms);
  if (!catalog.ok() && catalog.error().code == ErrorCode::kNotFound) {
    return Error{ErrorCode::kCorruption, paths.catalog + " is missing",
                 "make it anew with: dlv fsck --rebuild-catalog"};
  }
  if (!catalog.ok()) return std::move(catalog).error();
  DLV_TRY(ExpectSound(**catalog));
  VerifyResult result;
  DLV_ASSIGN(result.versions, (*catalog)->VersionCount());
  DLV_ASSIGN(const std::uint64_t known, KnownRecord(**catalog));
  DLV_ASSIGN(const auto salvaged, archive::SalvageOperationLog(files, paths.log));
  if (WhyLogIsBad(salvaged.content, known).empty() && !salvaged.content.missing) {
    result.notes.push_back("operations.log is whole: there was nothing to repair");
    return result;
  }
  DLV_TRY(lock->CheckHeld());
  DLV_ASSIGN(const std::uint64_t sequence,
             ReplaceLog(files, paths, **catalog, HistoryOf(salvaged, known), result));
  if (sequence == known) return result;
  // Until this is done the log is behind the catalog, as it was.
  result.notes.push_back("the catalog said that it knows record " + std::to_string(known) +
                         " of it; what it tells of are " + std::to_string(sequence));
  DLV_ASSIGN(const auto transaction, (*catalog)->Begin());
  DLV_TRY(transaction->SetMeta(kLogSequenceKey, std::to_string(sequence)));
  DLV_TRY(transaction->Commit());
  return result;
}

}  // namespace dlv::store
