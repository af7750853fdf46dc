// Statements over a real repository, through the public API.

#include "dlv/query.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <random>

#include "dlv/network_text.h"
#include "dlv/repository.h"

namespace dlv {
namespace {

namespace fs = std::filesystem;

/// "fc1.weight" [64, 64] of one value each, "fc2.weight" [4, 64] of another, and biases.
class ConstantWeights : public TensorSource {
 public:
  explicit ConstantWeights(float value) {
    Add("fc1.weight", {64, 64}, value);
    Add("fc1.bias", {64}, 0.5F);
    Add("fc2.weight", {4, 64}, 2 * value);
    Add("fc2.bias", {4}, 0);
  }
  std::size_t size() const override { return infos_.size(); }
  TensorInfo Info(std::size_t index) const override { return infos_[index]; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    const auto bytes = std::as_bytes(std::span(values_[index]));
    if (!out.empty()) std::memcpy(out.data(), bytes.data() + offset, out.size());
    return Ok();
  }
  void Add(const std::string& name, Shape shape, float value) {
    TensorInfo info;
    info.name = name;
    info.shape = std::move(shape);
    values_.emplace_back(info.element_count(), value);
    infos_.push_back(std::move(info));
  }
  void Add(const std::string& name, Shape shape, std::vector<float> values) {
    Add(name, std::move(shape), 0);
    values_.back() = std::move(values);
  }

 private:
  std::vector<TensorInfo> infos_;
  std::vector<std::vector<float>> values_;
};

constexpr const char* kQueryNetwork = R"(network "mlp" {
  operators "" 13
  input x: f32 [1, 64]
  parameter fc1.weight: f32 [64, 64]
  parameter fc1.bias: f32 [64]
  parameter fc2.weight: f32 [4, 64]
  parameter fc2.bias: f32 [4]
  node fc1 = Gemm(@x, $fc1.weight, $fc1.bias) { transB = 1 } -> fc1_out: f32 [1, 64]
  node relu1 = Relu(fc1) -> relu1_out: f32 [1, 64]
  node fc2 = Gemm(relu1, $fc2.weight, $fc2.bias) { transB = 1 } -> fc2_out: f32 [1, 4]
  output y = fc2
}
)";

class QueryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "dlv-query-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    std::ofstream(folder_ / "net.dlvnet") << kQueryNetwork;
    auto repository = Repository::Init(folder_ / "repository");
    ASSERT_TRUE(repository.ok()) << repository.error().message;
    repository_ = std::move(*repository);
    Commit(0.125F, 0.5);
    Commit(0.25F, 0.9);
    QueryOptions options;
    options.read_only = false;
    auto session = QuerySession::Open(*repository_, options);
    ASSERT_TRUE(session.ok());
    session_ = std::move(*session);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Commit(float value, double acc) {
    ConstantWeights weights(value);
    CommitRequest request;
    request.model = "mlp";
    request.files.push_back({folder_ / "net.dlvnet", "net.dlvnet", std::nullopt});
    request.tensors = {{&weights, std::nullopt}};
    request.metrics = {{"acc", {{1, acc / 2}, {2, acc}}}};
    request.hparams = {{"lr", "0.1"}};
    const auto result = repository_->Commit(request);
    ASSERT_TRUE(result.ok()) << result.error().message;
  }

  /// Rows as text: references, numbers, texts with " | " between them; or the error.
  std::vector<std::string> Rows(const std::string& text) {
    auto query = session_->Prepare(text);
    auto result = query.ok() ? (*query)->Run() : Result<QueryResult>(query.error());
    if (!result.ok()) return {"error " + result.error().message};
    last_ = std::move(*result);
    std::vector<std::string> rows;
    for (const auto& row : last_.rows) {
      std::string line;
      for (const QueryValue& value : row) line += (line.empty() ? "" : " | ") + TextOf(value);
      rows.push_back(line);
    }
    return rows;
  }

  static std::string TextOf(const QueryValue& value) {
    if (const auto* version = std::get_if<QueryVersion>(&value.value)) return version->reference;
    if (const auto* text = std::get_if<std::string>(&value.value)) return *text;
    if (const auto* integer = std::get_if<std::int64_t>(&value.value)) {
      return std::to_string(*integer);
    }
    if (const auto* flag = std::get_if<bool>(&value.value)) return *flag ? "true" : "false";
    if (const auto* real = std::get_if<double>(&value.value)) return std::to_string(*real);
    if (const auto* node = std::get_if<QueryNode>(&value.value)) return node->name;
    const auto* list = std::get_if<QueryList>(&value.value);
    if (list == nullptr) return "NULL";
    std::string line;
    for (const QueryValue& member : *list) line += (line.empty() ? "" : ", ") + TextOf(member);
    return "[" + line + "]";
  }

  using Lines = std::vector<std::string>;
  fs::path folder_;
  std::unique_ptr<Repository> repository_;
  std::unique_ptr<QuerySession> session_;
  QueryResult last_;
};

TEST_F(QueryTest, ReadsMetadataNetworksAndWeights) {
  EXPECT_EQ(Rows("select m where m.metrics[\"acc\"] > 0.6"), Lines{"mlp:v2"});
  EXPECT_EQ(Rows("select m.metrics[\"acc\"].min a from m"), (Lines{"0.250000", "0.450000"}));
  EXPECT_EQ(Rows("select m[\"fc*\"] from m where m.number = 1"), Lines{"[fc1, fc2]"});
  EXPECT_EQ(Rows("select m where m[\"fc1\"].next has RELU() and m.number = 1"), Lines{"mlp:v1"});
  EXPECT_EQ(Rows("select norm(m[\"fc1\"].weight) n from m"), (Lines{"[8.000000]", "[16.000000]"}));
  EXPECT_EQ(Rows("select m where norm(m[\"fc1\"].weight) > 10"), Lines{"mlp:v2"});
  EXPECT_EQ(Rows("select count(*) from tensors t where t.version.number = 1"), Lines{"4"});
  EXPECT_EQ(
      Rows("select changed(a, b) c, distance(a, b) d from tensors a, tensors b where a.name = "
           "\"fc1.weight\" and b.name = a.name and a.version.number < b.version.number"),
      Lines{"true | 8.000000"});
}

TEST_F(QueryTest, SavesSlicesThatShareTheirWeights) {
  EXPECT_EQ(Rows("slice s from m where m.number = 1 mutate s.input = m[\"fc1\"] and s.output = "
                 "m[\"relu1\"] save as \"head\""),
            Lines{"s of mlp:v1"});
  EXPECT_EQ(last_.saved, Lines{"head:v1"});
  const auto details = repository_->Describe("head:v1");
  ASSERT_TRUE(details.ok()) << details.error().message;
  ASSERT_EQ(details->summary.parents.size(), 1u);
  EXPECT_EQ(details->summary.parents[0].relation, Relation::kSlice);
  EXPECT_NE(details->summary.parents[0].attributes.at("query").find("slice s from m"),
            std::string::npos);
  const auto source = repository_->Describe("mlp:v1");
  ASSERT_TRUE(source.ok());
  for (const TensorInfo& tensor : details->tensors) {
    const bool shared = std::any_of(source->tensors.begin(), source->tensors.end(),
                                    [&](const TensorInfo& old) { return old.id == tensor.id; });
    EXPECT_TRUE(shared) << tensor.name;
  }
  EXPECT_EQ(details->tensors.size(), 2u);
  EXPECT_EQ(Rows("select a.reference from m, ancestor(m) a where m.name = \"head\""),
            Lines{"mlp:v1"});
  EXPECT_EQ(Rows("select m.reference, m[\"*\"], norm(m[\"fc1\"].weight) from m where m.name = "
                 "\"head\""),
            Lines{"head:v1 | [fc1, relu1] | [8.000000]"});
}

TEST_F(QueryTest, SavesEditsWithNewWeights) {
  EXPECT_EQ(Rows("construct c from m where m.number = 1 mutate m[\"fc1\"].insert = FULL(\"extra\", "
                 "64, init = normal(0, 0.5, seed=3)) save as \"deep\""),
            Lines{"c of mlp:v1"});
  EXPECT_EQ(Rows("select m[\"*\"] from m where m.name = \"deep\""),
            Lines{"[fc1, extra, relu1, fc2]"});
  EXPECT_EQ(Rows("select m where norm(m[\"extra\"].weight) between 30 and 34"), Lines{"deep:v1"});
}

/// The initializer of a made parameter is how it began, not what it is after a training.
TEST_F(QueryTest, DerivedFromATrainedEditKeepsTheTrainedWeights) {
  Rows(
      "construct c from m where m.number = 1 mutate m[\"fc1\"].insert = FULL(\"extra\", 64, init "
      "= normal(0, 0.5, seed=3)) save as \"deep\"");
  const auto made = repository_->ReadNetwork("deep");
  ASSERT_TRUE(made.ok()) << made.error().message;
  std::ofstream(folder_ / "deep.dlvnet") << NetworkText(made->network);
  ConstantWeights trained(0.125F);
  trained.Add("extra.weight", {64, 64}, 0.75F);
  trained.Add("extra.bias", {64}, 0.25F);
  CommitRequest request;
  request.model = "deep";
  request.graph = folder_ / "deep.dlvnet";
  request.tensors = {{&trained, std::nullopt}};
  ASSERT_TRUE(repository_->Commit(request).ok());

  const std::string of_trained = " from m where m.reference = \"deep:v2\" mutate ";
  Rows("slice s" + of_trained +
       "s.input = m[\"fc1\"] and s.output = m[\"relu1\"] save as \"part\"");
  EXPECT_EQ(last_.saved, Lines{"part:v1"});
  Rows("construct c" + of_trained + "m[\"relu1\"].delete save as \"less\"");
  EXPECT_EQ(last_.saved, Lines{"less:v1"});
  EXPECT_EQ(Rows("select m.reference, norm(m[\"extra\"].weight), norm(m[\"extra\"].bias) from m "
                 "where m.name in (\"part\", \"less\") order by 1"),
            (Lines{"less:v1 | [48.000000] | [2.000000]", "part:v1 | [48.000000] | [2.000000]"}));
}

TEST_F(QueryTest, SavesSeveralNetworksAsOneOperation) {
  Rows("slice s from m mutate s.input = m[\"fc1\"] and s.output = m[\"relu1\"] save as \"heads\"");
  EXPECT_EQ(last_.saved, (Lines{"heads:v1", "heads:v2"}));
  EXPECT_EQ(
      Rows("select p.reference from m, parent(m) p where m.name = \"heads\" order by m.number"),
      (Lines{"mlp:v1", "mlp:v2"}));
  ASSERT_TRUE(repository_->Undo().ok());
  EXPECT_EQ(repository_->ListVersions()->size(), 2u);
}

/// A version whose weights are stored as differences from those before: its high planes decide.
TEST_F(QueryTest, ComparisonsOfDeltasReadNoLowSegment) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  std::vector<float> values(512 * 256);
  for (float& value : values) value = normal(random);
  for (const std::uint64_t deltas : {0u, 1u}) {
    for (float& value : values) value += 1e-4F * normal(random);
    ConstantWeights weights(0.5F);
    weights.Add("big", {512, 256}, values);
    CommitRequest request;
    request.model = "trained";
    request.tensors = {{&weights, std::nullopt}};
    const auto result = repository_->Commit(request);
    ASSERT_TRUE(result.ok()) << result.error().message;
    EXPECT_EQ(result->tensors_delta, deltas);
  }
  const auto cost = [&](const std::string& text) {
    Rows("explain analyze " + text);
    std::pair<std::uint64_t, std::uint64_t> most;  // planes, bytes
    for (const ExplainLine& line : last_.explain) {
      most.first = std::max(most.first, line.planes.value_or(0));
      most.second = std::max(most.second, line.read_bytes.value_or(0));
    }
    return most;
  };
  const std::string of_last = "m.name = \"trained\" and m.number = 2";
  const auto compared = cost("select m where " + of_last + " and norm(m.tensors[\"big\"]) > 3");
  const auto whole = cost("select norm(m.tensors[\"big\"]) from m where " + of_last);
  EXPECT_EQ(whole.first, 32u);
  EXPECT_GT(compared.first, 0u);
  EXPECT_LE(compared.first, 16u);
  EXPECT_LT(compared.second, whole.second * 6 / 10);
  EXPECT_EQ(Rows("select m where " + of_last + " and norm(m.tensors[\"big\"]) > 3"),
            Lines{"trained:v2"});
}

TEST_F(QueryTest, LeavesNothingBehindWhenSavingFails) {
  const auto rows = Rows(
      "slice s from m mutate s.input = m[\"fc1\"] and s.output = m[\"relu1\"] "
      "save as \"no/name\"");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_TRUE(rows[0].starts_with("error ")) << rows[0];
  EXPECT_EQ(repository_->ListVersions()->size(), 2u);
}

TEST_F(QueryTest, KeepsNamedQueries) {
  Rows("create query good as select m where m.metrics[\"acc\"] > 0.6");
  auto again = QuerySession::Open(*repository_);
  ASSERT_TRUE(again.ok());
  session_ = std::move(*again);
  EXPECT_EQ(Rows("select m.reference from query(\"good\") m"), Lines{"mlp:v2"});
  EXPECT_TRUE(Rows("drop query good")[0].find("only reads") != std::string::npos);
}

/// A version that was removed and restored has no network in the catalog; no more than one of a
/// release before there were networks.
TEST_F(QueryTest, ReadsNetworksThatTheCatalogLacks) {
  ASSERT_TRUE(repository_->Remove({"mlp:v1"}, true, false).ok());
  EXPECT_EQ(Rows("select m where m[\"fc1\"].next has RELU()"), Lines{"mlp:v2"});
  ASSERT_TRUE(repository_->Undo().ok());
  EXPECT_EQ(Rows("select m where m[\"fc1\"].next has RELU() order by m.number"),
            (Lines{"mlp:v1", "mlp:v2"}));
  EXPECT_EQ(Rows("select n from nodes n where n.version.number = 1 and n.name = \"relu1\""),
            Lines{"relu1"});
}

TEST_F(QueryTest, SeesWhatOthersCommitted) {
  EXPECT_EQ(Rows("select count(*) from m"), Lines{"2"});
  Commit(1, 0.3);
  EXPECT_EQ(Rows("select count(*) from m"), Lines{"3"});
}

TEST_F(QueryTest, TextsAreReferencesOfEveryKind) {
  EXPECT_EQ(Rows("select m where m = \"mlp~1\""), Lines{"mlp:v1"});
  EXPECT_EQ(Rows("select a from ancestor(\"mlp:latest\") a"), Lines{"mlp:v1"});
  const auto id = repository_->Resolve("mlp:v1")->id.Hex(8);
  EXPECT_EQ(Rows("select m from \"mlp@" + id + "\" m"), Lines{"mlp:v1"});
  EXPECT_EQ(Rows("select version(\"mlp^1\") v from m where m.number = 2"), Lines{"mlp:v1"});
  for (const char* refused : {"mlp~7", "mlp/fc1.weight", "mlp@ffffffff", "none~1"}) {
    const Lines rows = Rows("select m where m = \"" + std::string(refused) + "\"");
    EXPECT_TRUE(rows.size() == 1 && rows[0].starts_with("error line 1, column 20: ")) << rows[0];
  }
}

TEST_F(QueryTest, ReferencesMeanWhatTheyMeanWhenItRuns) {
  auto query = session_->Prepare("select m.number where m = \"mlp~1\" or m = :version");
  ASSERT_TRUE(query.ok());
  ASSERT_TRUE((*query)->Bind("version", {std::string("mlp")}).ok());
  const auto numbers = [&] {
    std::vector<std::int64_t> found;
    const auto result = (*query)->Run();
    EXPECT_TRUE(result.ok()) << result.error().message;
    if (!result.ok()) return found;
    for (const auto& row : result->rows) found.push_back(std::get<std::int64_t>(row[0].value));
    return found;
  };
  EXPECT_EQ(numbers(), (std::vector<std::int64_t>{1, 2}));
  Commit(0.5F, 0.95);
  EXPECT_EQ(numbers(), (std::vector<std::int64_t>{2, 3}));
}

}  // namespace
}  // namespace dlv
