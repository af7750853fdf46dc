#include "storage/io/repository_lock.h"

#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

#include "storage/io/lease.h"
#include "tests/support/faulty_file_system.h"
#include "tests/unit/storage/io/io_test_support.h"

namespace dlv::io {
namespace {

const LockOptions kOnce{.timeout_ms = 0, .command = "dlv test"};

class LockTest : public FolderTest {
 protected:
  FileSystem& system_ = PosixFileSystem();
  std::string path_ = "";
  void SetUp() override {
    FolderTest::SetUp();
    path_ = Path("lock");
  }
  void WriteLock(const Holder& holder) {
    const std::string text = EncodeHolder(holder);
    Must(WriteFileAtomically(system_, path_, Bytes(text)));
  }
  std::unique_ptr<RepositoryLock> Acquire(const LockOptions& options = kOnce) {
    return Must(RepositoryLock::Acquire(system_, path_, options));
  }
  Error Refused(const LockOptions& options = kOnce) {
    const auto lock = RepositoryLock::Acquire(system_, path_, options);
    EXPECT_FALSE(lock.ok());
    return lock.ok() ? Error{} : lock.error();
  }
  bool Exists() { return system_.Stat(path_).ok(); }
};

/// A holder that is nobody any more: this process's description with a change, and no token held.
Holder Gone(const std::function<void(Holder&)>& change) {
  Holder holder = MakeHolder("dlv commit");
  ForgetHolder(holder);
  holder.pid = getppid();
  holder.start = 0;
  change(holder);
  return holder;
}

TEST_F(LockTest, HolderIsNamedAndReleaseMakesRoom) {
  auto lock = Acquire({.command = "dlv commit"});
  Must(lock->CheckHeld());
  const Error error = Refused();
  EXPECT_EQ(error.code, ErrorCode::kConflict);
  EXPECT_NE(error.message.find("locked by pid " + std::to_string(getpid()) + " on "),
            std::string::npos)
      << error.message;
  EXPECT_NE(error.message.find("(dlv commit) since "), std::string::npos) << error.message;
  EXPECT_NE(error.message.find(", still alive"), std::string::npos) << error.message;
  Must(lock->Release());
  Must(lock->Release());
  EXPECT_FALSE(Exists());
  lock = Acquire();
  lock = nullptr;
  EXPECT_FALSE(Exists());
  EXPECT_EQ(Must(system_.List(folder_)), std::vector<std::string>{});
}

TEST_F(LockTest, WaiterIsToldOnceAndGetsIt) {
  auto first = Acquire();
  std::atomic<int> told{0};
  std::string message;
  std::thread other([&] {
    const auto second = Acquire(
        {.timeout_ms = 10'000, .command = "dlv gc", .on_wait = [&](const std::string& text) {
           message = text;
           ++told;
         }});
    Must(second->CheckHeld());
  });
  while (told == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  Must(first->Release());
  other.join();
  EXPECT_EQ(told, 1);
  EXPECT_NE(message.find("locked by pid"), std::string::npos);
}

TEST_F(LockTest, TimeoutIsKept) {
  const auto lock = Acquire();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(Refused({.timeout_ms = 60}).code, ErrorCode::kConflict);
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_GE(took, std::chrono::milliseconds(60));
  EXPECT_LT(took, std::chrono::milliseconds(3000));
}

TEST_F(LockTest, LockOfAKilledProcessIsBroken) {
  const pid_t child = fork();
  if (child == 0) {
    auto lock = RepositoryLock::Acquire(system_, path_, kOnce);
    if (!lock.ok()) _exit(1);
    raise(SIGKILL);
  }
  waitpid(child, nullptr, 0);
  ASSERT_TRUE(Exists());
  const auto lock = Acquire();
  Must(lock->CheckHeld());
}

TEST_F(LockTest, LockOfALivingProcessIsNotBrokenEvenByForce) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto lock = RepositoryLock::Acquire(system_, path_, kOnce);
    (void)!write(ready[1], "x", 1);
    pause();
    _exit(0);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  LockOptions forced = kOnce;
  forced.force = true;
  EXPECT_NE(Refused(forced).message.find("still alive"), std::string::npos);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(Acquire());
}

TEST_F(LockTest, OtherProcessWithTheSameNumberIsGone) {
  WriteLock(Gone([](Holder& holder) { holder.start = 1; }));  // the parent did not start at tick 1
  EXPECT_TRUE(Acquire());
  WriteLock(Gone([](Holder& holder) { holder.boot = "another boot"; }));
  EXPECT_TRUE(Acquire());
  WriteLock(Gone(
      [](Holder& holder) { holder.pid = getpid(); }));  // this process, but no lock that it holds
  EXPECT_TRUE(Acquire());
}

TEST_F(LockTest, OtherHostNeedsForce) {
  const auto elsewhere = [this](const std::function<void(Holder&)>& change) {
    WriteLock(Gone(change));
    EXPECT_NE(Refused().message.find("on another host"), std::string::npos);
    LockOptions forced = kOnce;
    forced.force = true;
    EXPECT_TRUE(Acquire(forced));
  };
  elsewhere([](Holder& holder) { holder.host = "gpu03"; });
  elsewhere([](Holder& holder) { holder.machine = "0123"; });
  elsewhere([](Holder& holder) { holder.pid_namespace = "pid:[1]"; });
}

TEST_F(LockTest, FreshEmptyLockIsWaitedForAndAnOldOneBroken) {
  Must(WriteFileAtomically(system_, path_, {}));
  EXPECT_EQ(Refused({.timeout_ms = 30}).code, ErrorCode::kConflict);
  std::filesystem::last_write_time(
      path_, std::filesystem::file_time_type::clock::now() - std::chrono::seconds(60));
  EXPECT_TRUE(Acquire());
}

TEST_F(LockTest, ForcedLockIsNoticedAndNotRemoved) {
  const auto lock = Acquire();
  const Holder other = Gone([](Holder& holder) { holder.host = "gpu03"; });
  WriteLock(other);
  EXPECT_EQ(lock->CheckHeld().error().code, ErrorCode::kConflict);
  EXPECT_EQ(lock->Release().error().code, ErrorCode::kConflict);
  EXPECT_TRUE(Exists()) << "a lock of somebody else is never removed";
}

TEST_F(LockTest, OneAtATimeAmongThreadsThatAlsoFindStaleLocks) {
  std::atomic<int> inside{0};
  std::atomic<int> rounds{0};
  const auto work = [&] {
    for (int i = 0; i < 40; ++i) {
      const auto lock = Acquire({.timeout_ms = 60'000});
      EXPECT_EQ(++inside, 1);
      ++rounds;
      --inside;
      // Every fourth holder dies: its lock stays behind and must be broken by exactly one of the
      // others.
      if (i % 4 == 0) WriteLock(Gone([](Holder& holder) { holder.boot = "old"; }));
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(rounds, 160);
}

TEST(LockOnFaultyDisk, LockLeftByAPowerCutIsBroken) {
  testing::FaultyFileSystem disk;
  Must(disk.MakeDirectory("/r"));
  disk.SyncAll();
  for (std::uint64_t n = 1;; ++n) {
    disk.SetPlan({.kind = testing::FaultKind::kPowerCut, .at_operation = n, .count_reads = false});
    {
      const auto lock = RepositoryLock::Acquire(disk, "/r/lock", kOnce);
      if (lock.ok()) (void)disk.SyncDirectory("/r").ok();
    }
    const bool reached = disk.fault_reached();
    disk.DropUnsyncedBytes(n % 2 == 0 ? 1 : n);
    const auto again = RepositoryLock::Acquire(disk, "/r/lock", kOnce);
    ASSERT_TRUE(again.ok()) << n << ": " << again.error().message;
    Must((*again)->Release());
    if (!reached) break;
  }
}

TEST(HolderText, SurvivesAndRefusesPieces) {
  Holder holder = MakeHolder("dlv\ncommit \x1b[31m");
  const std::string text = EncodeHolder(holder);
  EXPECT_EQ(Must(DecodeHolder(Bytes(text))), holder);
  EXPECT_EQ(holder.command.find('\n'), std::string::npos);
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(DecodeHolder(Bytes(text.substr(0, length))).ok()) << length;
  }
  EXPECT_FALSE(DecodeHolder(Bytes("dlv-holder 1\nhost a\npid -4\nend\n")).ok());
  EXPECT_FALSE(DecodeHolder(Bytes("dlv-holder 1\nhost a\npid 99999999999999999999\nend\n")).ok());
  EXPECT_FALSE(DecodeHolder(Bytes("dlv-holder 1\nend\n")).ok());
  EXPECT_EQ(CheckLiveness(holder), Liveness::kAlive);
  ForgetHolder(holder);
  EXPECT_EQ(CheckLiveness(holder), Liveness::kGone);
}

TEST_F(LockTest, LeaseLivesAsLongAsItsHolder) {
  const std::string path = Path("x.lease");
  auto lease = Must(Lease::Create(system_, path, "dlv commit"));
  EXPECT_TRUE(Must(IsLeaseAlive(system_, path)));
  const auto content = Must(ReadWholeFile(system_, path, kHolderLimitBytes));
  Must(lease->Release());
  EXPECT_FALSE(Must(IsLeaseAlive(system_, path)));
  EXPECT_FALSE(IsHolderAlive(content));
  EXPECT_FALSE(IsHolderAlive(Bytes("rubbish")));
  const std::string elsewhere = EncodeHolder(Gone([](Holder& holder) { holder.host = "gpu03"; }));
  EXPECT_TRUE(IsHolderAlive(Bytes(elsewhere))) << "nothing is proved about another host";
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

}  // namespace
}  // namespace dlv::io
