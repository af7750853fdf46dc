#pragma once
/// \file
/// The data behind FaultyFileSystem: files with what is durable and what is not yet, names with the
/// same, byte-range locks.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace dlv::testing {

/// splitmix64: the same choices for the same seed on every machine.
class SeededChoices {
 public:
  explicit SeededChoices(std::uint64_t seed) : seed_(seed), state_(seed) {}
  std::uint64_t Next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  bool loses_all() const { return seed_ == 0; }
  bool keeps_all() const { return seed_ == 1; }

 private:
  std::uint64_t seed_;
  std::uint64_t state_;
};

/// A file's bytes.
class MemoryFile {
 public:
  explicit MemoryFile(std::uint64_t number, std::uint32_t mode = 0644)
      : number_(number), mode_(mode) {}

  const std::vector<std::byte>& bytes() const { return current_; }
  void Write(std::uint64_t offset, std::span<const std::byte> bytes);
  void Resize(std::uint64_t size_bytes);
  void Sync();
  /// Power loss: what was not synced is lost, torn or kept.
  void DropUnsynced(SeededChoices& choices);
  /// Replaces current and durable content.
  void Set(std::vector<std::byte> bytes);

  std::uint64_t number() const { return number_; }
  std::uint32_t mode() const { return mode_; }
  std::uint64_t changes() const { return changes_; }
  std::int64_t modified_ns() const { return modified_ns_; }

 private:
  struct Change {
    bool is_resize;
    std::uint64_t offset;  ///< or the new size
    std::vector<std::byte> bytes;
  };
  static void Apply(std::vector<std::byte>& content, const Change& change, SeededChoices* torn);
  void Touch();

  std::uint64_t number_;
  std::uint32_t mode_;
  std::uint64_t changes_ = 0;
  std::int64_t modified_ns_ = 0;
  std::vector<std::byte> current_;
  std::vector<std::byte> durable_;
  std::vector<Change> pending_;
};

using FilePointer = std::shared_ptr<MemoryFile>;

/// Names, as they are and as they would be after a loss of power. A folder is a name without a
/// file.
class MemoryNames {
 public:
  MemoryNames();

  const std::map<std::string, FilePointer>& current() const { return current_; }
  /// Returns the entry, or null. A folder is an entry that holds a null FilePointer.
  const FilePointer* Find(const std::string& path) const;
  bool IsFolder(const std::string& path) const;
  bool IsEmptyFolder(const std::string& path) const;

  void Link(const std::string& path, FilePointer file);
  void Unlink(const std::string& path);
  void Rename(const std::string& from, const std::string& to);
  /// Makes the names in this folder durable.
  void SyncFolder(const std::string& folder);
  void SyncAll();
  void DropUnsynced(SeededChoices& choices);
  /// A copy with files of its own.
  MemoryNames Clone() const;

 private:
  struct Change {
    enum class Kind : std::uint8_t { kLink, kUnlink, kRename } kind;
    std::string path;  ///< for a rename: the target
    std::string from;
    FilePointer file;
  };
  static void Apply(std::map<std::string, FilePointer>& names, const Change& change);
  void RemoveOrphans();

  std::map<std::string, FilePointer> current_;
  std::map<std::string, FilePointer> durable_;
  std::vector<Change> pending_;
};

std::string FolderOf(const std::string& path);

/// Byte-range locks of one file.
class RangeLocks {
 public:
  bool TryLock(const void* owner, std::uint64_t offset, std::uint64_t length, bool exclusive);
  void Unlock(const void* owner, std::uint64_t offset, std::uint64_t length);
  bool IsHeldByOther(const void* owner, std::uint64_t offset, std::uint64_t length) const;

 private:
  struct Range {
    const void* owner;
    std::uint64_t begin;
    std::uint64_t end;
    bool exclusive;
  };
  std::vector<Range> ranges_;
};

}  // namespace dlv::testing
