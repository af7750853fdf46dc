#pragma once
/// \file
/// An open repository: its paths, its catalog, readers over its packs, and the one way to change
/// it.

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/blob_reader.h"
#include "storage/archive/operation_log.h"
#include "storage/archive/pack_reader.h"
#include "storage/archive/tensor_reader.h"
#include "storage/catalog/catalog.h"
#include "storage/io/file_system.h"
#include "storage/io/repository_lock.h"
#include "storage/store/network_importer.h"
#include "storage/store/repository_paths.h"
#include "storage/store/small_tensors.h"

namespace dlv::store {

struct StoreOptions {
  io::FileSystem* file_system = nullptr;  ///< of everything below .dlv; null: the real one
  io::FileSystem* sources = nullptr;      ///< of the files to commit; null: as `file_system`
  bool read_only = false;
  bool force_unlock = false;
  std::int64_t lock_timeout_ms = 30'000;
  std::function<void(const std::string& holder)> on_lock_wait;
  const NetworkImporter* networks = nullptr;  ///< null: networks are not kept; lives on
};

/// How a command that changes the repository takes its lock.
io::LockOptions LockOptionsOf(const StoreOptions& options, std::string_view command);

/// What a change may use. The transaction is not yet durable; `log` is what the operation log gets
/// beforehand.
struct Change {
  catalog::Catalog& catalog;  ///< sees the changes of `transaction`
  catalog::Transaction& transaction;
  std::vector<archive::LogPayload> log;
  std::int64_t now = 0;
  std::uint64_t last_sequence = 0;  ///< of the log before this change
  std::uint64_t operation = 0;      ///< number that this change will have
  std::uint64_t undoes = 0;         ///< number of the operation that this one undoes

  /// Sequence number that the next record put into `log` will have.
  std::uint64_t NextSequence() const { return last_sequence + log.size() + 1; }
};

/// Finds objects through the catalog; retries once where a pack has moved. Thread-safe.
class CatalogLocator : public archive::ObjectLocator {
 public:
  explicit CatalogLocator(class Store& store) : store_(store) {}
  Result<std::vector<archive::ObjectPlace>> FindTensor(const TensorId& id) override;
  Result<archive::ObjectPlace> FindBlob(const BlobId& id) override;
  std::optional<archive::TensorSlice> FindSlice(const TensorId& id) override;

 private:
  Store& store_;
};

/// Thread-safe but for Write, which threads of one process run one after the other.
class Store {
 public:
  /// Errors: kConflict (there is one), kIo.
  static Result<std::unique_ptr<Store>> Init(const std::string& root, StoreOptions options);
  /// Errors: kNotFound, kUnsupported, kCorruption, kIo.
  static Result<std::unique_ptr<Store>> Open(const std::string& root, StoreOptions options);

  const RepositoryPaths& paths() const { return paths_; }
  io::FileSystem& file_system() { return *options_.file_system; }
  io::FileSystem& sources() { return *options_.sources; }
  const StoreOptions& options() const { return options_; }

  /// Runs `body(catalog)` on the reading connection, one call at a time, over one state. Keep it
  /// short.
  template <class F>
  auto Read(F&& body) -> decltype(body(std::declval<const catalog::Catalog&>())) {
    const std::lock_guard guard(catalog_mutex_);
    DLV_ASSIGN(const auto view, catalog_->BeginRead());
    return body(static_cast<const catalog::Catalog&>(*catalog_));
  }

  /// Keeps one state of the catalog for every Read until it is dropped, which spares each of them
  /// taking the file lock. As short as Read: another process's commit waits for it, and so would
  /// this thread's own Write.
  class View {
   public:
    View(Store& store, std::unique_ptr<catalog::ReadTransaction> transaction)
        : store_(store), transaction_(std::move(transaction)) {}
    ~View() {
      const std::lock_guard guard(store_.catalog_mutex_);
      transaction_.reset();
    }
    View(const View&) = delete;
    View& operator=(const View&) = delete;

   private:
    Store& store_;
    std::unique_ptr<catalog::ReadTransaction> transaction_;
  };
  Result<std::unique_ptr<View>> HoldView();

  /// Changes the repository: takes the lock, runs `body`, appends `Change::log` to the operation
  /// log and syncs it, commits the transaction. Nothing happens where `body` fails.
  /// Errors: kInvalidArgument (opened read-only), kConflict (lock), kIo, kCorruption, those of
  /// `body`.
  Status Write(std::string_view command, const std::function<Status(Change&)>& body);

  /// Returns a pack open for reading, from packs/ or the trash.
  Result<std::unique_ptr<io::ReadableFile>> OpenPack(const std::string& name);
  Result<std::shared_ptr<const archive::SectionReader>> OpenSection(catalog::Row section);
  Result<std::shared_ptr<const archive::SectionReader>> OpenSection(const std::string& pack,
                                                                    std::uint64_t offset) {
    return sections_.Get(pack, offset);
  }
  /// Forgets open packs and where tensors are, so that removed packs are closed.
  void ForgetPacks() {
    sections_.Clear();
    tensors_->ForgetHandles();
  }

  archive::ObjectLocator& locator() { return locator_; }
  /// What is known of tensors that stand in strips.
  SmallTensors& small_tensors() { return small_tensors_; }
  archive::TensorReader& tensors() { return *tensors_; }
  archive::BlobReader& blobs() { return blobs_; }
  bool read_only() const { return options_.read_only; }

 private:
  Store(RepositoryPaths paths, StoreOptions options);
  Status ReopenReader();

  RepositoryPaths paths_;
  StoreOptions options_;
  std::mutex catalog_mutex_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::mutex write_mutex_;
  archive::SectionCache sections_;
  SmallTensors small_tensors_;
  CatalogLocator locator_;
  std::unique_ptr<archive::TensorReader> tensors_;
  archive::BlobReader blobs_;
};

/// Name under which the catalog keeps the sequence number of the last log record that it contains.
inline constexpr std::string_view kLogSequenceKey = "log_sequence";
/// Command of a switch record that takes back the records whose sequence numbers it lists: they
/// were synced, but their transaction never was. One that lists none marks a log that was made anew
/// (storage/store/log_of_catalog.h).
inline constexpr std::string_view kVoidCommand = "void";
/// What to do about a damaged operation log.
inline constexpr std::string_view kRepairHint =
    "make it anew from the catalog with: dlv fsck --repair";

std::int64_t Now();
/// Who works here: DLV_AUTHOR, else the login name; empty where neither is known.
std::string DefaultAuthor();
/// Returns `bytes` random bytes as lower-case hexadecimal digits.
std::string RandomHex(unsigned bytes);

}  // namespace dlv::store
