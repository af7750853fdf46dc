#include "storage/store/parent_choice.h"

#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using testing::CommitNet;
using testing::RequestOf;
using testing::SmallNet;

/// A network that has become a part of another: all names begin with "backbone.".
class AsPart : public TensorSource {
 public:
  explicit AsPart(SmallNet& net) : net_(net) {}
  std::size_t size() const override { return net_.size(); }
  TensorInfo Info(std::size_t index) const override {
    TensorInfo info = net_.Info(index);
    info.name = "backbone." + info.name;
    return info;
  }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    return net_.Read(index, offset, out);
  }

 private:
  SmallNet& net_;
};

class ParentChoices : public SmallRepositoryTest {
 protected:
  CommitResult Committed(const CommitRequest& request) {
    auto result = Commit(*store_, request, {.threads = 1});
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? std::move(*result) : CommitResult();
  }
  std::vector<ParentInfo> ParentsOf(const CommitRequest& request) {
    return Committed(request).version.parents;
  }
  /// Commits with no parent, so with no base.
  void CommitAlone(const std::string& model, TensorSource& net) {
    CommitRequest request = RequestOf(model, net);
    request.parent_choice = ParentChoice::kNone;
    EXPECT_TRUE(ParentsOf(request).empty());
  }
};

TEST_F(ParentChoices, TheLatestOfTheModelWhateverElseIsNear) {
  SmallNet net(1, 80);
  net.Train(2);  // m:v2
  CommitAlone("other", net);
  net.Train(3);
  const auto parents = ParentsOf(RequestOf("m", net));
  ASSERT_EQ(parents.size(), 1U);
  EXPECT_EQ(parents[0].reference, "m:v2");
  EXPECT_EQ(parents[0].relation, Relation::kRetrain);
  EXPECT_FALSE(parents[0].inferred);
  EXPECT_TRUE(parents[0].attributes.empty());
}

TEST_F(ParentChoices, StrangersInOneModelFollowEachOtherWithoutWeights) {
  SmallNet net(77, 80);
  const auto parents = ParentsOf(RequestOf("m", net));
  ASSERT_EQ(parents.size(), 1U);
  EXPECT_EQ(parents[0].reference, "m:v2");
  EXPECT_EQ(parents[0].relation, Relation::kRetrain);
  EXPECT_FALSE(parents[0].inferred);
  EXPECT_EQ(parents[0].attributes, (KeyValues{{"weights", "unlike"}}));
}

TEST_F(ParentChoices, OfAModelTheNearestNotTheLatest) {
  SmallNet stranger(77, 80);
  EXPECT_EQ(Committed(RequestOf("m", stranger)).version.number, 3U);
  SmallNet net(1, 80);
  net.Train(2);
  net.Train(3);
  const CommitResult result = Committed(RequestOf("m", net));
  ASSERT_EQ(result.version.parents.size(), 1U);
  const ParentInfo& parent = result.version.parents[0];
  EXPECT_EQ(parent.reference, "m:v2");
  EXPECT_EQ(parent.relation, Relation::kRetrain);
  EXPECT_TRUE(parent.inferred);
  EXPECT_GE(result.tensors_delta, 2U);
}

TEST_F(ParentChoices, OfEqualLayoutsTheNearestNotTheNewest) {
  SmallNet stranger(7, 80);
  CommitAlone("run", stranger);
  SmallNet net(1, 80);
  net.Train(2);
  net.Train(3);
  const CommitResult result = Committed(RequestOf("tuned", net));
  ASSERT_EQ(result.version.parents.size(), 1U);
  EXPECT_EQ(result.version.parents[0].reference, "m:v2");
  EXPECT_TRUE(result.version.parents[0].inferred);
  EXPECT_GE(result.tensors_delta, 2U);
}

TEST_F(ParentChoices, IndependentStartsHaveNone) {
  for (const unsigned seed : {21U, 22U, 23U, 24U}) {
    SmallNet net(seed, 80);
    const CommitResult result = Committed(RequestOf("start" + std::to_string(seed), net));
    EXPECT_TRUE(result.version.parents.empty()) << seed;
    EXPECT_EQ(result.tensors_delta, 0U) << seed;
  }
}

TEST_F(ParentChoices, AnEarlierVersionOfAnotherModel) {
  SmallNet net(1, 80);
  net.Train(2);
  SmallNet tuned = net;  // of m:v2
  for (unsigned step = 0; step < 40; ++step) {
    net.Train(50 + step);
    if (step % 10 != 9) continue;
    EXPECT_TRUE(CommitNet(*store_, "m", net).ok());
  }
  tuned.Train(99);
  const auto parents = ParentsOf(RequestOf("tuned", tuned));
  ASSERT_EQ(parents.size(), 1U);
  EXPECT_EQ(parents[0].reference, "m:v2");
}

TEST_F(ParentChoices, OfVersionsAsNearTheNewest) {
  SmallNet net(1, 80);
  net.Train(2);
  CommitAlone("copy", net);
  net.Train(3);
  const auto parents = ParentsOf(RequestOf("tuned", net));
  ASSERT_EQ(parents.size(), 1U);
  EXPECT_EQ(parents[0].reference, "copy:v1");
}

TEST_F(ParentChoices, AnotherModelThatIsNearBeforeAStrangerOfTheSame) {
  SmallNet stranger(7, 80);
  CommitAlone("run", stranger);
  SmallNet net(1, 80);
  net.Train(2);
  net.Train(3);
  const auto parents = ParentsOf(RequestOf("run", net));
  ASSERT_EQ(parents.size(), 1U);
  EXPECT_EQ(parents[0].reference, "m:v2");
  EXPECT_EQ(parents[0].relation, Relation::kFinetune);
  EXPECT_TRUE(parents[0].inferred);
}

TEST_F(ParentChoices, ANetworkThatBecameAPart) {
  SmallNet net(1, 80);
  net.Train(2);
  net.Train(3);
  AsPart part(net);
  const CommitResult result = Committed(RequestOf("detector", part));
  ASSERT_EQ(result.version.parents.size(), 1U);
  EXPECT_EQ(result.version.parents[0].reference, "m:v2");
  EXPECT_GE(result.tensors_delta, 2U);
}

TEST_F(ParentChoices, TheBaseIsTheNearestWhateverIsNamed) {
  SmallNet net(1, 80);
  net.Train(2);
  net.Train(3);
  CommitRequest request = RequestOf("tuned", net);
  request.parent_choice = ParentChoice::kGiven;
  request.parents = {"files"};
  const CommitResult result = Committed(request);
  ASSERT_EQ(result.version.parents.size(), 1U);
  EXPECT_EQ(result.version.parents[0].reference, "files:v1");
  EXPECT_FALSE(result.version.parents[0].inferred);
  EXPECT_GE(result.tensors_delta, 2U);
}

TEST_F(ParentChoices, ANewModelTakesTheNearestByItsWeights) {
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
