#include "storage/store/file_output.h"

#include <algorithm>
#include <vector>

#include "storage/io/background_sha256.h"
#include "storage/io/hash.h"

namespace dlv::store {
namespace {

/// Passes on, counts, and stops on request.
class CountingSink : public io::ByteSink {
 public:
  CountingSink(io::ByteSink& next, const CancellationToken* cancel,
               const std::function<void(std::uint64_t)>& on_progress)
      : next_(next), cancel_(cancel), on_progress_(on_progress) {}
  Status Write(std::span<const std::byte> bytes) override {
    if (cancel_ != nullptr && cancel_->cancelled()) return Error{ErrorCode::kCancelled, "stopped"};
    size_ += bytes.size();
    if (on_progress_) on_progress_(bytes.size());
    return next_.Write(bytes);
  }
  std::uint64_t size() const { return size_; }

 private:
  io::ByteSink& next_;
  const CancellationToken* cancel_;
  const std::function<void(std::uint64_t)>& on_progress_;
  std::uint64_t size_ = 0;
};

class HashingSink : public io::ByteSink {
 public:
  explicit HashingSink(io::ByteSink& next) : next_(next) {}
  Status Write(std::span<const std::byte> bytes) override {
    hash_.Update(bytes);
    return next_.Write(bytes);
  }
  FileDigest Finish() { return hash_.Finish<FileDigest>(); }

 private:
  io::ByteSink& next_;
  io::BackgroundSha256 hash_;
};

}  // namespace

Result<bool> IsThereAlready(const io::OutputFolder& folder, const std::string& path,
                            std::uint64_t size_bytes, const FileDigest& sha256) {
  DLV_ASSIGN(const auto stat, folder.Look(path));
  if (!stat || !stat->is_regular || stat->size_bytes != size_bytes) return false;
  DLV_ASSIGN(const auto file, folder.OpenForReading(path));
  io::Sha256 hash;
  std::vector<std::byte> buffer(std::size_t{1} << 20);
  for (std::uint64_t done = 0; done < size_bytes;) {
    const auto piece = std::span(buffer).first(
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size_bytes - done)));
    DLV_TRY(file->ReadAt(done, piece));
    hash.Update(piece);
    done += piece.size();
  }
  return hash.Finish<FileDigest>() == sha256;
}

Status CheckFree(const io::OutputFolder& folder, const std::string& shown, const std::string& path,
                 bool overwrite) {
  DLV_ASSIGN(const auto stat, folder.Look(path));
  if (!stat) return Ok();
  if (!stat->is_regular) {
    return Error{ErrorCode::kConflict, shown + ": is there, and is no regular file",
                 "remove it, or choose another output folder"};
  }
  if (overwrite) return Ok();
  return Error{ErrorCode::kConflict, shown + ": is there already, and differs",
               "replace it with --force, or choose another output folder"};
}

Result<CheckedOutFile> WriteOutput(const io::OutputFolder& folder, const std::string& path,
                                   std::uint32_t mode, const FileDigest* want,
                                   const CancellationToken* cancel,
                                   const std::function<void(std::uint64_t bytes)>& on_progress,
                                   const std::function<Status(io::ByteSink& sink)>& write) {
  DLV_ASSIGN(const auto file, folder.Create(path));
  HashingSink hashing(*file);
  CountingSink sink(hashing, cancel, on_progress);
  DLV_TRY(write(sink));
  CheckedOutFile out;
  out.path = path;
  out.size_bytes = sink.size();
  out.sha256 = hashing.Finish();
  if (want != nullptr && out.sha256 != *want) {
    return Error{
        ErrorCode::kCorruption,
        path + ": has SHA-256 " + out.sha256.Hex(16) + "..., want " + want->Hex(16) + "...",
        "see what is damaged with: dlv fsck --full"};
  }
  out.identical = want != nullptr;
  DLV_TRY(file->Commit(mode));
  return out;
}

Result<CheckedOutFile> WriteProvedOutput(
    const io::OutputFolder& folder, const std::string& path, std::uint32_t mode,
    const ExpectedFile& known, const CancellationToken* cancel,
    const std::function<void(std::uint64_t bytes)>& on_progress,
    const std::function<Status(io::ByteSink& sink)>& write) {
  DLV_ASSIGN(const auto file, folder.Create(path));
  CountingSink sink(*file, cancel, on_progress);
  DLV_TRY(write(sink));
  if (sink.size() != known.size_bytes) {
    return Error{ErrorCode::kCorruption,
                 path + ": has " + std::to_string(sink.size()) + " bytes, want " +
                     std::to_string(known.size_bytes),
                 "see what is damaged with: dlv fsck --full"};
  }
  CheckedOutFile out;
  out.path = path;
  out.size_bytes = sink.size();
  out.sha256 = known.sha256;
  out.identical = true;
  DLV_TRY(file->Commit(mode));
  return out;
}

}  // namespace dlv::store
