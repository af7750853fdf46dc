#include "storage/store/status.h"

#include <algorithm>
#include <set>

#include "storage/interchange/file_format.h"
#include "storage/io/hash.h"
#include "storage/store/staging.h"

namespace dlv::store {
namespace {

constexpr std::size_t kMaxEntries = 20'000;  // of the work tree that are looked at
constexpr unsigned kMaxFolderDepth = 16;
constexpr std::uint64_t kHashBudget = 64u << 20;  // to tell a copy from a new file of one size
constexpr std::size_t kHeadBytes = 64;

class Walker {
 public:
  Walker(Store& store, StatusReport& report) : store_(store), report_(report) {}

  Status Run() {
    DLV_ASSIGN(const auto staged, StagedSources(store_));
    staged_.insert(staged.begin(), staged.end());
    Walk("", 0);
    if (entries_ > kMaxEntries) {
      report_.notes.push_back("the folder has more than " + std::to_string(kMaxEntries) +
                              " entries: not all were looked at");
    }
    if (not_compared_ != 0) {
      report_.notes.push_back(std::to_string(not_compared_) +
                              " large files have the size of committed ones and were not compared");
    }
    return Ok();
  }

 private:
  void Walk(const std::string& folder, unsigned depth) {
    const std::string& root = store_.paths().root;
    const auto names = store_.sources().List(folder.empty() ? root : root + "/" + folder);
    if (!names.ok()) return;  // not ours to complain about
    for (const std::string& name : *names) {
      if (++entries_ > kMaxEntries) return;
      if (name.starts_with('.')) continue;
      const std::string relative = folder.empty() ? name : folder + "/" + name;
      const auto stat = store_.sources().Stat(root + "/" + relative);
      if (!stat.ok()) continue;
      if (stat->is_directory && depth < kMaxFolderDepth) Walk(relative, depth + 1);
      if (stat->is_regular && IsUntracked(relative, stat->size_bytes)) {
        report_.untracked.push_back(relative);
      }
    }
  }

  bool IsUntracked(const std::string& relative, std::uint64_t size) {
    const std::string path = store_.paths().root + "/" + relative;
    if (staged_.contains(path)) return false;
    const auto file = store_.sources().OpenForReading(path);
    if (!file.ok()) return false;
    std::vector<std::byte> head(
        static_cast<std::size_t>(std::min<std::uint64_t>(size, kHeadBytes)));
    if (!(*file)->ReadAt(0, head).ok() || !interchange::LooksLikeCheckpoint(relative, head)) {
      return false;
    }
    const auto same_size =
        store_.Read([&](const catalog::Catalog& catalog) { return catalog.HasFileOfSize(size); });
    if (!same_size.ok() || !*same_size) return true;
    if (size > kHashBudget - hashed_) {
      ++not_compared_;
      return false;
    }
    hashed_ += size;
    return !IsCommitted(**file, size);
  }

  bool IsCommitted(const io::ReadableFile& file, std::uint64_t size) {
    io::Sha256 hash;
    std::vector<std::byte> buffer(std::size_t{1} << 20);
    for (std::uint64_t done = 0; done < size;) {
      const auto piece = std::span(buffer).first(
          static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size - done)));
      if (!file.ReadAt(done, piece).ok()) return true;
      hash.Update(piece);
      done += piece.size();
    }
    const auto digest = hash.Finish<FileDigest>();
    const auto found =
        store_.Read([&](const catalog::Catalog& catalog) { return catalog.FindFiles(digest, 1); });
    return !found.ok() || !found->empty();
  }

  Store& store_;
  StatusReport& report_;
  std::set<std::string> staged_;
  std::size_t entries_ = 0;
  std::size_t not_compared_ = 0;
  std::uint64_t hashed_ = 0;
};

}  // namespace

Result<StatusReport> GetStatus(Store& store) {
  StatusReport report;
  DLV_ASSIGN(report.staged, ListStaged(store));
  const Status counted = store.Read([&](const catalog::Catalog& catalog) -> Status {
    DLV_ASSIGN(const auto models, catalog.ModelNames());
    report.models = models.size();
    DLV_ASSIGN(report.versions, catalog.VersionCount());
    return Ok();
  });
  DLV_TRY(counted);
  DLV_TRY(Walker(store, report).Run());
  return report;
}

}  // namespace dlv::store
