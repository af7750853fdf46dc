// What a FileSystem promises, checked on the real one and on the one in memory that other tests
// trust.

#include "storage/io/file_system.h"

#include <sys/resource.h>

#include <csignal>

#include "storage/io/byte_source.h"
#include "tests/support/faulty_file_system.h"
#include "tests/unit/storage/io/io_test_support.h"

namespace dlv::io {
namespace {

class FileSystemContract : public FolderTest, public ::testing::WithParamInterface<bool> {
 protected:
  void SetUp() override {
    FolderTest::SetUp();
    Must(memory_.MakeDirectory(folder_));
  }
  FileSystem& system() { return GetParam() ? PosixFileSystem() : memory_; }
  void Write(const std::string& name, std::string_view text) {
    const auto file = Must(system().OpenForWriting(Path(name), WriteMode::kReplace));
    Must(file->Append(Bytes(text)));
    Must(file->Close());
  }
  std::string Read(const std::string& name) {
    return Text(Must(ReadWholeFile(system(), Path(name), 1 << 20)));
  }
  std::unique_ptr<FileLock> Lock(const std::string& name) {
    return Must(system().OpenLock(Path(name)));
  }

  testing::FaultyFileSystem memory_;
};

INSTANTIATE_TEST_SUITE_P(Both, FileSystemContract, ::testing::Values(true, false),
                         [](const auto& kind) { return kind.param ? "Posix" : "Memory"; });

TEST_P(FileSystemContract, WritesAppendUpdateAndTruncate) {
  const auto file = Must(system().OpenForWriting(Path("a"), WriteMode::kCreateNew));
  Must(file->Append(Bytes("hello")));
  Must(file->Append(Bytes(" world")));
  Must(file->WriteAt(0, Bytes("J")));
  Must(file->WriteAt(13, Bytes("!")));
  EXPECT_EQ(Must(file->Size()), 14u);
  Must(file->Append(Bytes("?")));
  std::vector<std::byte> middle(5);
  Must(file->ReadAt(6, middle));
  EXPECT_EQ(Text(middle), "world");
  Must(file->Sync());
  Must(file->Close());
  Must(file->Close());
  EXPECT_EQ(file->Append(Bytes("x")).error().code, ErrorCode::kIo);
  EXPECT_EQ(Read("a"), std::string("Jello world\0\0!?", 15));

  const auto again = Must(system().OpenForWriting(Path("a"), WriteMode::kUpdate));
  Must(again->Truncate(5));
  Must(again->Append(Bytes("w")));
  Must(again->Close());
  EXPECT_EQ(Read("a"), "Jellow");
}

TEST_P(FileSystemContract, ModesMakeReplaceAndKeep) {
  Write("a", "content");
  EXPECT_EQ(system().OpenForWriting(Path("a"), WriteMode::kCreateNew).error().code,
            ErrorCode::kConflict);
  Must(Must(system().OpenForWriting(Path("a"), WriteMode::kUpdate))->Close());
  EXPECT_EQ(Read("a"), "content");
  Must(Must(system().OpenForWriting(Path("a"), WriteMode::kReplace))->Close());
  EXPECT_EQ(Read("a"), "");
  EXPECT_EQ(system().OpenForWriting(Path("no/a"), WriteMode::kReplace).error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(system().OpenForReading(Path("none")).error().code, ErrorCode::kNotFound);
}

TEST_P(FileSystemContract, PrivateFilesAreTheirOwnersAlone) {
  const auto file = Must(system().OpenForWriting(Path("secret"), WriteMode::kPrivate));
  Must(file->Append(Bytes("s")));
  EXPECT_EQ(Must(system().Stat(Path("secret"))).mode & 0777U, 0600U);
  EXPECT_EQ(system().OpenForWriting(Path("secret"), WriteMode::kPrivate).error().code,
            ErrorCode::kConflict);
}

TEST_P(FileSystemContract, ReadingPastTheEndNamesTheEnd) {
  Write("a", "0123456789");
  const auto file = Must(system().OpenForReading(Path("a")));
  std::vector<std::byte> out(4);
  Must(file->ReadAt(6, out));
  EXPECT_EQ(Text(out), "6789");
  const Status status = file->ReadAt(7, out);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kCorruption);
  EXPECT_NE(status.error().message.find("ends at byte 10, want 11"), std::string::npos)
      << status.error().message;
  EXPECT_EQ(file->ReadAt(std::uint64_t{1} << 62, out).error().code, ErrorCode::kCorruption);
}

TEST_P(FileSystemContract, StatTellsWhatItIsAndWhenItChanged) {
  Write("a", "123");
  const FileStat before = Must(system().Stat(Path("a")));
  EXPECT_EQ(before.size_bytes, 3u);
  EXPECT_TRUE(before.is_regular);
  EXPECT_FALSE(before.is_directory);
  EXPECT_TRUE(Must(system().Stat(folder_)).is_directory);
  EXPECT_EQ(Must(Must(system().OpenForReading(Path("a")))->Stat()).change_key, before.change_key);
  Write("a", "1234");
  EXPECT_NE(Must(system().Stat(Path("a"))).change_key, before.change_key);
  EXPECT_EQ(system().Stat(Path("none")).error().code, ErrorCode::kNotFound);
}

TEST_P(FileSystemContract, FoldersListRenameRemove) {
  Must(system().MakeDirectory(Path("x/y/z")));
  Must(system().MakeDirectory(Path("x/y/z")));
  Write("x/b", "b");
  Write("x/a", "a");
  EXPECT_EQ(Must(system().List(Path("x"))), (std::vector<std::string>{"a", "b", "y"}));
  Must(system().Rename(Path("x/a"), Path("x/b")));
  EXPECT_EQ(Read("x/b"), "a");
  EXPECT_EQ(system().Rename(Path("x/a"), Path("x/c")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(system().Remove(Path("x/y")).error().code, ErrorCode::kIo) << "not empty";
  Must(system().Remove(Path("x/y/z")));
  Must(system().Remove(Path("x/y")));
  Must(system().Remove(Path("x/b")));
  EXPECT_EQ(system().Remove(Path("x/b")).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(Must(system().List(Path("x"))).empty());
  EXPECT_EQ(system().List(Path("none")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(system().MakeDirectory(Path("x/../x/f/")).ok(), true);
  Must(system().SyncDirectory(Path("x")));
  EXPECT_GT(Must(system().FreeBytes(folder_)), 0u);
}

TEST_P(FileSystemContract, AtomicWriteLeavesOneFile) {
  Must(WriteFileAtomically(system(), Path("a"), Bytes("one")));
  Must(WriteFileAtomically(system(), Path("a"), Bytes("two")));
  EXPECT_EQ(Read("a"), "two");
  EXPECT_EQ(Must(system().List(folder_)), std::vector<std::string>{"a"});
  EXPECT_EQ(WriteFileAtomically(system(), Path("no/a"), Bytes("x")).error().code,
            ErrorCode::kNotFound);
}

TEST_P(FileSystemContract, WholeFileHasALimit) {
  Write("a", "12345");
  EXPECT_EQ(Must(ReadWholeFile(system(), Path("a"), 5)).size(), 5u);
  EXPECT_EQ(ReadWholeFile(system(), Path("a"), 4).error().code, ErrorCode::kUnsafe);
  EXPECT_FALSE(ReadWholeFile(system(), folder_, 4).ok());
}

TEST_P(FileSystemContract, LocksExcludeEachOtherWithinOneProcess) {
  Write("a", "");
  const auto one = Lock("a");
  auto two = Lock("a");
  EXPECT_TRUE(Must(one->TryLock(0, 10, false)));
  EXPECT_TRUE(Must(two->TryLock(5, 10, false)));
  EXPECT_FALSE(Must(one->TryLock(0, 10, true)));
  EXPECT_TRUE(Must(one->IsHeldByOther(9, 1)));
  EXPECT_FALSE(Must(one->IsHeldByOther(0, 5)));
  EXPECT_TRUE(Must(one->TryLock(0, 5, true)));
  Must(two->Unlock(5, 3));
  EXPECT_FALSE(Must(one->TryLock(5, 10, true)));
  EXPECT_TRUE(Must(one->TryLock(5, 3, true)));
  { const auto third = Lock("a"); }  // closing another descriptor must not drop anything
  EXPECT_FALSE(Must(two->TryLock(0, 1, false)));
  two = nullptr;
  EXPECT_TRUE(Must(one->TryLock(0, 100, true)));
  EXPECT_EQ(system().OpenLock(Path("none")).error().code, ErrorCode::kNotFound);
}

TEST_P(FileSystemContract, FileSourceStaysInItsPart) {
  Write("a", "0123456789");
  const auto file = Must(system().OpenForReading(Path("a")));
  const auto source = MakeFileSource(*file, 2, 5);
  std::vector<std::byte> out(3);
  Must(source->ReadAt(2, out));
  EXPECT_EQ(Text(out), "456");
  EXPECT_EQ(source->size(), 5u);
  EXPECT_EQ(source->ReadAt(3, out).error().code, ErrorCode::kCorruption);
  EXPECT_EQ(source->ReadAt(~std::uint64_t{0}, out).error().code, ErrorCode::kCorruption);
}

TEST(MemorySource, OwnsOrViews) {
  const std::vector<std::byte> bytes = Bytes("abcdef");
  for (const auto& source : {MakeBufferSource(Bytes("abcdef")), MakeViewSource(bytes)}) {
    std::vector<std::byte> out(2);
    Must(source->ReadAt(4, out));
    EXPECT_EQ(Text(out), "ef");
    EXPECT_EQ(source->ReadAt(5, out).error().code, ErrorCode::kCorruption);
    EXPECT_TRUE(source->ReadAt(6, {}).ok());
  }
}

class PosixOnly : public FolderTest {};

TEST_F(PosixOnly, StatDoesNotFollowALastLink) {
  std::filesystem::create_symlink("nowhere", Path("link"));
  EXPECT_TRUE(Must(PosixFileSystem().Stat(Path("link"))).is_link);
  EXPECT_TRUE(PosixFileSystem().IsLocal(folder_).ok());
  EXPECT_EQ(PosixFileSystem().IsLocal(Path("none")).error().code, ErrorCode::kNotFound);
}

TEST_F(PosixOnly, WriteBeyondAFileSizeLimitIsAnError) {
  // A limit of the process stands in for a full disk: the write is cut short, the next one fails.
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 1000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto file = Must(PosixFileSystem().OpenForWriting(Path("a"), WriteMode::kCreateNew));
  const Status status = file->Append(std::vector<std::byte>(5000));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kIo);
}

TEST_F(PosixOnly, DeviceFullSaysSo) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  const auto file = Must(PosixFileSystem().OpenForWriting("/dev/full", WriteMode::kUpdate));
  const Status status = file->WriteAt(0, Bytes("x"));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kIo);
  EXPECT_NE(status.error().message.find("no space left on device"), std::string::npos)
      << status.error().message;
}

}  // namespace
}  // namespace dlv::io
