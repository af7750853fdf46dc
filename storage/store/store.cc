#include "storage/store/store.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <random>

#include "storage/io/repository_lock.h"

namespace dlv::store {
namespace {

/// Readers wait for nobody but the moment in which a commit writes its pages, and for that moment
/// also who is told not to wait.
constexpr std::int64_t kReadPatienceMs = 1000;

StoreOptions WithDefaults(StoreOptions options) {
  if (options.file_system == nullptr) options.file_system = &io::PosixFileSystem();
  if (options.sources == nullptr) options.sources = options.file_system;
  return options;
}

Result<std::uint64_t> SequenceOf(const catalog::Catalog& catalog) {
  DLV_ASSIGN(const auto text, catalog.GetMeta(kLogSequenceKey));
  if (!text) return std::uint64_t{0};
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size()) {
    return Error{ErrorCode::kCorruption, "catalog: its log_sequence is no number: " + *text};
  }
  return value;
}

/// Returns the record that takes back what the log has beyond the catalog, if anything.
std::vector<archive::LogPayload> TakeBack(const archive::OperationLogWriter& log,
                                          std::uint64_t catalog_sequence) {
  archive::SwitchRecord record{std::string(kVoidCommand), {}};
  for (std::uint64_t i = catalog_sequence + 1; i <= log.last_sequence(); ++i) {
    record.live_packs.push_back(std::to_string(i));
  }
  std::vector<archive::LogPayload> records;
  if (!record.live_packs.empty()) records.emplace_back(std::move(record));
  return records;
}

/// Opens the log for a change of a repository whose catalog knows record `sequence`.
Result<archive::OperationLogWriter> OpenLog(io::FileSystem& files, const std::string& path,
                                            std::uint64_t sequence) {
  auto log = archive::OperationLogWriter::Open(files, path, sequence);
  if (log.ok() || log.error().code != ErrorCode::kCorruption) return log;
  return Error{ErrorCode::kCorruption, log.error().message, std::string(kRepairHint)};
}

}  // namespace

std::int64_t Now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string DefaultAuthor() {
  for (const char* name : {"DLV_AUTHOR", "USER", "LOGNAME"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

std::string RandomHex(unsigned bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::random_device device;
  std::string text;
  for (unsigned i = 0; i < 2 * bytes; ++i) text.push_back(kDigits[device() & 15]);
  return text;
}

Store::Store(RepositoryPaths paths, StoreOptions options)
    : paths_(std::move(paths)),
      options_(std::move(options)),
      sections_([this](const std::string& name) { return OpenPack(name); }),
      locator_(*this),
      tensors_(std::make_unique<archive::TensorReader>(locator_)),
      blobs_(locator_) {}

Result<std::unique_ptr<Store>> Store::Init(const std::string& root, StoreOptions options) {
  options = WithDefaults(std::move(options));
  io::FileSystem& files = *options.file_system;
  const RepositoryPaths paths(root);
  DLV_TRY(files.MakeDirectory(root));
  DLV_TRY(MakeFolders(files, paths));
  DLV_ASSIGN(const auto packs, files.List(paths.packs));
  if (!packs.empty()) {
    return Error{ErrorCode::kConflict, paths.packs + " has packs, but .dlv/format is missing",
                 "make the catalog anew with: dlv fsck --rebuild-catalog"};
  }
  // An init that was interrupted may have left a catalog; without packs it is worth nothing.
  DLV_ASSIGN(const auto names, files.List(paths.dlv));
  for (const std::string& name : names) {
    if (name.starts_with("catalog.db") || name == "operations.log") {
      DLV_TRY(files.Remove(paths.dlv + "/" + name));
    }
  }
  DLV_ASSIGN(auto catalog, catalog::Catalog::Create(files, paths.catalog));
  catalog.reset();
  { DLV_ASSIGN(const auto log, archive::OperationLogWriter::Open(files, paths.log)); }
  DLV_TRY(files.SyncDirectory(paths.dlv));
  DLV_TRY(WriteFormat(files, paths));
  return Open(root, std::move(options));
}

Result<std::unique_ptr<Store>> Store::Open(const std::string& root, StoreOptions options) {
  options = WithDefaults(std::move(options));
  RepositoryPaths paths(root);
  DLV_ASSIGN([[maybe_unused]] const RepositoryFormat format,
             ReadFormat(*options.file_system, paths));
  std::unique_ptr<Store> store(new Store(std::move(paths), std::move(options)));
  DLV_TRY(store->ReopenReader());
  return store;
}

Status Store::ReopenReader() {
  const std::lock_guard guard(catalog_mutex_);
  const auto open = [this](catalog::OpenMode mode) {
    return catalog::Catalog::Open(*options_.file_system, paths_.catalog, mode,
                                  std::max(options_.lock_timeout_ms, kReadPatienceMs));
  };
  auto opened = open(catalog::OpenMode::kRead);
  if (!opened.ok() && opened.error().code == ErrorCode::kNotFound) {
    return Error{ErrorCode::kCorruption, paths_.catalog + " is missing",
                 "make it anew with: dlv fsck --rebuild-catalog"};
  }
  if (!opened.ok() && !options_.read_only &&
      opened.error().code == ErrorCode::kUnsupported) {  // an older schema: migrate it
    DLV_ASSIGN(const auto migrated, open(catalog::OpenMode::kReadWrite));
    opened = open(catalog::OpenMode::kRead);
  }
  if (!opened.ok()) return std::move(opened).error();
  catalog_ = std::move(opened).value();
  return Ok();
}

Result<std::unique_ptr<Store::View>> Store::HoldView() {
  const std::lock_guard guard(catalog_mutex_);
  DLV_ASSIGN(auto transaction, catalog_->BeginRead());
  return std::make_unique<View>(*this, std::move(transaction));
}

io::LockOptions LockOptionsOf(const StoreOptions& options, std::string_view command) {
  io::LockOptions lock;
  lock.timeout_ms = options.lock_timeout_ms;
  lock.command = command;
  lock.force = options.force_unlock;
  lock.on_wait = options.on_lock_wait;
  return lock;
}

Status Store::Write(std::string_view command, const std::function<Status(Change&)>& body) {
  if (options_.read_only) {
    return Error{ErrorCode::kInvalidArgument, "the repository is open for reading only"};
  }
  const std::lock_guard guard(write_mutex_);
  io::FileSystem& files = *options_.file_system;
  DLV_ASSIGN(const auto lock,
             io::RepositoryLock::Acquire(files, paths_.lock, LockOptionsOf(options_, command)));
  DLV_ASSIGN(const auto catalog,
             catalog::Catalog::Open(files, paths_.catalog, catalog::OpenMode::kReadWrite,
                                    std::max(options_.lock_timeout_ms, kReadPatienceMs)));
  DLV_ASSIGN(const auto transaction, catalog->Begin());
  DLV_ASSIGN(const std::uint64_t sequence, SequenceOf(*catalog));
  DLV_ASSIGN(auto log, OpenLog(files, paths_.log, sequence));
  auto records = TakeBack(log, sequence);

  const std::size_t before = records.size();
  records.emplace_back(archive::OperationRecord{std::string(command), DefaultAuthor(), 0});
  Change change{*catalog, *transaction,        std::move(records),
                Now(),    log.last_sequence(), log.operations() + 1};
  DLV_TRY(body(change));
  if (change.log.size() == before + 1) {
    change.log.pop_back();  // nothing has changed
  } else {
    std::get<archive::OperationRecord>(change.log[before]).undoes = change.undoes;
  }
  DLV_TRY(transaction->SetMeta(kLogSequenceKey,
                               std::to_string(log.last_sequence() + change.log.size())));
  DLV_TRY(lock->CheckHeld());
  if (!change.log.empty()) DLV_TRY(log.Append(change.now, change.log));
  return transaction->Commit();
}

Result<std::unique_ptr<io::ReadableFile>> Store::OpenPack(const std::string& name) {
  io::FileSystem& files = *options_.file_system;
  auto opened = files.OpenForReading(paths_.Pack(name));
  if (opened.ok() || opened.error().code != ErrorCode::kNotFound) return opened;
  const auto folders = files.List(paths_.trash);
  if (folders.ok()) {
    for (const std::string& folder : *folders) {
      auto trashed = files.OpenForReading(paths_.trash + "/" + folder + "/" + name);
      if (trashed.ok() || trashed.error().code != ErrorCode::kNotFound) return trashed;
    }
  }
  return opened;
}

Result<std::shared_ptr<const archive::SectionReader>> Store::OpenSection(catalog::Row section) {
  Error last;
  for (int attempt = 0; attempt < 2; ++attempt) {  // a pack may be merged away between the steps
    std::string pack;
    std::uint64_t offset = 0;
    const Status written = Read([&](const catalog::Catalog& catalog) -> Status {
      DLV_ASSIGN(const auto row, catalog.GetSection(section));
      if (!row) {
        return Error{ErrorCode::kNotFound, "section " + std::to_string(section) + " is gone"};
      }
      DLV_ASSIGN(const auto pack_row, catalog.GetPack(row->pack));
      if (!pack_row) return Error{ErrorCode::kCorruption, "catalog: a section without its pack"};
      pack = pack_row->name;
      offset = row->offset;
      return Ok();
    });
    DLV_TRY(written);
    auto opened = sections_.Get(pack, offset);
    if (opened.ok()) return opened;
    if (opened.error().code != ErrorCode::kNotFound) return opened;
    last = Error{ErrorCode::kCorruption, "packs/" + pack + " is missing", "see: dlv fsck"};
  }
  return last;
}

}  // namespace dlv::store
