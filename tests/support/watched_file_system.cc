#include "tests/support/watched_file_system.h"

#include <algorithm>
#include <thread>

namespace dlv::testing {
namespace {

class WatchedFile : public io::ReadableFile {
 public:
  WatchedFile(std::unique_ptr<io::ReadableFile> real, WatchedFileSystem::Counts& counts)
      : real_(std::move(real)), counts_(counts) {}
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    counts_.bytes += out.size();
    counts_.reads += 1;
    counts_.bucket.Take(out.size());
    return real_->ReadAt(offset, out);
  }
  Result<io::FileStat> Stat() const override { return real_->Stat(); }
  const std::string& path() const override { return real_->path(); }

 private:
  std::unique_ptr<io::ReadableFile> real_;
  WatchedFileSystem::Counts& counts_;
};

}  // namespace

void TokenBucket::SetRate(double bytes_per_second) {
  const std::lock_guard guard(mutex_);
  rate_ = bytes_per_second;
  free_at_ = Clock::now();
}

void TokenBucket::Take(std::uint64_t bytes) {
  Clock::time_point ready;
  {
    const std::lock_guard guard(mutex_);
    if (rate_ <= 0) return;
    const std::chrono::duration<double> time(static_cast<double>(bytes) / rate_);
    free_at_ = std::max(free_at_, Clock::now()) + std::chrono::duration_cast<Clock::duration>(time);
    ready = free_at_;
  }
  std::this_thread::sleep_until(ready);
}

void WatchedFileSystem::Reset() {
  counts_.bytes = 0;
  counts_.reads = 0;
}

Result<std::unique_ptr<io::ReadableFile>> WatchedFileSystem::OpenForReading(
    const std::string& path) {
  DLV_ASSIGN(auto file, real_.OpenForReading(path));
  if (!path.ends_with(".pack")) return file;
  return std::unique_ptr<io::ReadableFile>(std::make_unique<WatchedFile>(std::move(file), counts_));
}

}  // namespace dlv::testing
