#include "storage/io/output_folder.h"

#include <sys/stat.h>

#include <fstream>

#include "tests/unit/storage/io/io_test_support.h"

namespace dlv::io {
namespace {

namespace fs = std::filesystem;

class Output : public FolderTest {
 protected:
  /// Writes a file; returns the code of what went wrong, kInternal where nothing did.
  ErrorCode Write(const OutputFolder& folder, const std::string& name, std::string_view text) {
    auto file = folder.Create(name);
    if (!file.ok()) return file.error().code;
    Must((*file)->Write(Bytes(text)));
    const Status done = (*file)->Commit(0644);
    return done.ok() ? ErrorCode::kInternal : done.error().code;
  }
  std::string Slurp(const std::string& name) {
    std::ifstream in(Path(name));
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::size_t FileCount() {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      count += entry.is_regular_file() ? 1 : 0;
    }
    return count;
  }
};

TEST_F(Output, MakesFoldersAndFiles) {
  const auto folder = Must(OutputFolder::Open(Path("a/b")));
  EXPECT_EQ(Write(folder, "c/d/file", "text"), ErrorCode::kInternal);
  EXPECT_EQ(Slurp("a/b/c/d/file"), "text");
  EXPECT_EQ(Write(folder, "c/d/file", "other"), ErrorCode::kInternal) << "replaced";
  EXPECT_EQ(Slurp("a/b/c/d/file"), "other");
  EXPECT_TRUE(Must(folder.Look("c/d/file"))->is_regular);
  EXPECT_TRUE(Must(folder.Look("c"))->is_directory);
  EXPECT_FALSE(Must(folder.Look("c/e")).has_value());
  EXPECT_FALSE(Must(folder.Look("x/y")).has_value());
}

TEST_F(Output, AFileIsThereWholeOrNotAtAll) {
  const auto folder = Must(OutputFolder::Open(Path("out")));
  EXPECT_EQ(Write(folder, "file", "before"), ErrorCode::kInternal);
  {
    const auto file = Must(folder.Create("file"));
    Must(file->Write(Bytes("half")));
    EXPECT_EQ(Slurp("out/file"), "before");
  }
  EXPECT_EQ(Slurp("out/file"), "before");
  EXPECT_EQ(FileCount(), 1U) << "the half file is gone";
}

TEST_F(Output, PermissionsAreThoseAskedForLessTheMask) {
  const auto folder = Must(OutputFolder::Open(Path("out")));
  const auto file = Must(folder.Create("script"));
  Must(file->Commit(0755));
  struct stat raw {};
  ASSERT_EQ(::stat(Path("out/script").c_str(), &raw), 0);
  const mode_t mask = ::umask(0);
  ::umask(mask);
  EXPECT_EQ(raw.st_mode & 0777, 0755 & ~mask);
}

TEST_F(Output, SetUserIdBitsAreDropped) {
  const auto folder = Must(OutputFolder::Open(Path("out")));
  const auto file = Must(folder.Create("root"));
  Must(file->Commit(06755));
  struct stat raw {};
  ASSERT_EQ(::stat(Path("out/root").c_str(), &raw), 0);
  EXPECT_EQ(raw.st_mode & 07000, 0U);
}

TEST_F(Output, LinksAreNotFollowed) {
  const auto folder = Must(OutputFolder::Open(Path("out")));
  fs::create_directory(Path("elsewhere"));
  fs::create_directory_symlink(Path("elsewhere"), Path("out/folder"));
  fs::create_symlink(Path("elsewhere/file"), Path("out/file"));
  EXPECT_EQ(Write(folder, "folder/file", "x"), ErrorCode::kConflict);
  EXPECT_EQ(Write(folder, "file", "x"), ErrorCode::kConflict);
  EXPECT_TRUE(Must(folder.Look("file"))->is_link);
  EXPECT_FALSE(folder.Look("folder/file").ok());
  EXPECT_FALSE(folder.OpenForReading("file").ok());
  EXPECT_TRUE(fs::is_empty(Path("elsewhere")));
}

TEST_F(Output, AFolderSwappedForALinkMeanwhileIsNotLeft) {
  const auto folder = Must(OutputFolder::Open(Path("out")));
  fs::create_directory(Path("elsewhere"));
  const auto file = Must(folder.Create("run/file"));
  Must(file->Write(Bytes("text")));
  fs::rename(Path("out/run"), Path("out/moved"));
  fs::create_directory_symlink(Path("elsewhere"), Path("out/run"));
  Must(file->Commit(0644));
  EXPECT_TRUE(fs::is_empty(Path("elsewhere")));
  EXPECT_EQ(Slurp("out/moved/file"), "text");
}

TEST_F(Output, WhatIsInTheWayIsAConflict) {
  const auto folder = Must(OutputFolder::Open(Path("out")));
  fs::create_directories(Path("out/folder/inside"));
  std::ofstream(Path("out/file")) << "x";
  ASSERT_EQ(::mkfifo(Path("out/pipe").c_str(), 0600), 0);
  EXPECT_EQ(Write(folder, "folder", "x"), ErrorCode::kConflict);
  EXPECT_EQ(Write(folder, "file/below", "x"), ErrorCode::kConflict);
  EXPECT_EQ(Write(folder, "pipe", "x"), ErrorCode::kConflict);
  EXPECT_FALSE(folder.OpenForReading("pipe").ok()) << "and nobody waits for its writer";
  EXPECT_EQ(OutputFolder::Open(Path("out/file")).error().code, ErrorCode::kConflict);
}

TEST_F(Output, ReadsBack) {
  const auto folder = Must(OutputFolder::Open(Path("out")));
  EXPECT_EQ(Write(folder, "file", "text"), ErrorCode::kInternal);
  const auto file = Must(folder.OpenForReading("file"));
  std::vector<std::byte> bytes(4);
  Must(file->ReadAt(0, bytes));
  EXPECT_EQ(Text(bytes), "text");
  EXPECT_EQ(file->ReadAt(2, bytes).error().code, ErrorCode::kCorruption) << "ends before";
  EXPECT_EQ(folder.OpenForReading("none").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace dlv::io
