#include "storage/store/verify.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "storage/io/hash.h"
#include "storage/io/lease.h"
#include "storage/store/log_repair.h"
#include "storage/store/new_packs.h"
#include "storage/store/pack_check.h"
#include "storage/store/removal_check.h"
#include "storage/store/staging.h"
#include "storage/store/stored_file.h"
#include "storage/store/verify_damage.h"
#include "storage/store/verify_packs.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

void Note(VerifyResult& result, const std::string& where, const Error& error) {
  result.findings.push_back({error.code, where, error.message, {}});
}

Status Cancelled(const Operation& operation) {
  if (operation.cancel == nullptr || !operation.cancel->cancelled()) return Ok();
  return Error{ErrorCode::kCancelled, "stopped on request"};
}

constexpr const char* kRebuildAdvice = "; make it anew with: dlv fsck --rebuild-catalog";

/// Adds one finding, however much is wrong with it; returns whether the catalog is sound.
bool VerifyCatalog(Store& store, VerifyResult& result) {
  const auto findings =
      store.Read([](const catalog::Catalog& catalog) { return catalog.CheckIntegrity(); });
  if (findings.ok() && findings->empty()) return true;
  std::string what = findings.ok() ? findings->front() : findings.error().message;
  if (findings.ok() && findings->size() > 1)
    what += " (and " + std::to_string(findings->size() - 1) + " more like it)";
  Note(result, "catalog.db",
       {findings.ok() ? ErrorCode::kCorruption : findings.error().code, what + kRebuildAdvice});
  return false;
}

/// Compares the log with the catalog: every live version must have its commit record. The catalog
/// is asked first: a writer appends to the log before it commits, so the log can only be ahead.
void VerifyLog(Store& store, VerifyResult& result) {
  const auto sequence =
      store.Read([](const catalog::Catalog& catalog) { return catalog.GetMeta(kLogSequenceKey); });
  const std::string text = sequence.ok() ? sequence->value_or("0") : "0";
  const std::uint64_t known = std::strtoull(text.c_str(), nullptr, 10);
  const auto log = archive::SalvageOperationLog(store.file_system(), store.paths().log);
  if (!log.ok()) return Note(result, "operations.log", log.error());
  const archive::LogContent& content = log->content;
  const std::string why = WhyLogIsBad(content, known);
  if (!why.empty()) {
    return Note(result, "operations.log",
                {ErrorCode::kCorruption, why + ": nothing can be changed until it is repaired; " +
                                             std::string(kRepairHint)});
  }
  if (!content.finding.empty()) {
    result.notes.push_back("operations.log ends in an append that was cut short: " +
                           content.finding);
  }
  if (sequence.ok() && known < content.last_sequence) {
    result.notes.push_back("operations.log has " + std::to_string(content.last_sequence - known) +
                           " records of a command that is running, or was interrupted before it "
                           "took effect; then the next change takes them back");
  }
}

/// The staging list is no part of history, but a commit wants it.
void VerifyStaging(Store& store, VerifyResult& result) {
  const auto staged = StagedInputs(store);
  if (!staged.ok()) Note(result, "stage.json", staged.error());
}

/// What becomes of a pack that the catalog does not know.
std::string FateOfLoosePack(Store& store, const RemovalCheck& removals, const std::string& name) {
  const std::string why = WhyNotUnderstood(store, name);
  if (!why.empty()) return " is not in the catalog and cannot be read: " + why;
  auto file = store.file_system().OpenForReading(store.paths().Pack(name));
  if (file.ok()) {
    const auto pack = archive::PackReader::Open(std::move(file).value());
    const auto versions =
        pack.ok() ? removals.Unexplained(store, *pack) : Result<std::string>(std::string());
    if (versions.ok() && !versions->empty()) {
      return " holds " + *versions +
             ", of whose removal operations.log does not tell: dlv fsck --rebuild-catalog --adopt "
             "takes that in";
    }
  }
  return " belongs to no version (an interrupted command); gc removes it";
}

/// Leftovers are harmless, but worth a word.
void NoteLeftovers(Store& store, VerifyResult& result) {
  const auto packs = store.Read([](const catalog::Catalog& catalog) { return catalog.Packs(); });
  const auto names = store.file_system().List(store.paths().packs);
  const auto removals = RemovalCheck::Read(store);
  if (packs.ok() && names.ok() && removals.ok()) {
    std::set<std::string> known;
    for (const auto& pack : *packs) known.insert(pack.name);
    for (const std::string& name : *names) {
      if (known.contains(name)) continue;
      result.notes.push_back("packs/" + name + FateOfLoosePack(store, *removals, name));
    }
  }
  const auto temporary = store.file_system().List(store.paths().tmp);
  if (!temporary.ok()) return;
  for (const std::string& name : *temporary) {
    const std::string id = LeaseIdOf(name);
    const auto alive =
        io::IsLeaseAlive(store.file_system(), store.paths().Temporary(id + ".lease"));
    if (!id.empty() && alive.ok() && *alive) continue;
    result.notes.push_back("tmp/" + name + " was left by an interrupted command; gc removes it");
  }
}

/// Takes bytes and hashes them.
class HashSink : public io::ByteSink {
 public:
  Status Write(std::span<const std::byte> bytes) override {
    hash_.Update(bytes);
    size_ += bytes.size();
    return Ok();
  }
  FileDigest Digest() { return hash_.Finish<FileDigest>(); }
  std::uint64_t size() const { return size_; }

 private:
  io::Sha256 hash_;
  std::uint64_t size_ = 0;
};

/// Makes every file of the version again and compares its SHA-256.
Status VerifyFiles(Store& store, const catalog::VersionRow& version, const Operation& operation,
                   VerifyResult& result) {
  const std::string reference = version.summary.reference();
  const auto manifest = ReadVersionManifest(store, version);
  if (!manifest.ok()) {
    result.findings.push_back(
        {manifest.error().code, reference, manifest.error().message, {reference}});
    return Ok();
  }
  std::map<std::uint32_t, SnapshotContent> snapshots;
  for (std::uint32_t i = 0; i < manifest->snapshots.size(); ++i) {
    auto content = ReadSnapshot(store, *manifest, i);
    if (content.ok()) snapshots.emplace(i, std::move(content).value());
  }
  for (std::uint32_t i = 0; i < manifest->files.size(); ++i) {
    DLV_TRY(Cancelled(operation));
    const archive::ManifestFile& file = manifest->files[i];
    if (file.form == archive::FileForm::kNone) continue;
    std::vector<TensorId> tensors;
    if (file.snapshot && snapshots.contains(*file.snapshot))
      tensors = TensorsOfFile(snapshots.at(*file.snapshot), i);
    HashSink sink;
    const Status status =
        WriteStoredFile({store.tensors(), store.blobs()}, file, tensors, operation.threads, sink);
    if (!status.ok()) {
      result.findings.push_back(
          {status.error().code, reference + "/" + file.path, status.error().message, {reference}});
    } else if (sink.size() != file.size_bytes || sink.Digest() != file.sha256) {
      result.findings.push_back(
          {ErrorCode::kCorruption,
           reference + "/" + file.path,
           "the file made again is not the one committed (its SHA-256 differs)",
           {reference}});
    }
  }
  store.small_tensors().Forget();  // a repository has more of them than memory
  return Ok();
}

/// Looks at manifest and, with `full`, files. What is found wrong does not count where somebody has
/// removed the version meanwhile.
Status VerifyVersion(Store& store, const catalog::VersionRow& version, bool full,
                     const Operation& operation, VerifyResult& result) {
  const std::size_t before = result.findings.size();
  const std::string reference = version.summary.reference();
  if (full) {
    DLV_TRY(VerifyFiles(store, version, operation, result));
  } else if (const auto manifest = ReadVersionManifest(store, version); !manifest.ok()) {
    result.findings.push_back(
        {manifest.error().code, reference, manifest.error().message, {reference}});
  }
  if (result.findings.size() == before) return Ok();
  const auto row =
      store.Read([&](const catalog::Catalog& catalog) { return catalog.GetVersion(version.row); });
  if (row.ok() && !row->has_value()) result.findings.resize(before);
  return Ok();
}

}  // namespace

Result<VerifyResult> Verify(Store& store, const VerifyOptions& options,
                            const Operation& operation) {
  VerifyResult result;
  const bool sound = VerifyCatalog(store, result);
  VerifyLog(store, result);
  VerifyStaging(store, result);
  if (!sound) {  // what it says of packs and versions cannot be trusted
    DLV_TRY(VerifyLoosePacks(store.file_system(), store.paths(), operation, result));
    return result;
  }
  const auto versions =
      store.Read([](const catalog::Catalog& catalog) { return catalog.ListVersions(); });
  if (!versions.ok()) return versions.error();
  result.versions = versions->size();

  std::vector<PackFinding> in_packs;
  const Status packs = VerifyPacks(store, options, operation, result, in_packs);
  if (!packs.ok() && packs.error().code == ErrorCode::kCancelled) return packs.error();
  if (!packs.ok()) Note(result, "packs", packs.error());
  const bool is_sound =
      std::ranges::all_of(in_packs, [](const PackFinding& one) { return one.damage.empty(); });
  if (!is_sound) NameAffected(store, *versions, in_packs);
  for (PackFinding& found : in_packs) result.findings.push_back(std::move(found.finding));

  for (const auto& version : *versions) {
    DLV_TRY(Cancelled(operation));
    DLV_TRY(VerifyVersion(store, version, options.full && is_sound, operation, result));
  }
  NoteLeftovers(store, result);
  return result;
}

Result<VerifyResult> VerifyWithoutCatalog(const std::string& root, StoreOptions options,
                                          const Operation& operation) {
  io::FileSystem& files =
      options.file_system != nullptr ? *options.file_system : io::PosixFileSystem();
  const RepositoryPaths paths(root);
  VerifyResult result;
  const auto format = ReadFormat(files, paths);
  if (!format.ok() && format.error().code != ErrorCode::kCorruption) return format.error();
  if (!format.ok()) {
    Note(result, ".dlv/format", {ErrorCode::kCorruption, format.error().message + kRebuildAdvice});
  }
  const auto catalog = catalog::Catalog::Open(files, paths.catalog, catalog::OpenMode::kRead);
  if (!catalog.ok()) {
    if (catalog.error().code != ErrorCode::kNotFound &&
        catalog.error().code != ErrorCode::kCorruption) {
      return catalog.error();
    }
    const bool missing = catalog.error().code == ErrorCode::kNotFound;
    Note(result, "catalog.db",
         {ErrorCode::kCorruption,
          (missing ? "the file is missing" : catalog.error().message) + kRebuildAdvice});
  }
  const auto log = archive::SalvageOperationLog(files, paths.log);
  const std::string why = log.ok() ? WhyLogIsBad(log->content, 0) : log.error().message;
  if (!why.empty() || log->content.missing) {
    Note(result, "operations.log",
         {ErrorCode::kCorruption, why.empty() ? "the file is missing" : why});
  }
  DLV_TRY(VerifyLoosePacks(files, paths, operation, result));
  return result;
}

}  // namespace dlv::store
