#include "storage/store/status.h"

#include "storage/store/staging.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using testing::PutFile;
using testing::SafetensorsText;
using StatusReports = SmallRepositoryTest;

TEST_F(StatusReports, FindsCheckpointsThatAreInNoVersion) {
  PutFile(disk_, InRoot("new.safetensors"), SafetensorsText(123, 9));
  PutFile(disk_, InRoot("readme.txt"), "text");
  PutFile(disk_, InRoot("known.safetensors"), SafetensorsText(700, 3));
  PutFile(disk_, InRoot("likely.safetensors"), SafetensorsText(700, 4));
  ASSERT_TRUE(disk_.MakeDirectory(InRoot("run")).ok());
  PutFile(disk_, InRoot("run/deep.safetensors"), SafetensorsText(55, 9));
  ASSERT_TRUE(disk_.MakeDirectory(InRoot(".cache")).ok());
  PutFile(disk_, InRoot(".cache/hidden.safetensors"), SafetensorsText(56, 9));
  const auto status = GetStatus(*store_);
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_EQ(status->untracked, (std::vector<std::string>{"likely.safetensors", "new.safetensors",
                                                         "run/deep.safetensors"}))
      << "a copy of a committed file is known, another of its size is not";
  EXPECT_EQ(status->models, 2U);
  EXPECT_EQ(status->versions, 3U);
}

TEST_F(StatusReports, StagedFilesAreListedAndNotUntracked) {
  PutFile(disk_, InRoot("new.safetensors"), SafetensorsText(123, 9));
  ASSERT_TRUE(Stage(*store_, {{InRoot("new.safetensors"), "", {}}}).ok());
  const auto status = GetStatus(*store_);
  ASSERT_TRUE(status.ok());
  EXPECT_TRUE(status->untracked.empty());
  ASSERT_EQ(status->staged.size(), 1U);
  EXPECT_EQ(status->staged[0].path, "new.safetensors");
}

TEST_F(StatusReports, ADamagedStagingListIsTold) {
  PutFile(disk_, "/repo/.dlv/stage.json", "{");
  EXPECT_EQ(CodeOf(GetStatus(*store_)), ErrorCode::kCorruption);
}

}  // namespace
}  // namespace dlv::store
