// Lineage through the public API, on real repositories.

#include "dlv/lineage.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <map>

#include "dlv/repository.h"

namespace dlv {
namespace {

namespace fs = std::filesystem;

/// Tensors of four elements each: name to the value of all of them. Small enough to stand in
/// strips; "big" is not.
class NamedNet : public TensorSource {
 public:
  explicit NamedNet(std::map<std::string, float> values) : values_(values.begin(), values.end()) {}
  std::size_t size() const override { return values_.size(); }
  TensorInfo Info(std::size_t index) const override {
    TensorInfo info;
    info.name = values_[index].first;
    info.shape = info.name == "big" ? Shape{40'000} : Shape{2, 2};
    return info;
  }
  Status Read(std::size_t index, std::uint64_t, std::span<std::byte> out) override {
    for (std::size_t i = 0; i < out.size(); i += 4)
      std::memcpy(out.data() + i, &values_[index].second, 4);
    return Ok();
  }

 private:
  std::vector<std::pair<std::string, float>> values_;
};

template <class T>
T Must(Result<T> result) {
  if (!result.ok()) ADD_FAILURE() << result.error().message;
  return result.ok() ? std::move(result).value() : T{};
}

class LineageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "dlv-lineage-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    auto made = Repository::Init(root_);
    ASSERT_TRUE(made.ok()) << made.error().message;
    repository_ = std::move(made).value();
  }
  void TearDown() override { fs::remove_all(root_); }

  void Commit(const std::string& model, std::map<std::string, float> values,
              std::vector<std::string> parents, std::optional<Relation> relation = {},
              std::optional<double> accuracy = {}) {
    NamedNet net(std::move(values));
    CommitRequest request;
    request.model = model;
    request.tensors = {{&net, std::nullopt}};
    request.parent_choice = parents.empty() ? ParentChoice::kNone : ParentChoice::kGiven;
    request.parents = std::move(parents);
    request.relation = relation;
    request.allow_unchanged = true;
    if (accuracy) request.metrics = {{"val_acc", {{-1, *accuracy}}}};
    const auto done = repository_->Commit(request);
    ASSERT_TRUE(done.ok()) << done.error().message;
  }
  std::unique_ptr<Lineage> Open() {
    auto lineage = Lineage::Open(*repository_);
    EXPECT_TRUE(lineage.ok()) << lineage.error().message;
    return lineage.ok() ? std::move(lineage).value() : nullptr;
  }
  static std::string Names(Result<std::unique_ptr<LineageRange>> opened) {
    if (!opened.ok()) return opened.error().message;
    std::string text;
    while (true) {
      const auto step = (*opened)->Next();
      if (!step.ok()) return step.error().message;
      if (!*step) return text;
      text += (text.empty() ? "" : " ") + (*step)->version.reference + "@" +
              std::to_string((*step)->depth);
    }
  }
  static std::string Names(const std::vector<LineageVersion>& versions) {
    std::string text;
    for (const LineageVersion& version : versions)
      text += (text.empty() ? "" : " ") + version.reference;
    return text;
  }
  /// "a <- net:v1, b <- net:v2 as b_old"
  static std::string Blamed(const Result<std::vector<BlameLine>>& lines) {
    if (!lines.ok()) return lines.error().message;
    std::string text;
    for (const BlameLine& line : *lines) {
      text += (text.empty() ? "" : ", ") + line.tensor + " <- " + line.version.reference +
              (line.name_then.empty() ? "" : " as " + line.name_then);
    }
    return text;
  }
  void MakeDiamond() {
    Commit("base", {{"a", 1}, {"b", 1}}, {}, {}, 0.5);
    Commit("left", {{"a", 2}, {"b", 1}}, {"base"}, Relation::kFinetune, 0.6);
    Commit("right", {{"a", 1}, {"b", 3}}, {"base"}, Relation::kPrune);
    Commit("both", {{"a", 2}, {"b", 3}}, {"left", "right"}, Relation::kMerge, 0.7);
  }

  fs::path root_;
  std::unique_ptr<Repository> repository_;
};

TEST_F(LineageTest, WalksBothWays) {
  MakeDiamond();
  const auto lineage = Open();
  EXPECT_EQ(Names(lineage->Ancestors("both")), "left:v1@1 right:v1@1 base:v1@2");
  EXPECT_EQ(Names(lineage->Descendants("base")), "left:v1@1 right:v1@1 both:v1@2");
  EXPECT_EQ(Names(lineage->Ancestors("both", {.relations = {Relation::kPrune}})), "");
  EXPECT_EQ(Names(lineage->Ancestors("both", {.max_depth = 1})), "left:v1@1 right:v1@1");
  EXPECT_EQ(Names(lineage->Ancestors("both", {.first_parents = true})), "left:v1@1 base:v1@2");
}

TEST_F(LineageTest, StepsSayHowTheyCameAbout) {
  MakeDiamond();
  const auto lineage = Open();
  const auto range = Must(lineage->Descendants("right"));
  const auto step = Must(range->Next());
  ASSERT_TRUE(step.has_value());
  EXPECT_EQ(step->version.reference, "both:v1");
  EXPECT_EQ(step->version.model, "both");
  EXPECT_EQ(step->version.number, 1U);
  EXPECT_TRUE(step->version.present);
  EXPECT_GT(step->version.created, 0);
  EXPECT_EQ(step->relation, Relation::kMerge);
  EXPECT_EQ(step->from, Must(repository_->Resolve("right")).id);
  EXPECT_FALSE(Must(range->Next()).has_value());
  EXPECT_FALSE(Must(range->Next()).has_value());
}

TEST_F(LineageTest, EdgesHaveParentsFirst) {
  MakeDiamond();
  Commit("other", {{"a", 9}}, {});
  const auto lineage = Open();
  const auto edges = Must(lineage->Edges("left"));  // what is above and below it, not beside it
  ASSERT_EQ(edges.size(), 2U);
  EXPECT_EQ(edges[0].child.reference + " " + edges[0].parent.reference, "left:v1 base:v1");
  EXPECT_EQ(edges[1].child.reference + " " + edges[1].parent.reference, "both:v1 left:v1");
  EXPECT_EQ(edges[1].relation, Relation::kMerge);
  const auto all = Must(lineage->Edges(""));
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[3].parent.reference, "right:v1");
  EXPECT_EQ(all[3].ordinal, 1U);
}

TEST_F(LineageTest, PathsAndCommonAncestors) {
  MakeDiamond();
  Commit("other", {{"a", 9}}, {});
  const auto lineage = Open();
  EXPECT_EQ(Names(Must(lineage->Path("left", "right"))), "left:v1 base:v1 right:v1");
  EXPECT_EQ(Names(Must(lineage->Path("both", "other"))), "");
  EXPECT_EQ(Names(Must(lineage->LowestCommonAncestors("left", "right"))), "base:v1");
  EXPECT_EQ(Names(Must(lineage->LowestCommonAncestors("both", "right"))), "right:v1");
}

TEST_F(LineageTest, ParentsThatAreGoneAreShownByHash) {
  MakeDiamond();
  const std::string id = Must(repository_->Resolve("base")).id.Hex(12);
  ASSERT_TRUE(repository_->Remove({"base:v1"}, true).ok());
  const auto lineage = Open();
  EXPECT_EQ(Names(lineage->Ancestors("both")), "left:v1@1 right:v1@1 base@" + id + "@2");
  EXPECT_EQ(Names(Must(lineage->LowestCommonAncestors("left", "right"))), "base@" + id);
  EXPECT_EQ(Blamed(lineage->Blame("left")), "a <- left:v1, b <- left:v1");
  const auto line = Must(lineage->MetricAlong("both", "val_acc"));
  ASSERT_EQ(line.size(), 3U);
  EXPECT_FALSE(line[0].version.present);
  EXPECT_FALSE(line[0].value.has_value());
  EXPECT_EQ(line[2].value, 0.7);
}

TEST_F(LineageTest, MetricAlongALine) {
  Commit("net", {{"a", 1}}, {}, {}, 0.5);
  Commit("net", {{"a", 2}}, {"net"});
  Commit("net", {{"a", 3}}, {"net"}, {}, std::nan(""));
  Commit("net", {{"a", 4}}, {"net"}, {}, 0.75);
  const auto lineage = Open();
  const auto line = Must(lineage->MetricAlong("net", "val_acc"));
  ASSERT_EQ(line.size(), 4U);
  EXPECT_EQ(line[0].version.reference, "net:v1");
  EXPECT_EQ(line[0].value, 0.5);
  EXPECT_FALSE(line[1].value.has_value());
  ASSERT_TRUE(line[2].value.has_value());
  EXPECT_TRUE(std::isnan(*line[2].value));
  EXPECT_EQ(line[3].value, 0.75);
  const auto missing = lineage->MetricAlong("net", "val_ac");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_NE(missing.error().hint.find("val_acc"), std::string::npos) << missing.error().hint;
}

TEST_F(LineageTest, BlameFindsTheVersionThatChangedATensor) {
  Commit("net", {{"a", 1}, {"b", 1}, {"big", 1}}, {});
  Commit("net", {{"a", 1}, {"b", 2}, {"big", 1}}, {"net"});
  Commit("net", {{"a", 1}, {"b", 2}, {"big", 3}, {"c", 7}}, {"net"});
  Commit("net", {{"a", 1}, {"b", 2}, {"big", 3}, {"c", 7}}, {"net"});  // the very same
  const auto lineage = Open();
  EXPECT_EQ(Blamed(lineage->Blame("net")), "a <- net:v1, b <- net:v2, big <- net:v3, c <- net:v3");
  EXPECT_EQ(Blamed(lineage->Blame("net/b*")), "b <- net:v2, big <- net:v3");
  EXPECT_EQ(Blamed(lineage->Blame("net:v1/b")), "b <- net:v1");
  EXPECT_EQ(Must(lineage->Blame("net/big")).front().elements, 40'000U);
  EXPECT_EQ(Must(lineage->Blame("net/big")).front().relation, Relation::kRetrain);
  EXPECT_FALSE(Must(lineage->Blame("net/a")).front().relation.has_value())
      << "of the first version";
}

TEST_F(LineageTest, BlameFollowsMergesAndRenames) {
  MakeDiamond();
  EXPECT_EQ(Blamed(Open()->Blame("both")), "a <- left:v1, b <- right:v1");
  EXPECT_EQ(Must(Open()->Blame("both"))[1].relation, Relation::kPrune);
  // All names change; "b" is another tensor afterwards.
  Commit("renamed", {{"module.a", 2}, {"module.b", 4}}, {"both"});
  EXPECT_EQ(Blamed(Open()->Blame("renamed")), "module.a <- left:v1 as a, module.b <- renamed:v1");
}

TEST_F(LineageTest, BlameDoesNotTakeAnEqualTensorForARename) {
  // Both are zeros, and both are there before and after: neither became the other.
  Commit("net", {{"a", 0}, {"b", 0}, {"c", 1}}, {});
  Commit("net", {{"a", 0}, {"b", 5}, {"c", 1}}, {"net"});
  Commit("net", {{"a", 0}, {"b", 0}, {"c", 1}}, {"net"});
  EXPECT_EQ(Blamed(Open()->Blame("net")), "a <- net:v1, b <- net:v3, c <- net:v1");
}

TEST_F(LineageTest, BlameOfASnapshotAndOfNothing) {
  NamedNet early({{"a", 1}, {"b", 1}}), late({{"a", 1}, {"b", 2}});
  CommitRequest request;
  request.model = "run";
  request.tensors = {{&early, 1}, {&late, 2}};
  ASSERT_TRUE(repository_->Commit(request).ok());
  Commit("run", {{"a", 1}, {"b", 2}}, {"run"});
  EXPECT_EQ(Blamed(Open()->Blame("run:v2")), "a <- run:v1, b <- run:v1");
  EXPECT_EQ(Blamed(Open()->Blame("run:v1#1")), "a <- run:v1, b <- run:v1");
  const auto nothing = Open()->Blame("run/nothing");
  ASSERT_FALSE(nothing.ok());
  EXPECT_EQ(nothing.error().code, ErrorCode::kNotFound);
}

TEST_F(LineageTest, DotEscapesNames) {
  MakeDiamond();
  Commit("名前", {{"a", 5}}, {"both"});
  const auto lineage = Open();
  const std::string all = Must(lineage->Dot(""));
  EXPECT_NE(all.find("digraph lineage {"), std::string::npos);
  EXPECT_NE(all.find("label=\"名前:v1\\n"), std::string::npos);
  EXPECT_NE(all.find("[label=\"merge\"]"), std::string::npos);
  EXPECT_EQ(all.find("penwidth"), std::string::npos);
  const std::string one = Must(lineage->Dot("left"));
  EXPECT_NE(one.find("penwidth"), std::string::npos);
  EXPECT_EQ(one.find("right"), std::string::npos);
  Commit("alone", {{"a", 5}}, {});
  EXPECT_NE(Must(Open()->Dot("alone")).find("alone:v1"), std::string::npos);
}

TEST_F(LineageTest, Errors) {
  MakeDiamond();
  const auto lineage = Open();
  const auto code = [](const auto& result) {
    return result.ok() ? ErrorCode::kInternal : result.error().code;
  };
  EXPECT_EQ(code(lineage->Ancestors("nobody")), ErrorCode::kNotFound);
  EXPECT_EQ(code(lineage->Ancestors("base:::")), ErrorCode::kSyntax);
  EXPECT_EQ(code(lineage->Path("base/a", "left")), ErrorCode::kInvalidArgument);
  Commit("late", {{"a", 1}}, {});
  EXPECT_EQ(code(lineage->Descendants("late")), ErrorCode::kNotFound);  // as it was when opened
  fs::resize_file(root_ / ".dlv/catalog.db", 4096 * 3);
  EXPECT_EQ(code(Lineage::Open(*repository_)), ErrorCode::kCorruption);
}

}  // namespace
}  // namespace dlv
