// predict and evaluate of DQL on a small network: the same answers and figures as `dlv eval`.

#include <gtest/gtest.h>

#include <fstream>

#include "dlv/query.h"
#include "tests/unit/engine/api/small_network.h"

namespace dlv {
namespace {

using namespace small_network;  // NOLINT

class QueryInferenceTest : public ProgressiveEvaluationTest {
 protected:
  void SetUp() override {
    ProgressiveEvaluationTest::SetUp();
    QueryOptions options;
    options.read_only = false;
    auto session = QuerySession::Open(*repository_, options);
    ASSERT_TRUE(session.ok());
    session_ = std::move(session).value();
    on_ = " on \"" + (root_ / "x.npy").string() + "\" ";
    labelled_ = " with labels = \"" + (root_ / "y.npy").string() + "\" ";
  }
  void TearDown() override {
    session_.reset();
    ProgressiveEvaluationTest::TearDown();
  }

  QueryResult Ask(const std::string& text, const Operation& operation = {}) {
    auto query = session_->Prepare(text);
    EXPECT_TRUE(query.ok()) << text << "\n" << session_->diagnostic().rendered;
    if (!query.ok()) return {};
    auto result = (*query)->Run(operation);
    EXPECT_TRUE(result.ok()) << text << "\n" << session_->diagnostic().rendered;
    return result.ok() ? std::move(*result) : QueryResult();
  }
  Error Refused(const std::string& text, const Operation& operation = {}) {
    auto query = session_->Prepare(text);
    if (!query.ok()) return query.error();
    const auto result = (*query)->Run(operation);
    EXPECT_FALSE(result.ok()) << text;
    return result.ok() ? Error{} : result.error();
  }
  template <class T>
  static T As(const QueryValue& value) {
    const T* of = std::get_if<T>(&value.value);
    EXPECT_NE(of, nullptr);
    return of == nullptr ? T() : *of;
  }

  std::unique_ptr<QuerySession> session_;
  std::string on_, labelled_;
};

TEST_F(QueryInferenceTest, PredictsWhatAProgressiveEvaluationAnswers) {
  const ProgressiveReport run = Evaluated();
  const QueryResult all = Ask("predict m" + on_ + labelled_);
  ASSERT_EQ(all.rows.size(), kExamples);
  ASSERT_EQ(all.columns.size(), 11U);
  EXPECT_EQ(all.columns[0].name, "version");
  std::uint64_t certified = 0;
  double bits = 0;
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    EXPECT_EQ(As<QueryVersion>(all.rows[i][0]).reference, "mlp:v1");
    EXPECT_EQ(As<std::int64_t>(all.rows[i][1]), static_cast<std::int64_t>(i));
    EXPECT_EQ(As<std::int64_t>(all.rows[i][4]), static_cast<std::int64_t>(i % 40));
    certified += As<std::string>(all.rows[i][6]) == "certified" ? 1 : 0;
    bits += As<double>(all.rows[i][9]);
  }
  EXPECT_EQ(certified, run.certified);
  EXPECT_NEAR(bits / kExamples, run.all_bits.mean, 1e-9);
  const auto session = Session::Open(*repository_, "mlp");
  const auto named = (*session)->Classify({{96, 64}, inputs_});
  ASSERT_TRUE(named.ok());
  for (std::size_t i = 0; i < all.rows.size(); ++i)
    EXPECT_EQ(As<std::int64_t>(all.rows[i][2]), named->at(i).classes.front()) << i;
}

TEST_F(QueryInferenceTest, RowsAreFilteredJoinedAndCounted) {
  const QueryResult all = Ask("predict m" + on_ + labelled_);
  const QueryResult some =
      Ask("predict m" + on_ + "top 2" + labelled_ +
          "where input in (3, 17, 18, 95) and m.name = \"mlp\" order by input desc limit 3");
  ASSERT_EQ(some.rows.size(), 3U);
  for (const auto& [row, input] : {std::pair(0, 95), std::pair(1, 18), std::pair(2, 17)}) {
    const auto& one = some.rows[static_cast<std::size_t>(row)];
    EXPECT_EQ(As<std::int64_t>(one[1]), input);
    EXPECT_EQ(one[2], all.rows[static_cast<std::size_t>(input)][2]);
    EXPECT_EQ(As<QueryList>(one[3]).size(), 2U);
  }
  const QueryResult share = Ask("select version, avg(correct) acc, sum(correct) n from (predict m" +
                                on_ + labelled_ + ") group by version order by 2 desc limit 1");
  ASSERT_EQ(share.rows.size(), 1U);
  const auto report = repository_->EvaluateProgressive({"mlp"}, options_, progressive_);
  EXPECT_DOUBLE_EQ(As<double>(share.rows[0][1]), report->versions[0].evaluation.metrics[0].second);
  const QueryResult same =
      Ask("select count(*) from (predict m" + on_ + ") a, (predict m" + on_ +
          "heuristic 4) b where a.input = b.input and a.label = b.label and b.truth is null");
  EXPECT_GT(As<std::int64_t>(same.rows[0][0]), 80);
  const QueryResult nested = Ask("select m, (select count(*) from (predict m" + on_ +
                                 "where input < 5)) n from versions m");
  EXPECT_EQ(As<std::int64_t>(nested.rows[0][1]), 5);
}

TEST_F(QueryInferenceTest, ModesAndExplain) {
  const QueryResult within = Ask("predict m" + on_ + "within 10 planes where input < 30");
  bool open = false;
  for (const auto& row : within.rows) {
    const auto status = As<std::string>(row[6]);
    EXPECT_TRUE(status == "certified" || status == "heuristic") << status;
    open = open || status == "heuristic";
  }
  EXPECT_TRUE(open) << "10 planes prove everything";
  const QueryResult plan = Ask("explain predict m" + on_ + "where input < 30");
  bool asked = false;
  for (const ExplainLine& line : plan.explain)
    asked = asked || line.text.find("for inputs with input < 30") != std::string::npos;
  EXPECT_TRUE(asked);
  const QueryResult done = Ask("explain analyze predict m" + on_ + "within 10 planes");
  EXPECT_GT(done.explain[0].read_bytes.value_or(0), 0U);
  EXPECT_GE(done.explain[0].planes.value_or(0), 9U);
  EXPECT_LE(done.explain[0].planes.value_or(0), 10U);
}

TEST_F(QueryInferenceTest, ErrorsNameTheVersionOnce) {
  const std::string message = Refused("predict m" + on_ + "within 3 planes").message;
  EXPECT_NE(message.find("mlp:v1: at most 3 planes"), std::string::npos) << message;
  EXPECT_EQ(message.find("mlp:v1"), message.rfind("mlp:v1")) << message;
}

TEST_F(QueryInferenceTest, EvaluatesAsTheCommandDoes) {
  options_.metrics = {"top1", "loss"};
  const auto report = repository_->Evaluate({"mlp"}, options_);
  ASSERT_TRUE(report.ok()) << report.error().message;
  const auto& wanted = report->versions[0].metrics;
  const QueryResult result = Ask("evaluate m" + on_ + labelled_);
  ASSERT_EQ(result.rows.size(), 1U);
  EXPECT_EQ(As<std::int64_t>(result.rows[0][2]), 96);
  EXPECT_EQ(As<double>(result.rows[0][3]), wanted[0].second);
  EXPECT_EQ(As<double>(result.rows[0][4]), wanted[1].second);
  const QueryResult varied = Ask("evaluate m" + on_ + labelled_ +
                                 "vary config.preprocess in [\"scale=1/4\", \"scale=0.001\", \"\"]"
                                 " keep top(2, m[\"loss\"], 1) and top(1, m[\"loss\"])");
  ASSERT_EQ(varied.rows.size(), 1U);
  EXPECT_EQ(As<std::int64_t>(varied.rows[0][3]), 96);
  EXPECT_LE(As<double>(varied.rows[0][4]), wanted[1].second);
}

TEST_F(QueryInferenceTest, ResultsAreRecordedOnRequest) {
  EXPECT_TRUE(Ask("select e from evaluations e").rows.empty());
  Ask("evaluate m" + on_ + labelled_ + "save");
  const QueryResult saved = Ask("select e.metric, e.data, e.engine, e.examples from evaluations e");
  ASSERT_EQ(saved.rows.size(), 2U);
  EXPECT_EQ(As<std::string>(saved.rows[0][1]), "x.npy");
  EXPECT_EQ(As<std::string>(saved.rows[0][2]), "plain");
  const auto reader = QuerySession::Open(*repository_);
  auto query = (*reader)->Prepare("evaluate m" + on_ + labelled_ + "save");
  ASSERT_TRUE(query.ok());
  EXPECT_EQ((*query)->Run().error().code, ErrorCode::kInvalidArgument);
}

// What `dlv eval --preprocess` does for one version. Statements that only read remember nothing.
TEST_F(QueryInferenceTest, StepsOfSavedResultsAreRemembered) {
  const auto remembered = [&] { return repository_->Describe("mlp")->summary.tags; };
  const std::string steps = labelled_ + "and preprocess = \"scale=1/2\" ";
  Ask("evaluate m" + on_ + steps);
  Ask("predict m" + on_ + "with preprocess = \"scale=1/2\" where input < 4");
  EXPECT_FALSE(remembered().contains("preprocess"));
  Ask("evaluate m" + on_ + labelled_ +
      "vary config.preprocess in [\"scale=1/4\", \"scale=1/8\"] save");
  EXPECT_FALSE(remembered().contains("preprocess")) << "which of the two?";
  Ask("evaluate m" + on_ + steps + "save");
  EXPECT_EQ(remembered().at("preprocess"), "scale=1/2");
  Ask("evaluate m" + on_ + labelled_ + "save");
  EXPECT_EQ(remembered().at("preprocess"), "scale=1/2") << "it holds, and stays";
  Ask("evaluate m" + on_ + labelled_ +
      "vary config.preprocess in [\"scale=1/4\", \"scale=1/8\"] keep top(1, m[\"loss\"]) save");
  EXPECT_NE(remembered().at("preprocess"), "scale=1/2") << "the one that was kept";
}

TEST_F(QueryInferenceTest, NetworksOfSliceAndConstructRun) {
  const std::string linear = "(construct n from m mutate m[\"act\"].delete)";
  const QueryResult without = Ask("evaluate n from " + linear + on_ + labelled_);
  ASSERT_EQ(without.rows.size(), 1U);
  const QueryResult with = Ask("evaluate m" + on_ + labelled_);
  EXPECT_NE(without.rows[0][4], with.rows[0][4]);
  const QueryResult rows = Ask("predict n from " + linear + on_ + "where input < 4");
  ASSERT_EQ(rows.rows.size(), 4U);
  EXPECT_EQ(rows.columns[0].name, "network");
  const QueryResult first =
      Ask("predict f from (slice f from m mutate f.input = m[\"fc1\"] and f.output = m[\"fc1\"])" +
          on_ + "where input < 4");
  ASSERT_EQ(first.rows.size(), 4U);
  for (const auto& row : first.rows) EXPECT_LT(As<std::int64_t>(row[2]), 48);
  const QueryResult grown =
      Ask("predict n from (construct n from m mutate m[\"fc2\"].insert = RELU(\"last\"))" + on_ +
          "where input < 4");
  EXPECT_EQ(grown.rows.size(), 4U);
}

TEST_F(QueryInferenceTest, RefusesWithWhatWhereGotAndWanted) {
  const auto refused = [&](const std::string& text) { return Refused(text).message; };
  EXPECT_NE(refused("predict m on \"nowhere.npy\"").find("nowhere.npy"), std::string::npos);
  EXPECT_NE(refused("predict m" + on_ + "top 41").find("the 41 greatest scores of 40"),
            std::string::npos);
  EXPECT_NE(refused("predict m" + on_ + "top 0").find("top is 0, want 1"), std::string::npos);
  EXPECT_NE(refused("predict m" + on_ + "with shuffle = 1").find("no setting"), std::string::npos);
  EXPECT_NE(refused("predict m" + on_ + "heuristic 0").find("above 0"), std::string::npos);
  EXPECT_NE(refused("predict x from models x" + on_).find("versions or networks"),
            std::string::npos);
  EXPECT_NE(refused("predict m" + on_ + "with calibrate = \"" + (root_ / "x.npy").string() + "\"")
                .find("cannot calibrate"),
            std::string::npos);
  EXPECT_EQ(Refused("evaluate m" + on_ + "vary config.base_lr in [0.1]").code,
            ErrorCode::kUnsupported);
  EXPECT_NE(refused("evaluate m" + on_).find("has no labels"), std::string::npos);
  EXPECT_NE(refused("evaluate m").find("no data"), std::string::npos);
  WriteNpy(root_ / "narrow.npy", "<f4", "2, 5", std::vector<float>(10));
  const std::string shape = refused("predict m on \"" + (root_ / "narrow.npy").string() + "\"");
  EXPECT_NE(shape.find("mlp:v1"), std::string::npos) << shape;
  EXPECT_NE(shape.find("[5]"), std::string::npos) << shape;
  EXPECT_NE(shape.find("[64]"), std::string::npos) << shape;
}

TEST_F(QueryInferenceTest, SettingsComeFromAFileAndParameters) {
  std::ofstream(root_ / "run.yaml")
      << "input_data: " << (root_ / "x.npy").string() << "\nlabels: " << (root_ / "y.npy").string()
      << "\nlimit: 10\nbase_lr: 0.1\n";
  const QueryResult result =
      Ask("evaluate m from m with config = \"" + (root_ / "run.yaml").string() + "\"");
  ASSERT_EQ(result.rows.size(), 1U);
  EXPECT_EQ(As<std::int64_t>(result.rows[0][2]), 10);
  ASSERT_EQ(result.warnings.size(), 1U);
  EXPECT_NE(result.warnings[0].find("base_lr"), std::string::npos);
  auto query = session_->Prepare("predict m on :data top :k where input < :n");
  ASSERT_TRUE(query.ok()) << session_->diagnostic().rendered;
  ASSERT_TRUE((*query)->Bind("data", {(root_ / "x.npy").string()}).ok());
  ASSERT_TRUE((*query)->Bind("k", {std::int64_t{3}}).ok());
  ASSERT_TRUE((*query)->Bind("n", {std::int64_t{2}}).ok());
  const auto rows = (*query)->Run();
  ASSERT_TRUE(rows.ok()) << session_->diagnostic().rendered;
  EXPECT_EQ(rows->rows.size(), 2U);
}

TEST_F(QueryInferenceTest, StopsWhenCancelled) {
  CancellationToken cancel;
  cancel.Cancel();
  Operation operation;
  operation.cancel = &cancel;
  EXPECT_EQ(Refused("predict m" + on_, operation).code, ErrorCode::kCancelled);
}

TEST_F(QueryInferenceTest, VersionsWithoutNetworkAreLeftOutAloud) {
  std::ofstream(root_ / "notes.txt") << "no network";
  CommitRequest request;
  request.model = "notes";
  request.files = {{root_ / "notes.txt", "notes.txt", {}}};
  ASSERT_TRUE(repository_->Commit(request).ok());
  const QueryResult result = Ask("predict m" + on_ + "where input = 0");
  EXPECT_EQ(result.rows.size(), 1U);
  ASSERT_EQ(result.warnings.size(), 1U);
  EXPECT_NE(result.warnings[0].find("notes:v1"), std::string::npos);
}

}  // namespace
}  // namespace dlv
