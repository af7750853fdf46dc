#pragma once
// A file system of one file, in memory.

#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "storage/io/file_system.h"

namespace dlv::fuzz {

class OneFile : public io::FileSystem {
 public:
  OneFile(std::string path, std::span<const std::byte> bytes)
      : path_(std::move(path)), bytes_(bytes) {}
  const std::string& path() const { return path_; }

  Result<std::unique_ptr<io::ReadableFile>> OpenForReading(const std::string& path) override {
    if (path != path_) return Missing(path);
    return std::unique_ptr<io::ReadableFile>(std::make_unique<Reader>(*this));
  }
  Result<io::FileStat> Stat(const std::string& path) override {
    if (path != path_) return Missing(path);
    return StatOfFile();
  }
  Result<std::vector<std::string>> List(const std::string& path) override { return Missing(path); }

  Result<std::unique_ptr<io::WritableFile>> OpenForWriting(const std::string& path,
                                                           io::WriteMode) override {
    return ReadOnly(path);
  }
  Status MakeDirectory(const std::string& path) override { return ReadOnly(path); }
  Status Rename(const std::string& from, const std::string&) override { return ReadOnly(from); }
  Status Remove(const std::string& path) override { return ReadOnly(path); }
  Status SyncDirectory(const std::string& path) override { return ReadOnly(path); }
  Result<std::uint64_t> FreeBytes(const std::string& path) override { return ReadOnly(path); }
  Result<bool> IsLocal(const std::string&) override { return true; }

 private:
  class Reader : public io::ReadableFile {
   public:
    explicit Reader(const OneFile& files) : files_(files) {}
    Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
      if (offset > files_.bytes_.size() || out.size() > files_.bytes_.size() - offset)
        return Error{ErrorCode::kCorruption, "ends early"};
      if (!out.empty()) std::memcpy(out.data(), files_.bytes_.data() + offset, out.size());
      return Ok();
    }
    Result<io::FileStat> Stat() const override { return files_.StatOfFile(); }
    const std::string& path() const override { return files_.path_; }

   private:
    const OneFile& files_;
  };

  io::FileStat StatOfFile() const {
    io::FileStat stat;
    stat.size_bytes = bytes_.size();
    stat.is_regular = true;
    return stat;
  }
  static Error Missing(const std::string& path) {
    return Error{ErrorCode::kNotFound, path + ": not found"};
  }
  static Error ReadOnly(const std::string& path) { return Error{ErrorCode::kIo, path}; }

  std::string path_;
  std::span<const std::byte> bytes_;
};

}  // namespace dlv::fuzz
