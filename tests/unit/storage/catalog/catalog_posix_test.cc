// The catalog on real files: several connections at once, read-only media, size and speed with many
// versions.

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "storage/catalog/vfs_lock.h"
#include "tests/unit/storage/catalog/catalog_fixture.h"

namespace dlv::catalog {
namespace {

using Clock = std::chrono::steady_clock;

double MillisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Set in the environment to measure at the full size.
std::uint64_t EnvironmentNumber(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class CatalogPosix : public CatalogTest {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("dlv-catalog-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
    path_ = folder_ / "catalog.db";
    catalog_ = Must(Catalog::Create(io::PosixFileSystem(), path_));
  }
  void TearDown() override {
    catalog_ = nullptr;
    std::filesystem::permissions(folder_, std::filesystem::perms::owner_all);
    std::filesystem::remove_all(folder_);
  }
  std::unique_ptr<Catalog> Open(OpenMode mode) const {
    return Must(Catalog::Open(io::PosixFileSystem(), path_, mode));
  }

  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(CatalogPosix, ReadersSeeNoErrorAndNoHalfCommitWhileWritersWork) {
  CommitVersion("m", 1, 50);
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> reads{0};
  std::atomic<std::uint64_t> commits{0};
  std::atomic<int> slowest_ms{0};
  const auto read = [&] {
    while (!stop) {
      const auto start = Clock::now();
      const auto catalog = Open(OpenMode::kRead);
      const auto view = Must(catalog->BeginRead());
      const auto versions = Must(catalog->ListVersions());
      const auto counts = Must(catalog->DumpCounts());
      EXPECT_EQ(counts.at("snapshot"), versions.size());
      EXPECT_EQ(counts.at("object_id"), versions.size() * 52);
      const int took = static_cast<int>(MillisecondsSince(start));
      for (int seen = slowest_ms; took > seen && !slowest_ms.compare_exchange_weak(seen, took);) {
      }
      ++reads;
    }
  };
  const auto write = [&](std::uint64_t first) {
    const auto catalog = Open(OpenMode::kReadWrite);
    for (std::uint64_t seed = first; !stop; ++seed) {
      const auto transaction = Must(catalog->Begin());
      AddVersion(*transaction, "m", seed, 50);
      Must(transaction->Commit());
      ++commits;
    }
  };
  std::vector<std::thread> threads;
  threads.emplace_back(read);
  threads.emplace_back(read);
  threads.emplace_back(write, 1'000);
  threads.emplace_back(write, 2'000'000);
  std::this_thread::sleep_for(
      std::chrono::milliseconds(EnvironmentNumber("DLV_READER_LOOP_MS", 1500)));
  stop = true;
  for (std::thread& thread : threads) thread.join();
  std::printf("%llu reads, slowest %d ms, beside %llu commits\n",
              static_cast<unsigned long long>(reads.load()), slowest_ms.load(),
              static_cast<unsigned long long>(commits.load()));
  EXPECT_GT(reads, 20u);
  EXPECT_GT(commits, 20u);
  EXPECT_TRUE(Must(catalog_->CheckIntegrity()).empty());
}

TEST_F(CatalogPosix, ProcessKilledInATransactionLeavesTheOldState) {
  CommitVersion("m", 1, 5);
  for (std::uint64_t round = 0; round < 10; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      const auto catalog = Open(OpenMode::kReadWrite);
      for (std::uint64_t seed = 100 * (round + 1);; ++seed) {
        const auto transaction = Must(catalog->Begin());
        AddVersion(*transaction, "m", seed, 200);
        Must(transaction->Commit());
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(15 + 7 * round));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const auto catalog = Open(OpenMode::kRead);
    ASSERT_EQ(Must(catalog->CheckIntegrity()), std::vector<std::string>{}) << round;
    ASSERT_EQ(Must(catalog->DumpCounts()).at("object_id"),
              (Must(catalog->VersionCount()) - 1) * 202 + 7);
  }
}

TEST_F(CatalogPosix, OpeningWaitsForACommitAsLongAsItIsTold) {
  CommitVersion("m", 1, 5);
  catalog_ = nullptr;
  auto file = Must(io::PosixFileSystem().OpenLock(path_));
  DatabaseLock writing(std::move(file));
  ASSERT_TRUE(Must(writing.RaiseToExclusive()));
  for (const OpenMode mode : {OpenMode::kRead, OpenMode::kReadWrite}) {
    const auto begin = std::chrono::steady_clock::now();
    const auto opened = Catalog::Open(io::PosixFileSystem(), path_, mode, 50);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, ErrorCode::kConflict);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  }
}

TEST_F(CatalogPosix, ReadOnlyFilesCanBeRead) {
  CommitVersion("m", 1, 5);
  catalog_ = nullptr;
  std::filesystem::permissions(path_, std::filesystem::perms::owner_read);
  std::filesystem::permissions(
      folder_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  const pid_t child = fork();
  if (child == 0) {
    // Root may write anything: become somebody who may not. The folder lies below /tmp, which
    // anybody may search.
    chmod(path_.c_str(), 0444);
    chmod(folder_.c_str(), 0555);
    if (geteuid() == 0 && setuid(65534) != 0) _exit(2);
    const auto catalog = Catalog::Open(io::PosixFileSystem(), path_, OpenMode::kRead);
    if (!catalog.ok()) _exit(3);
    const auto count = (*catalog)->VersionCount();
    if (!count.ok() || *count != 1) _exit(4);
    const auto writer = Catalog::Open(io::PosixFileSystem(), path_, OpenMode::kReadWrite);
    if (!writer.ok()) _exit(5);
    const auto transaction = (*writer)->Begin();
    _exit(transaction.ok() || transaction.error().code != ErrorCode::kIo ? 6 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(CatalogPosix, TenThousandVersionsFitAndAreListedFast) {
  // A tenth of the law's 10,000 versions of 300 distinct tensors unless DLV_CATALOG_VERSIONS says
  // otherwise.
  const std::uint64_t versions = EnvironmentNumber("DLV_CATALOG_VERSIONS", 1000);
  const std::uint64_t empty = Must(catalog_->SizeBytes());
  for (std::uint64_t i = 1; i <= versions;) {
    const auto transaction = Must(catalog_->Begin());
    for (std::uint64_t end = i + 500; i < end && i <= versions; ++i)
      AddVersion(*transaction, "model", i, 300);
    Must(transaction->Commit());
  }
  auto start = Clock::now();
  CommitVersion("model", versions + 1, 300);
  const double commit_ms = MillisecondsSince(start);
  const double per_version =
      static_cast<double>(Must(catalog_->SizeBytes()) - empty) / static_cast<double>(versions + 1);

  start = Clock::now();
  const auto fresh = Open(OpenMode::kRead);
  const double open_ms = MillisecondsSince(start);
  start = Clock::now();
  EXPECT_EQ(Must(fresh->ListVersions()).size(), versions + 1);
  const double list_ms = MillisecondsSince(start);
  start = Clock::now();
  EXPECT_EQ(Must(fresh->ListModels()).at(0).version_count, versions + 1);
  const double models_ms = MillisecondsSince(start);
  start = Clock::now();
  const VersionRow version = Must(fresh->FindVersion("model", versions / 2)).value();
  const auto snapshots = Must(fresh->Snapshots(version.row));
  const auto places = Must(fresh->GetObjects(Must(fresh->SnapshotObjects(snapshots.at(0).row))));
  EXPECT_EQ(Must(fresh->Files(version.row)).size() + Must(fresh->Metrics(version.row)).size(), 1u);
  const double describe_ms = MillisecondsSince(start);
  start = Clock::now();
  EXPECT_EQ(Must(fresh->ReferencedObjects()).size(), (versions + 1) * 301 + 1);
  const double mark_ms = MillisecondsSince(start);
  std::printf("%.0f bytes a version, %.1f MB for 10,000\n", per_version,
              per_version * 10'000 / 1e6);
  std::printf(
      "%llu versions: open %.1f ms, list %.1f, models %.1f, describe %.1f, mark %.1f, one more "
      "commit %.1f\n",
      static_cast<unsigned long long>(versions + 1), open_ms, list_ms, models_ms, describe_ms,
      mark_ms, commit_ms);
  EXPECT_EQ(places.size(), 300u);
  EXPECT_LE(per_version * 10'000, 150e6);
}

}  // namespace
}  // namespace dlv::catalog
