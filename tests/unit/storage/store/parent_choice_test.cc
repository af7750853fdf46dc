#include "storage/store/parent_choice.h"

#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using testing::CommitNet;
using testing::RequestOf;
using testing::SmallNet;

class ParentChoices : public SmallRepositoryTest {
 protected:
  std::vector<ParentInfo> ParentsOf(const CommitRequest& request) {
    const auto result = Commit(*store_, request, {.threads = 1});
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? result->version.parents : std::vector<ParentInfo>();
  }
};

TEST_F(ParentChoices, TheLatestOfTheModelWhateverElseIsNear) {
  SmallNet net(77, 80);
  const auto parents = ParentsOf(RequestOf("m", net));
  ASSERT_EQ(parents.size(), 1U);
  EXPECT_EQ(parents[0].reference, "m:v2");
  EXPECT_EQ(parents[0].relation, Relation::kRetrain);
  EXPECT_FALSE(parents[0].inferred);
}

TEST_F(ParentChoices, ANewModelTakesTheNearestByItsTensors) {
  SmallNet net(1, 80);
  net.Train(2);  // the tensors of m:v2
  CommitRequest request = RequestOf("tuned", net);
  request.hparams = {{"lr", "1"}};
  const auto parents = ParentsOf(request);
  ASSERT_EQ(parents.size(), 1U);
  EXPECT_EQ(parents[0].reference, "m:v2");
  EXPECT_TRUE(parents[0].inferred);
  EXPECT_EQ(parents[0].relation, Relation::kFinetune);
}

TEST_F(ParentChoices, WhatIsLikeNothingHasNone) {
  testing::PutFile(disk_, "/src/other.safetensors", testing::SafetensorsText(999, 3));
  CommitRequest request;
  request.model = "alone";
  request.files = {{"/src/other.safetensors", "", {}}};
  EXPECT_TRUE(ParentsOf(request).empty());
  request.model = "text";
  request.files = {{"/src/notes.txt", "", {}}};
  EXPECT_TRUE(ParentsOf(request).empty());
}

TEST_F(ParentChoices, NoneIsNone) {
  SmallNet net(1, 80);
  CommitRequest request = RequestOf("m", net);
  request.parent_choice = ParentChoice::kNone;
  request.message = "from scratch";
  EXPECT_TRUE(ParentsOf(request).empty());
}

TEST_F(ParentChoices, TheSameFromScratchIsTheVersionThatIsThere) {
  SmallNet net(1, 80);
  CommitRequest request = RequestOf("m", net);  // m:v1 in everything
  request.parent_choice = ParentChoice::kNone;
  const auto result = Commit(*store_, request, {.threads = 1});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kConflict);
  EXPECT_NE(result.error().message.find("m:v1 has the id"), std::string::npos);
  EXPECT_EQ(References().size(), 3U);
  EXPECT_TRUE(disk_.List("/repo/.dlv/tmp")->empty());
  ExpectClean();
}

TEST_F(ParentChoices, GivenOnesAreTakenInOrderWithTheirRelation) {
  SmallNet net(3, 80);
  CommitRequest request = RequestOf("m", net);
  request.parent_choice = ParentChoice::kGiven;
  request.parents = {"files", "m:best"};
  auto parents = ParentsOf(request);
  ASSERT_EQ(parents.size(), 2U);
  EXPECT_EQ(parents[0].reference, "files:v1");
  EXPECT_EQ(parents[0].relation, Relation::kFinetune);
  EXPECT_EQ(parents[1].reference, "m:v1");
  EXPECT_EQ(parents[1].relation, Relation::kRetrain);
  request.relation = Relation::kPrune;
  request.allow_unchanged = true;
  parents = ParentsOf(request);
  ASSERT_EQ(parents.size(), 2U);
  EXPECT_EQ(parents[1].relation, Relation::kPrune);
}

TEST_F(ParentChoices, GivenOnesMustExistOnceEach) {
  SmallNet net(3, 80);
  CommitRequest request = RequestOf("m", net);
  request.parent_choice = ParentChoice::kGiven;
  EXPECT_EQ(CodeOf(Commit(*store_, request, {})), ErrorCode::kInvalidArgument);
  request.parents = {"m:v1", "m:best"};
  EXPECT_EQ(CodeOf(Commit(*store_, request, {})), ErrorCode::kInvalidArgument);
  request.parents = {"m:v8"};
  EXPECT_EQ(CodeOf(Commit(*store_, request, {})), ErrorCode::kNotFound);
  request.parents = {"m:"};
  EXPECT_EQ(CodeOf(Commit(*store_, request, {})), ErrorCode::kSyntax);
}

}  // namespace
}  // namespace dlv::store
