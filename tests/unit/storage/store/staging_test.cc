#include "storage/store/staging.h"

#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using testing::PutFile;
using testing::SafetensorsText;

class Staging : public SmallRepositoryTest {
 protected:
  void SetUp() override {
    SmallRepositoryTest::SetUp();
    PutFile(disk_, "/src/c.safetensors", SafetensorsText(100, 9));
  }
  std::vector<StagedFile> Staged() {
    auto staged = ListStaged(*store_);
    EXPECT_TRUE(staged.ok()) << staged.error().message;
    return staged.ok() ? std::move(staged).value() : std::vector<StagedFile>();
  }
};

constexpr const char* kStagePath = "/repo/.dlv/stage.json";

TEST_F(Staging, RemembersReplacesAndForgets) {
  ASSERT_TRUE(Stage(*store_, {{"/src/c.safetensors", "", 7}, {"/src/notes.txt", "", {}}}).ok());
  ASSERT_TRUE(Stage(*store_, {{"/src/c.safetensors", "", 8}}).ok());
  Reopen();
  const auto staged = Staged();
  ASSERT_EQ(staged.size(), 2U);
  EXPECT_EQ(staged[0].path, "c.safetensors");
  EXPECT_EQ(staged[0].format, "safetensors");
  EXPECT_EQ(staged[0].tensor_count, 1U);
  EXPECT_FALSE(staged[0].changed_since);
  const auto inputs = StagedInputs(*store_);
  ASSERT_TRUE(inputs.ok());
  EXPECT_EQ((*inputs)[0].source, "/src/c.safetensors");
  EXPECT_EQ((*inputs)[0].step, 8);
  ASSERT_TRUE(Unstage(*store_, {"notes.txt"}).ok());
  EXPECT_EQ(Staged().size(), 1U);
  ASSERT_TRUE(Unstage(*store_, {}).ok());
  EXPECT_TRUE(Staged().empty());
}

TEST_F(Staging, TellsWhatHasChangedSince) {
  ASSERT_TRUE(Stage(*store_, {{"/src/c.safetensors", "", {}}, {"/src/notes.txt", "", {}}}).ok());
  PutFile(disk_, "/src/c.safetensors", SafetensorsText(101, 9));
  ASSERT_TRUE(disk_.Delete("/src/notes.txt"));
  const auto staged = Staged();
  ASSERT_EQ(staged.size(), 2U);
  EXPECT_TRUE(staged[0].changed_since);
  EXPECT_TRUE(staged[1].changed_since);
}

TEST_F(Staging, SourcesBelowTheRootMoveWithIt) {
  PutFile(disk_, InRoot("d.safetensors"), SafetensorsText(100, 9));
  ASSERT_TRUE(Stage(*store_, {{InRoot("d.safetensors"), "", {}}}).ok());
  const auto bytes = disk_.Content(kStagePath);
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  EXPECT_EQ(text.find("/repo"), std::string::npos) << text;
  EXPECT_EQ((*StagedInputs(*store_))[0].source, InRoot("d.safetensors"));
}

TEST_F(Staging, RefusesWhatCannotBeCommitted) {
  EXPECT_EQ(CodeOf(Stage(*store_, {{"/src/missing", "", {}}})), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Stage(*store_, {{"/src/notes.txt", "../x", {}}})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(Stage(*store_, {{"/src/notes.txt", "a", {}}, {"/src/c.safetensors", "A", {}}})),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(Unstage(*store_, {"nothing"})), ErrorCode::kNotFound);
  EXPECT_TRUE(Staged().empty());
  const auto reader = OpenReader();
  ASSERT_NE(reader, nullptr);
  EXPECT_EQ(CodeOf(Stage(*reader, {{"/src/notes.txt", "", {}}})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(Unstage(*reader, {})), ErrorCode::kInvalidArgument);
}

TEST_F(Staging, WaitsForItsTurn) {
  const Status busy = store_->Write("dlv commit", [&](Change&) {
    EXPECT_EQ(CodeOf(Stage(*store_, {{"/src/notes.txt", "", {}}})), ErrorCode::kConflict);
    return Ok();
  });
  EXPECT_TRUE(busy.ok());
}

TEST_F(Staging, EveryFlippedByteIsToldOrHarmless) {
  ASSERT_TRUE(Stage(*store_, {{"/src/c.safetensors", "x/c.safetensors", 7}}).ok());
  const auto whole = disk_.Content(kStagePath);
  for (std::uint64_t at = 0; at < whole.size(); ++at) {
    ASSERT_TRUE(disk_.Replace(kStagePath, whole));
    ASSERT_TRUE(disk_.Corrupt(kStagePath, at, static_cast<std::uint8_t>(1U << (at % 8))));
    const auto inputs = StagedInputs(*store_);
    if (!inputs.ok()) {
      EXPECT_TRUE(CodeOf(inputs) == ErrorCode::kCorruption ||
                  CodeOf(inputs) == ErrorCode::kUnsupported)
          << at << ": " << inputs.error().message;
      continue;
    }
    ASSERT_EQ(inputs->size(), 1U) << at;
    EXPECT_EQ((*inputs)[0].path, "x/c.safetensors") << at;
    EXPECT_EQ((*inputs)[0].source, "/src/c.safetensors") << at;
    EXPECT_EQ((*inputs)[0].step, 7) << at;
  }
}

TEST_F(Staging, EveryCutIsToldAndTheListCanBeCleared) {
  ASSERT_TRUE(Stage(*store_, {{"/src/c.safetensors", "", {}}}).ok());
  const auto whole = disk_.Content(kStagePath);
  for (std::uint64_t size = 0; size + 1 < whole.size(); ++size) {  // the last byte ends the line
    ASSERT_TRUE(disk_.Replace(kStagePath, whole));
    ASSERT_TRUE(disk_.Truncate(kStagePath, size));
    EXPECT_EQ(CodeOf(StagedInputs(*store_)), ErrorCode::kCorruption) << size;
  }
  EXPECT_EQ(CodeOf(Stage(*store_, {{"/src/notes.txt", "", {}}})), ErrorCode::kCorruption);
  ASSERT_TRUE(Unstage(*store_, {}).ok());
  EXPECT_TRUE(Staged().empty());
}

}  // namespace
}  // namespace dlv::store
