#include "tests/support/faulty_file_system.h"

#include <algorithm>
#include <cstring>

#include "tests/support/memory_disk.h"

namespace dlv::testing {
namespace {

constexpr std::uint64_t kNearlyUnlimited = std::uint64_t{1} << 50;

std::string Normal(const std::string& path) {
  std::string normal;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    const std::string part = path.substr(at, slash - at);
    if (!part.empty() && part != ".") {
      if (!normal.empty() || path[0] == '/') normal += '/';
      normal += part;
    }
    at = slash + 1;
  }
  if (normal.empty()) return path.starts_with('/') ? "/" : ".";
  return normal;
}

Error NotFound(const std::string& path) {
  return Error{ErrorCode::kNotFound, path + ": no such file or directory"};
}

io::FileStat StatOf(const MemoryFile& file) {
  io::FileStat stat;
  stat.size_bytes = file.bytes().size();
  stat.mode = file.mode();
  stat.is_regular = true;
  stat.modified_ns = file.modified_ns();
  stat.change_key = std::to_string(file.number()) + "-" + std::to_string(file.changes());
  return stat;
}

Status ReadFrom(const MemoryFile& file, const std::string& path, std::uint64_t offset,
                std::span<std::byte> out) {
  const std::vector<std::byte>& bytes = file.bytes();
  if (offset > bytes.size() || out.size() > bytes.size() - offset) {
    return Error{ErrorCode::kCorruption, path + ": ends at byte " + std::to_string(bytes.size()) +
                                             ", want " + std::to_string(offset + out.size())};
  }
  if (!out.empty()) std::memcpy(out.data(), bytes.data() + offset, out.size());
  return Ok();
}

}  // namespace

struct FaultyFileSystem::State {
  MemoryNames names;
};

/// What the file system and its open handles share; handles may outlive the file system.
struct FaultyFileSystem::Shared {
  enum class Verdict : std::uint8_t {
    kGo,
    kFail,      ///< return Injected() without effect
    kCutShort,  ///< take effect (not durably), then return Injected()
  };

  mutable std::mutex mutex;
  MemoryNames names;
  std::map<const MemoryFile*, RangeLocks> locks;
  FaultPlan plan;
  std::uint64_t operations = 0;
  bool reached = false;
  bool dead = false;        ///< everything fails from now on
  std::uint64_t epoch = 0;  ///< handles of earlier epochs are dead
  std::uint64_t next_file = 1;

  Verdict Count(bool changes) {
    if (dead) return Verdict::kFail;
    if (!changes && !plan.count_reads) return Verdict::kGo;
    ++operations;
    const bool numbered = plan.kind != FaultKind::kNone && plan.kind != FaultKind::kDiskFull;
    if (!numbered || operations != plan.at_operation) return Verdict::kGo;
    reached = true;
    dead = plan.kind != FaultKind::kFail;
    return plan.kind == FaultKind::kPowerCut && changes ? Verdict::kCutShort : Verdict::kFail;
  }

  Error Injected(const std::string& path) const {
    return Error{ErrorCode::kIo,
                 path + ": injected fault at operation " + std::to_string(operations)};
  }

  std::uint64_t UsedBytes() const {
    std::uint64_t used = 0;
    for (const auto& [path, file] : names.current())
      used += file == nullptr ? 0 : file->bytes().size();
    return used;
  }

  Status CheckSpace(const MemoryFile& file, const std::string& path, std::uint64_t new_size) {
    if (plan.kind != FaultKind::kDiskFull || new_size <= file.bytes().size()) return Ok();
    if (UsedBytes() + (new_size - file.bytes().size()) <= plan.disk_bytes) return Ok();
    reached = true;
    return Error{ErrorCode::kIo, "no space left on device, at write " + path};
  }

  /// Old handles, locks and the plan are gone.
  void Restart() {
    ++epoch;
    locks.clear();
    plan = {};
    operations = 0;
    reached = false;
    dead = false;
  }
};

class FaultyFileSystem::Readable final : public io::ReadableFile {
 public:
  Readable(std::shared_ptr<Shared> shared, FilePointer file, std::string path)
      : shared_(std::move(shared)),
        file_(std::move(file)),
        path_(std::move(path)),
        epoch_(shared_->epoch) {}
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    const std::lock_guard lock(shared_->mutex);
    if (Refused()) return shared_->Injected(path_);
    return ReadFrom(*file_, path_, offset, out);
  }
  Result<io::FileStat> Stat() const override {
    const std::lock_guard lock(shared_->mutex);
    if (Refused()) return shared_->Injected(path_);
    return StatOf(*file_);
  }
  const std::string& path() const override { return path_; }

 private:
  bool Refused() const {
    return epoch_ != shared_->epoch || shared_->Count(false) != Shared::Verdict::kGo;
  }
  std::shared_ptr<Shared> shared_;
  FilePointer file_;
  std::string path_;
  std::uint64_t epoch_;
};

class FaultyFileSystem::Writable final : public io::WritableFile {
 public:
  Writable(std::shared_ptr<Shared> shared, FilePointer file, std::string path)
      : shared_(std::move(shared)),
        file_(std::move(file)),
        path_(std::move(path)),
        epoch_(shared_->epoch) {}

  Status Append(std::span<const std::byte> bytes) override {
    const std::lock_guard lock(shared_->mutex);
    return WriteLocked(file_->bytes().size(), bytes);
  }
  Status WriteAt(std::uint64_t offset, std::span<const std::byte> bytes) override {
    const std::lock_guard lock(shared_->mutex);
    return WriteLocked(offset, bytes);
  }
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    const std::lock_guard lock(shared_->mutex);
    if (Count(false) != Shared::Verdict::kGo) return shared_->Injected(path_);
    return ReadFrom(*file_, path_, offset, out);
  }
  Status Truncate(std::uint64_t size_bytes) override {
    const std::lock_guard lock(shared_->mutex);
    const Shared::Verdict verdict = Count(true);
    if (verdict == Shared::Verdict::kFail) return shared_->Injected(path_);
    DLV_TRY(shared_->CheckSpace(*file_, path_, size_bytes));
    file_->Resize(size_bytes);
    return verdict == Shared::Verdict::kGo ? Ok() : Status(shared_->Injected(path_));
  }
  Status Sync() override {
    const std::lock_guard lock(shared_->mutex);
    if (Count(true) != Shared::Verdict::kGo) return shared_->Injected(path_);
    file_->Sync();
    return Ok();
  }
  Result<std::uint64_t> Size() const override {
    const std::lock_guard lock(shared_->mutex);
    if (Count(false) != Shared::Verdict::kGo) return shared_->Injected(path_);
    return std::uint64_t{file_->bytes().size()};
  }
  Status Close() override {
    closed_ = true;
    return Ok();
  }

 private:
  Shared::Verdict Count(bool changes) const {
    if (closed_ || epoch_ != shared_->epoch) return Shared::Verdict::kFail;
    return shared_->Count(changes);
  }
  Status WriteLocked(std::uint64_t offset, std::span<const std::byte> bytes) {
    const Shared::Verdict verdict = Count(true);
    if (verdict == Shared::Verdict::kFail) return shared_->Injected(path_);
    DLV_TRY(shared_->CheckSpace(*file_, path_, offset + bytes.size()));
    file_->Write(offset, bytes);
    return verdict == Shared::Verdict::kGo ? Ok() : Status(shared_->Injected(path_));
  }

  std::shared_ptr<Shared> shared_;
  FilePointer file_;
  std::string path_;
  std::uint64_t epoch_;
  bool closed_ = false;
};

class FaultyFileSystem::Lock final : public io::FileLock {
 public:
  Lock(std::shared_ptr<Shared> shared, FilePointer file, std::string path)
      : shared_(std::move(shared)),
        file_(std::move(file)),
        path_(std::move(path)),
        epoch_(shared_->epoch) {}
  ~Lock() override {
    const std::lock_guard lock(shared_->mutex);
    if (epoch_ == shared_->epoch) shared_->locks[file_.get()].Unlock(this, 0, 0);
  }
  Result<bool> TryLock(std::uint64_t offset, std::uint64_t length, bool exclusive) override {
    const std::lock_guard lock(shared_->mutex);
    if (Refused()) return shared_->Injected(path_);
    return shared_->locks[file_.get()].TryLock(this, offset, length, exclusive);
  }
  Status Unlock(std::uint64_t offset, std::uint64_t length) override {
    const std::lock_guard lock(shared_->mutex);
    if (epoch_ == shared_->epoch) shared_->locks[file_.get()].Unlock(this, offset, length);
    return Ok();
  }
  Result<bool> IsHeldByOther(std::uint64_t offset, std::uint64_t length) override {
    const std::lock_guard lock(shared_->mutex);
    if (Refused()) return shared_->Injected(path_);
    return shared_->locks[file_.get()].IsHeldByOther(this, offset, length);
  }
  Result<bool> IsStillNamed() override {
    const std::lock_guard lock(shared_->mutex);
    if (Refused()) return shared_->Injected(path_);
    const FilePointer* const named = shared_->names.Find(path_);
    return named != nullptr && *named == file_;
  }

 private:
  bool Refused() const {
    return epoch_ != shared_->epoch || shared_->Count(false) != Shared::Verdict::kGo;
  }
  std::shared_ptr<Shared> shared_;
  FilePointer file_;
  std::string path_;
  std::uint64_t epoch_;
};

FaultyFileSystem::FaultyFileSystem() : shared_(std::make_shared<Shared>()) {}
FaultyFileSystem::~FaultyFileSystem() = default;

Result<std::unique_ptr<io::ReadableFile>> FaultyFileSystem::OpenForReading(const std::string& raw) {
  const std::string path = Normal(raw);
  const std::lock_guard lock(shared_->mutex);
  if (shared_->Count(false) != Shared::Verdict::kGo) return shared_->Injected(path);
  const FilePointer* const file = shared_->names.Find(path);
  if (file == nullptr) return NotFound(path);
  if (*file == nullptr) return Error{ErrorCode::kIo, path + ": is a directory"};
  return std::unique_ptr<io::ReadableFile>(std::make_unique<Readable>(shared_, *file, path));
}

Result<std::unique_ptr<io::WritableFile>> FaultyFileSystem::OpenForWriting(const std::string& raw,
                                                                           io::WriteMode mode) {
  const std::string path = Normal(raw);
  const std::lock_guard lock(shared_->mutex);
  const FilePointer* const found = shared_->names.Find(path);
  const bool changes = found == nullptr || mode == io::WriteMode::kReplace;
  const Shared::Verdict verdict = shared_->Count(changes);
  if (verdict == Shared::Verdict::kFail) return shared_->Injected(path);
  if (found != nullptr && *found == nullptr)
    return Error{ErrorCode::kIo, path + ": is a directory"};
  if (found != nullptr && (mode == io::WriteMode::kCreateNew || mode == io::WriteMode::kPrivate)) {
    return Error{ErrorCode::kConflict, path + ": exists already"};
  }
  const std::string folder = FolderOf(path);
  if (folder != "." && !shared_->names.IsFolder(folder)) return NotFound(path);
  FilePointer file = found == nullptr ? nullptr : *found;
  if (file == nullptr) {
    const bool is_private = mode == io::WriteMode::kPrivate;
    file = std::make_shared<MemoryFile>(shared_->next_file++, is_private ? 0600 : 0644);
    shared_->names.Link(path, file);
  } else if (mode == io::WriteMode::kReplace) {
    file->Resize(0);
  }
  if (verdict == Shared::Verdict::kCutShort) return shared_->Injected(path);
  return std::unique_ptr<io::WritableFile>(
      std::make_unique<Writable>(shared_, std::move(file), path));
}

Result<io::FileStat> FaultyFileSystem::Stat(const std::string& raw) {
  const std::string path = Normal(raw);
  const std::lock_guard lock(shared_->mutex);
  if (shared_->Count(false) != Shared::Verdict::kGo) return shared_->Injected(path);
  const FilePointer* const file = shared_->names.Find(path);
  if (file == nullptr) return NotFound(path);
  if (*file != nullptr) return StatOf(**file);
  io::FileStat stat;
  stat.mode = 0755;
  stat.is_directory = true;
  stat.change_key = "folder";
  return stat;
}

Result<std::vector<std::string>> FaultyFileSystem::List(const std::string& raw) {
  const std::string path = Normal(raw);
  const std::lock_guard lock(shared_->mutex);
  if (shared_->Count(false) != Shared::Verdict::kGo) return shared_->Injected(path);
  if (!shared_->names.IsFolder(path)) return NotFound(path);
  const std::string prefix = path == "/" ? path : path + "/";
  std::vector<std::string> names;
  for (const auto& [name, file] : shared_->names.current()) {
    if (name.size() > prefix.size() && name.starts_with(prefix) &&
        name.find('/', prefix.size()) == std::string::npos) {
      names.push_back(name.substr(prefix.size()));
    }
  }
  return names;
}

Status FaultyFileSystem::MakeDirectory(const std::string& raw) {
  const std::string path = Normal(raw);
  const std::lock_guard lock(shared_->mutex);
  if (shared_->names.IsFolder(path)) return Ok();
  const Shared::Verdict verdict = shared_->Count(true);
  if (verdict == Shared::Verdict::kFail) return shared_->Injected(path);
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string part = path.substr(0, slash);
    const FilePointer* const found = shared_->names.Find(part);
    if (found != nullptr && *found != nullptr)
      return Error{ErrorCode::kConflict, part + ": exists already"};
    if (found == nullptr) shared_->names.Link(part, nullptr);
    if (slash == std::string::npos) break;
  }
  return verdict == Shared::Verdict::kGo ? Ok() : Status(shared_->Injected(path));
}

Status FaultyFileSystem::Rename(const std::string& raw_from, const std::string& raw_to) {
  const std::string from = Normal(raw_from);
  const std::string to = Normal(raw_to);
  const std::lock_guard lock(shared_->mutex);
  const Shared::Verdict verdict = shared_->Count(true);
  if (verdict == Shared::Verdict::kFail) return shared_->Injected(from);
  const FilePointer* const file = shared_->names.Find(from);
  if (file == nullptr || !shared_->names.IsFolder(FolderOf(to))) return NotFound(from);
  if (*file == nullptr || shared_->names.IsFolder(to)) {
    return Error{ErrorCode::kIo, from + ": renaming folders is not modelled"};
  }
  if (from != to) shared_->names.Rename(from, to);
  return verdict == Shared::Verdict::kGo ? Ok() : Status(shared_->Injected(from));
}

Status FaultyFileSystem::Remove(const std::string& raw) {
  const std::string path = Normal(raw);
  const std::lock_guard lock(shared_->mutex);
  const Shared::Verdict verdict = shared_->Count(true);
  if (verdict == Shared::Verdict::kFail) return shared_->Injected(path);
  if (shared_->names.Find(path) == nullptr) return NotFound(path);
  if (shared_->names.IsFolder(path) && !shared_->names.IsEmptyFolder(path)) {
    return Error{ErrorCode::kIo, path + ": directory not empty"};
  }
  shared_->names.Unlink(path);
  return verdict == Shared::Verdict::kGo ? Ok() : Status(shared_->Injected(path));
}

Status FaultyFileSystem::SyncDirectory(const std::string& raw) {
  const std::string path = Normal(raw);
  const std::lock_guard lock(shared_->mutex);
  if (shared_->Count(true) != Shared::Verdict::kGo) return shared_->Injected(path);
  if (path != "." && !shared_->names.IsFolder(path)) return NotFound(path);
  shared_->names.SyncFolder(path);
  return Ok();
}

Result<std::uint64_t> FaultyFileSystem::FreeBytes(const std::string& path) {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->Count(false) != Shared::Verdict::kGo) return shared_->Injected(path);
  if (shared_->plan.kind != FaultKind::kDiskFull) return kNearlyUnlimited;
  const std::uint64_t used = shared_->UsedBytes();
  return used >= shared_->plan.disk_bytes ? 0 : shared_->plan.disk_bytes - used;
}

Result<bool> FaultyFileSystem::IsLocal(const std::string&) { return true; }

Result<std::unique_ptr<io::FileLock>> FaultyFileSystem::OpenLock(const std::string& raw) {
  const std::string path = Normal(raw);
  const std::lock_guard lock(shared_->mutex);
  if (shared_->Count(false) != Shared::Verdict::kGo) return shared_->Injected(path);
  const FilePointer* const file = shared_->names.Find(path);
  if (file == nullptr || *file == nullptr) return NotFound(path);
  return std::unique_ptr<io::FileLock>(std::make_unique<Lock>(shared_, *file, path));
}

void FaultyFileSystem::SetPlan(const FaultPlan& plan) {
  const std::lock_guard lock(shared_->mutex);
  shared_->plan = plan;
  shared_->operations = 0;
  shared_->reached = false;
  shared_->dead = false;
}

std::uint64_t FaultyFileSystem::operations() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->operations;
}

bool FaultyFileSystem::fault_reached() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->reached;
}

void FaultyFileSystem::DropUnsyncedBytes(std::uint64_t seed) {
  const std::lock_guard lock(shared_->mutex);
  SeededChoices choices(seed);
  shared_->names.DropUnsynced(choices);
  shared_->Restart();
}

void FaultyFileSystem::SyncAll() {
  const std::lock_guard lock(shared_->mutex);
  shared_->names.SyncAll();
}

std::shared_ptr<const FaultyFileSystem::State> FaultyFileSystem::Snapshot() const {
  const std::lock_guard lock(shared_->mutex);
  return std::make_shared<const State>(State{shared_->names.Clone()});
}

void FaultyFileSystem::Restore(const std::shared_ptr<const State>& snapshot) {
  const std::lock_guard lock(shared_->mutex);
  shared_->names = snapshot->names.Clone();
  shared_->Restart();
}

std::vector<std::string> FaultyFileSystem::Files() const {
  const std::lock_guard lock(shared_->mutex);
  std::vector<std::string> paths;
  for (const auto& [path, file] : shared_->names.current()) {
    if (file != nullptr) paths.push_back(path);
  }
  return paths;
}

std::uint64_t FaultyFileSystem::UsedBytes() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->UsedBytes();
}

std::vector<std::byte> FaultyFileSystem::Content(const std::string& path) const {
  const std::lock_guard lock(shared_->mutex);
  const FilePointer* const file = shared_->names.Find(Normal(path));
  return file == nullptr || *file == nullptr ? std::vector<std::byte>() : (*file)->bytes();
}

bool FaultyFileSystem::Corrupt(const std::string& path, std::uint64_t offset,
                               std::uint8_t xor_mask) {
  std::vector<std::byte> content = Content(path);
  if (offset >= content.size()) return false;
  content[offset] ^= std::byte{xor_mask};
  return Replace(path, std::move(content));
}

bool FaultyFileSystem::Truncate(const std::string& path, std::uint64_t size_bytes) {
  std::vector<std::byte> content = Content(path);
  if (size_bytes > content.size()) return false;
  content.resize(size_bytes);
  return Replace(path, std::move(content));
}

bool FaultyFileSystem::Replace(const std::string& path, std::vector<std::byte> content) {
  const std::lock_guard lock(shared_->mutex);
  const FilePointer* const file = shared_->names.Find(Normal(path));
  if (file == nullptr || *file == nullptr) return false;
  (*file)->Set(std::move(content));
  return true;
}

bool FaultyFileSystem::Delete(const std::string& path) {
  const std::lock_guard lock(shared_->mutex);
  const FilePointer* const file = shared_->names.Find(Normal(path));
  if (file == nullptr || *file == nullptr) return false;
  shared_->names.Unlink(Normal(path));
  shared_->names.SyncFolder(FolderOf(Normal(path)));
  return true;
}

}  // namespace dlv::testing
