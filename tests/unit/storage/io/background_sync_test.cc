#include "storage/io/background_sync.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

namespace dlv::io {
namespace {

/// What happened to a file, and when its Sync may return.
struct Watched {
  std::atomic<int> syncs = 0;
  std::atomic<bool> closed = false;
  std::thread::id synced_by;
  std::promise<void> may_return;
  Status sync_gives = Ok();
};

class WatchedFile final : public WritableFile {
 public:
  WatchedFile(Watched& watched, bool waits) : watched_(watched), waits_(waits) {}
  Status Append(std::span<const std::byte>) override { return Ok(); }
  Status WriteAt(std::uint64_t, std::span<const std::byte>) override { return Ok(); }
  Status ReadAt(std::uint64_t, std::span<std::byte>) const override { return Ok(); }
  Status Truncate(std::uint64_t) override { return Ok(); }
  Status Sync() override {
    watched_.synced_by = std::this_thread::get_id();
    if (waits_) watched_.may_return.get_future().wait();
    ++watched_.syncs;
    return watched_.sync_gives;
  }
  Result<std::uint64_t> Size() const override { return 0; }
  Status Close() override {
    watched_.closed = true;
    return Ok();
  }

 private:
  Watched& watched_;
  bool waits_;
};

constexpr std::uint64_t kLarge = 1000;

TEST(BackgroundSync, SyncsSmallFilesAtOnce) {
  Watched file;
  BackgroundSync syncs(kLarge);
  ASSERT_TRUE(syncs.Finish(std::make_unique<WatchedFile>(file, false), kLarge - 1).ok());
  EXPECT_EQ(file.syncs, 1);
  EXPECT_TRUE(file.closed);
  EXPECT_EQ(file.synced_by, std::this_thread::get_id());
}

TEST(BackgroundSync, ReturnsBeforeALargeFileIsSynced) {
  Watched file;
  BackgroundSync syncs(kLarge);
  ASSERT_TRUE(syncs.Finish(std::make_unique<WatchedFile>(file, true), kLarge).ok());
  EXPECT_EQ(file.syncs, 0);
  file.may_return.set_value();
  ASSERT_TRUE(syncs.Wait().ok());
  EXPECT_EQ(file.syncs, 1);
  EXPECT_TRUE(file.closed);
  EXPECT_NE(file.synced_by, std::this_thread::get_id());
}

TEST(BackgroundSync, WaitsForTheFileBefore) {
  Watched first, second;
  BackgroundSync syncs(kLarge);
  ASSERT_TRUE(syncs.Finish(std::make_unique<WatchedFile>(first, true), kLarge).ok());
  std::thread disk([&] { first.may_return.set_value(); });
  ASSERT_TRUE(syncs.Finish(std::make_unique<WatchedFile>(second, false), kLarge).ok());
  EXPECT_TRUE(first.closed);
  disk.join();
}

TEST(BackgroundSync, AnErrorStays) {
  for (const std::uint64_t size : {kLarge - 1, kLarge}) {
    Watched bad, good;
    bad.sync_gives = Error{ErrorCode::kIo, "the disk is gone"};
    BackgroundSync syncs(kLarge);
    (void)syncs.Finish(std::make_unique<WatchedFile>(bad, false), size);
    const Status status = syncs.Wait();
    ASSERT_FALSE(status.ok()) << size;
    EXPECT_EQ(status.error().message, "the disk is gone");
    EXPECT_FALSE(syncs.Finish(std::make_unique<WatchedFile>(good, false), size).ok());
    EXPECT_EQ(good.syncs, 0);
    EXPECT_FALSE(syncs.Wait().ok());
  }
}

TEST(BackgroundSync, TheDestructorWaits) {
  Watched file;
  {
    BackgroundSync syncs(kLarge);
    ASSERT_TRUE(syncs.Finish(std::make_unique<WatchedFile>(file, false), kLarge).ok());
  }
  EXPECT_TRUE(file.closed);
}

}  // namespace
}  // namespace dlv::io
