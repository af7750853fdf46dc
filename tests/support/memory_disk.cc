#include "tests/support/memory_disk.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace dlv::testing {
namespace {

constexpr std::size_t kSector = 512;

std::uint64_t EndOf(std::uint64_t offset, std::uint64_t length) {
  constexpr std::uint64_t kForever = std::numeric_limits<std::uint64_t>::max();
  return length == 0 || length > kForever - offset ? kForever : offset + length;
}

void Put(std::vector<std::byte>& content, std::uint64_t offset, std::span<const std::byte> bytes) {
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size());
  std::copy(bytes.begin(), bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(offset));
}

}  // namespace

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// ---- MemoryFile ---------------------------------------------------------------------------------

void MemoryFile::Touch() {
  ++changes_;
  modified_ns_ = std::chrono::duration_cast<std::chrono::nanoseconds>(
                     std::chrono::system_clock::now().time_since_epoch())
                     .count();
}

void MemoryFile::Write(std::uint64_t offset, std::span<const std::byte> bytes) {
  Put(current_, offset, bytes);
  pending_.push_back({false, offset, {bytes.begin(), bytes.end()}});
  Touch();
}

void MemoryFile::Resize(std::uint64_t size_bytes) {
  current_.resize(size_bytes);
  pending_.push_back({true, size_bytes, {}});
  Touch();
}

void MemoryFile::Apply(std::vector<std::byte>& content, const Change& change, SeededChoices* torn) {
  if (change.is_resize) {
    content.resize(change.offset);
  } else if (torn == nullptr) {
    Put(content, change.offset, change.bytes);
  } else {
    // Sectors are aligned in the file; each arrives or not.
    const std::span<const std::byte> bytes(change.bytes);
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t size =
          std::min(kSector - (change.offset + at) % kSector, bytes.size() - at);
      if (torn->Next() % 2 == 0) Put(content, change.offset + at, bytes.subspan(at, size));
      at += size;
    }
  }
}

void MemoryFile::Sync() {
  for (const Change& change : pending_) Apply(durable_, change, nullptr);
  pending_.clear();
}

void MemoryFile::DropUnsynced(SeededChoices& choices) {
  for (const Change& change : pending_) {
    const std::uint64_t choice = choices.keeps_all()   ? 1
                                 : choices.loses_all() ? 0
                                                       : choices.Next() % 3;
    if (choice == 0) continue;
    Apply(durable_, change, choice == 1 ? nullptr : &choices);
  }
  pending_.clear();
  current_ = durable_;
  ++changes_;
  modified_ns_ = 0;  // long ago: whoever wrote it is not at it any more
}

void MemoryFile::Set(std::vector<std::byte> bytes) {
  current_ = bytes;
  durable_ = std::move(bytes);
  pending_.clear();
  Touch();
}

// ---- MemoryNames --------------------------------------------------------------------------------

MemoryNames::MemoryNames() : current_{{"/", nullptr}}, durable_{{"/", nullptr}} {}

const FilePointer* MemoryNames::Find(const std::string& path) const {
  const auto found = current_.find(path);
  return found == current_.end() ? nullptr : &found->second;
}

bool MemoryNames::IsFolder(const std::string& path) const {
  const FilePointer* const entry = Find(path);
  return entry != nullptr && *entry == nullptr;
}

bool MemoryNames::IsEmptyFolder(const std::string& path) const {
  const auto next = current_.lower_bound(path + "/");
  return IsFolder(path) && (next == current_.end() || !next->first.starts_with(path + "/"));
}

void MemoryNames::Apply(std::map<std::string, FilePointer>& names, const Change& change) {
  if (change.kind == Change::Kind::kUnlink) {
    names.erase(change.path);
    return;
  }
  if (change.kind == Change::Kind::kRename) names.erase(change.from);
  names[change.path] = change.file;
}

void MemoryNames::Link(const std::string& path, FilePointer file) {
  pending_.push_back({Change::Kind::kLink, path, {}, std::move(file)});
  Apply(current_, pending_.back());
}

void MemoryNames::Unlink(const std::string& path) {
  pending_.push_back({Change::Kind::kUnlink, path, {}, nullptr});
  Apply(current_, pending_.back());
}

void MemoryNames::Rename(const std::string& from, const std::string& to) {
  pending_.push_back({Change::Kind::kRename, to, from, current_.at(from)});
  Apply(current_, pending_.back());
}

void MemoryNames::SyncFolder(const std::string& folder) {
  std::vector<Change> left;
  for (Change& change : pending_) {
    if (FolderOf(change.path) != folder) {
      left.push_back(std::move(change));
      continue;
    }
    Apply(durable_, change);
    // A durable rename out of another folder settles the making of the old name there.
    if (change.kind != Change::Kind::kRename) continue;
    std::erase_if(left, [&change](const Change& other) {
      return other.kind != Change::Kind::kUnlink && other.path == change.from &&
             other.file == change.file;
    });
  }
  pending_ = std::move(left);
}

void MemoryNames::SyncAll() {
  durable_ = current_;
  pending_.clear();
  for (const auto& [path, file] : current_) {
    if (file != nullptr) file->Sync();
  }
}

void MemoryNames::RemoveOrphans() {
  for (auto entry = durable_.begin(); entry != durable_.end();) {
    const std::string folder = FolderOf(entry->first);
    const auto parent = durable_.find(folder);
    const bool orphan = entry->first != "/" && folder != "." &&
                        (parent == durable_.end() || parent->second != nullptr);
    entry = orphan ? durable_.erase(entry) : std::next(entry);
  }
}

void MemoryNames::DropUnsynced(SeededChoices& choices) {
  // Journaling file systems keep names in order, so a first part of the changes survives; others
  // promise nothing.
  const bool in_order = choices.Next() % 2 == 0;
  std::size_t kept = choices.loses_all() ? 0 : pending_.size();
  if (in_order && !choices.keeps_all() && !choices.loses_all())
    kept = choices.Next() % (pending_.size() + 1);
  for (std::size_t i = 0; i < kept; ++i) {
    if (in_order || choices.keeps_all() || choices.Next() % 2 == 0) Apply(durable_, pending_[i]);
  }
  pending_.clear();
  RemoveOrphans();
  current_ = durable_;
  std::set<MemoryFile*> done;
  for (const auto& [path, file] : current_) {
    if (file != nullptr && done.insert(file.get()).second) file->DropUnsynced(choices);
  }
}

MemoryNames MemoryNames::Clone() const {
  MemoryNames copy = *this;
  std::unordered_map<MemoryFile*, FilePointer> copies;
  const auto replace = [&copies](FilePointer& file) {
    if (file == nullptr) return;
    FilePointer& mine = copies[file.get()];
    if (mine == nullptr) mine = std::make_shared<MemoryFile>(*file);
    file = mine;
  };
  for (auto& [path, file] : copy.current_) replace(file);
  for (auto& [path, file] : copy.durable_) replace(file);
  for (Change& change : copy.pending_) replace(change.file);
  return copy;
}

// ---- RangeLocks ---------------------------------------------------------------------------------

bool RangeLocks::TryLock(const void* owner, std::uint64_t offset, std::uint64_t length,
                         bool exclusive) {
  const std::uint64_t end = EndOf(offset, length);
  for (const Range& range : ranges_) {
    const bool overlaps = range.begin < end && offset < range.end;
    if (overlaps && range.owner != owner && (exclusive || range.exclusive)) return false;
  }
  Unlock(owner, offset, length);
  ranges_.push_back({owner, offset, end, exclusive});
  return true;
}

void RangeLocks::Unlock(const void* owner, std::uint64_t offset, std::uint64_t length) {
  const std::uint64_t end = EndOf(offset, length);
  std::vector<Range> left;
  for (const Range& range : ranges_) {
    if (range.owner != owner || range.end <= offset || end <= range.begin) {
      left.push_back(range);
      continue;
    }
    if (range.begin < offset) left.push_back({owner, range.begin, offset, range.exclusive});
    if (end < range.end) left.push_back({owner, end, range.end, range.exclusive});
  }
  ranges_ = std::move(left);
}

bool RangeLocks::IsHeldByOther(const void* owner, std::uint64_t offset,
                               std::uint64_t length) const {
  const std::uint64_t end = EndOf(offset, length);
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const Range& range) {
    return range.owner != owner && range.begin < end && offset < range.end;
  });
}

}  // namespace dlv::testing
