#include "storage/store/rebuild_source.h"

#include <algorithm>
#include <charconv>

#include "storage/store/log_of_catalog.h"
#include "storage/store/log_repair.h"

namespace dlv::store {
namespace {

using OldCatalog = std::unique_ptr<catalog::Catalog>;

/// Returns the catalog that there is; null where it is missing or cannot be opened for damage.
Result<OldCatalog> OpenOldCatalog(io::FileSystem& file_system, const std::string& path) {
  auto catalog = catalog::Catalog::Open(file_system, path, catalog::OpenMode::kRead);
  if (!catalog.ok() && catalog.error().code == ErrorCode::kUnsupported)  // an older schema
    catalog = catalog::Catalog::Open(file_system, path, catalog::OpenMode::kReadWrite);
  if (catalog.ok()) return std::move(catalog).value();
  const ErrorCode code = catalog.error().code;
  if (code == ErrorCode::kNotFound || code == ErrorCode::kCorruption) return OldCatalog();
  return std::move(catalog).error();
}

/// Returns the last log record that the catalog contains; nothing where it cannot be asked.
std::optional<std::uint64_t> SequenceOfCatalog(const catalog::Catalog* catalog) {
  if (catalog == nullptr) return std::nullopt;
  const auto text = catalog->GetMeta(kLogSequenceKey);
  if (!text.ok() || !text->has_value()) return std::nullopt;
  std::uint64_t value = 0;
  const char* const end = (*text)->data() + (*text)->size();
  const auto [stop, error] = std::from_chars((*text)->data(), end, value);
  return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

/// Whether the record takes back the one with this sequence number.
bool TakesBack(const archive::LogRecord& record, std::uint64_t sequence) {
  const auto* change = std::get_if<archive::SwitchRecord>(&record.payload);
  return change != nullptr && change->command == kVoidCommand &&
         std::find(change->live_packs.begin(), change->live_packs.end(),
                   std::to_string(sequence)) != change->live_packs.end();
}

/// Takes away what was logged by a command that was interrupted before its transaction: the
/// catalog, while it can be asked, knows. The next command takes such records back before its own;
/// where it was interrupted too, its void record says that the catalog stood where it stands now.
/// So the last records beyond are of one operation; where they are of several, the catalog is an
/// old copy, and all of them count.
void DropUnfinished(std::uint64_t known, archive::LogContent& log, VerifyResult& result) {
  const auto beyond = std::find_if(log.records.begin(), log.records.end(),
                                   [&](const auto& record) { return record.sequence > known; });
  auto last = beyond;
  for (auto record = beyond; record != log.records.end(); ++record) {
    if (TakesBack(*record, known + 1)) last = record;
  }
  const bool one_operation = std::all_of(last, log.records.end(), [&](const auto& record) {
    return record.operation == last->operation;
  });
  if (beyond == log.records.end() || !one_operation) return;
  result.notes.push_back("operations.log has " + std::to_string(log.records.end() - beyond) +
                         " records of a command that was interrupted before it took effect: left "
                         "out");
  log.records.erase(beyond, log.records.end());
  log.last_sequence = known;
}

void AddNamed(const archive::LogRecord& record, std::set<VersionId>& named) {
  if (const auto* commit = std::get_if<archive::CommitRecord>(&record.payload))
    named.insert(commit->id);
}

class SourceReader {
 public:
  SourceReader(io::FileSystem& file_system, const RepositoryPaths& paths, VerifyResult& result)
      : file_system_(file_system), paths_(paths), result_(result) {}

  Result<RebuildSource> Read() {
    DLV_ASSIGN(catalog_, OpenOldCatalog(file_system_, paths_.catalog));
    DLV_ASSIGN(log_, archive::SalvageOperationLog(file_system_, paths_.log));
    // What follows a torn tail was never acknowledged; what follows damage was.
    if (log_.content.torn) log_.later.clear();
    const auto known = SequenceOfCatalog(catalog_.get());
    DLV_TRY(ReadVersionsBefore());
    archive::LogContent& log = log_.content;
    if (known && *known < log.last_sequence && log_.later.empty())
      DropUnfinished(*known, log, result_);
    const std::string why = WhyLogIsBad(log, known.value_or(0));
    const std::uint64_t last =
        std::max(log.last_sequence, log_.later.empty() ? 0 : log_.later.back().sequence);
    const bool from_catalog = before_ && known && log.last_sequence < *known;
    std::uint64_t trusted = known.value_or(0);
    std::set<VersionId> named;
    for (const auto& record : log.records) AddNamed(record, named);
    for (const auto& record : log_.later) AddNamed(record, named);
    RebuildSource source{HistoryOf(log_, last), HistoryOf(log_, last), std::move(named), {}};
    if (from_catalog) {
      DLV_ASSIGN(source.history, HistoryOfCatalog(*known, source.former));
      trusted = source.history.last_sequence();
      for (const auto& version : *before_) source.named.insert(version.summary.id);
    }
    source.last_sequence = std::max(last, trusted);
    source.log_is_whole = why.empty() && !log.missing;
    source.may_lack_versions = from_catalog ? last > *known : !before_ || !source.log_is_whole;
    source.before = std::move(before_);
    TellDamage(why, from_catalog);
    return source;
  }

 private:
  /// Only of a catalog that is sound throughout.
  Status ReadVersionsBefore() {
    if (catalog_ == nullptr) return Ok();
    const auto findings = catalog_->CheckIntegrity();
    if (!findings.ok() && findings.error().code != ErrorCode::kCorruption) return findings.error();
    if (!findings.ok() || !findings->empty()) return Ok();
    auto versions = catalog_->ListVersions();
    if (versions.ok()) before_ = std::move(versions).value();
    return Ok();
  }

  Result<History> HistoryOfCatalog(std::uint64_t known, const History& former) {
    archive::SectionCache sections(
        [&](const std::string& name) { return file_system_.OpenForReading(paths_.Pack(name)); });
    DLV_ASSIGN(CatalogLog log, LogOfCatalog(*catalog_, known, former, sections));
    archive::LogContent content;
    for (archive::TimedPayload& record : log.records)
      content.records.push_back(
          {++content.last_sequence, record.time, 1, std::move(record.payload)});
    return History(std::move(content), log.sequence);
  }

  void TellDamage(const std::string& why, bool from_catalog) {
    const archive::LogContent& log = log_.content;
    if (from_catalog) {
      result_.notes.push_back("operations.log: " + why + "; the old catalog was taken instead");
    } else if (!log.finding.empty() && log.torn) {
      result_.notes.push_back("operations.log ends in an append that was cut short: " +
                              log.finding);
    } else if (!why.empty() || log.missing) {
      result_.findings.push_back(
          {ErrorCode::kCorruption,
           "operations.log",
           (log.missing ? "the file is missing"
                        : log.finding + "; behind record " + std::to_string(log.last_sequence) +
                              " only " + std::to_string(log_.later.size()) +
                              " records could be read, the others are lost"),
           {}});
    }
  }

  io::FileSystem& file_system_;
  const RepositoryPaths& paths_;
  VerifyResult& result_;
  OldCatalog catalog_;
  archive::SalvagedLog log_;
  std::optional<std::vector<catalog::VersionRow>> before_;
};

}  // namespace

Result<RebuildSource> ReadRebuildSource(io::FileSystem& file_system, const RepositoryPaths& paths,
                                        VerifyResult& result) {
  return SourceReader(file_system, paths, result).Read();
}

}  // namespace dlv::store
