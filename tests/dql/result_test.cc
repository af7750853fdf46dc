// Runs the statements of tests/dql/*.test, one session a file, and compares what comes.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/query/session.h"
#include "tests/dql/fake_context.h"
#include "tests/dql/outcome.h"
#include "tests/support/language_file.h"
#include "tests/support/source_root.h"

namespace dlv::query {
namespace {

struct FileOfTests {
  const char* file;
  const char* fixture;
  friend std::ostream& operator<<(std::ostream& out, const FileOfTests& of) {
    return out << of.file;
  }
};

class ResultFile : public ::testing::TestWithParam<FileOfTests> {
 protected:
  /// Runs all statements; errors are compared as far as the file says them.
  static void Run(const EngineSwitches& switches) {
    const auto cases =
        testing::ReadLanguageFile(testing::SourceRoot() / "tests/dql" / GetParam().file);
    ASSERT_FALSE(cases.empty());
    QueryOptions options;
    options.read_only = false;
    const auto session = MakeSession(MakeFixture(GetParam().fixture), options, switches);
    for (const auto& one : cases) {
      EXPECT_EQ(AsFarAs(one.expected, Outcome(*session, one.statement)), one.expected)
          << GetParam().file << ":" << one.line << "\n"
          << one.statement;
    }
  }
};

TEST_P(ResultFile, GivesWhatItSays) { Run({}); }

/// What a comparison reads must never decide which rows come.
TEST_P(ResultFile, GivesTheSameWithAllPlanes) { Run({.prune_planes = false}); }

INSTANTIATE_TEST_SUITE_P(Files, ResultFile,
                         ::testing::Values(FileOfTests{"metadata.test", "zoo"},
                                           FileOfTests{"clauses.test", "zoo"},
                                           FileOfTests{"networks.test", "alexnets"},
                                           FileOfTests{"published.test", "alexnets"},
                                           FileOfTests{"weights.test", "weights"},
                                           FileOfTests{"derived.test", "alexnets"},
                                           FileOfTests{"parameters.test", "alexnets"},
                                           FileOfTests{"given_names.test", "zoo"},
                                           FileOfTests{"sessions.test", "zoo"}));

/// Bytes that a statement reads of the weights.
std::uint64_t BytesRead(const std::string& text, bool prune) {
  auto context = MakeFixture("weights");
  const FakeContext& fake = *context;
  const auto session = MakeSession(std::move(context), {}, {.prune_planes = prune});
  auto query = session->Prepare(text);
  EXPECT_TRUE(query.ok()) << text;
  if (query.ok()) {
    EXPECT_TRUE((*query)->Run().ok()) << text;
  }
  return fake.read_bytes();
}

TEST(Planes, AreReadOnlyUntilAComparisonIsDecided) {
  const std::string decided = "select m where norm(m.tensors[\"ramp\"]) > 3";
  EXPECT_EQ(BytesRead(decided, true), 1000 * 9 / 8);  // sign and exponent; both share the tensor
  EXPECT_EQ(BytesRead(decided, false), 4000u);
  const std::string close = "select m where norm(m.tensors[\"ramp\"]) > 18.2711";
  EXPECT_GT(BytesRead(close, true), 4000u);  // several levels, and then all of it
  EXPECT_EQ(BytesRead("select m where changed(m, latest_of(m))", true), 0u);
}

/// Every figure against every operator, near its value and far from it: the rows are those of a
/// comparison with the figure itself.
TEST(Planes, NeverChangeAnAnswer) {
  const auto session = MakeSession(MakeFixture("weights"), {}, {});
  const auto plain = MakeSession(MakeFixture("weights"), {}, {.prune_planes = false});
  for (const char* figure :
       {"norm(T)", "norm(T, 1)", "norm(T, inf)", "mean(T)", "std(T)", "min(T)", "max(T)",
        "sparsity(T, 0.1)", "nan_count(T)", "distance(T, m.tensors[\"ramp\"])"}) {
    for (const char* tensor : {"ramp", "noise"}) {
      std::string text = figure;
      for (std::size_t at; (at = text.find('T')) != std::string::npos;) {
        text.replace(at, 1, "m.tensors[\"" + std::string(tensor) + "\"]");
      }
      const auto value = Outcome(*plain, "select " + text + " where m.number = 1");
      ASSERT_EQ(value.size(), 1u);
      const std::string exact = value[0].substr(1, value[0].size() - 2);  // of a list of one
      for (const char* op : {"<", "=", "!=", ">="}) {
        for (const char* offset : {"", " + 0.000001", " - 0.1"}) {
          const std::string statement =
              "select m.reference where " + text + " " + op + " (" + exact + offset + ")";
          EXPECT_EQ(Outcome(*session, statement), Outcome(*plain, statement)) << statement;
        }
      }
    }
  }
}

TEST(Graphs, AreReadOncePerDistinctNetwork) {
  auto context = MakeFixture("alexnets");
  const FakeContext& fake = *context;
  const auto session = MakeSession(std::move(context), {}, {});
  const auto lines = Outcome(*session, "select m where m[\"conv1\"].next has POOL(\"MAX\")");
  EXPECT_EQ(lines.size(), 3u);
  EXPECT_EQ(fake.networks_read(), 3u);
}

TEST(Sessions, StopWhenTheyAreTold) {
  const auto session = MakeSession(MakeFixture("zoo"), {}, {});
  auto query = session->Prepare("select a from versions a, versions b, versions c, versions d");
  ASSERT_TRUE(query.ok());
  CancellationToken token;
  token.Cancel();
  Operation operation;
  operation.cancel = &token;
  const auto result = (*query)->Run(operation);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kCancelled);
}

TEST(Sessions, TakeParameters) {
  const auto session = MakeSession(MakeFixture("zoo"), {}, {});
  auto query = session->Prepare("select m.reference where m.metrics[\"acc\"] > :limit");
  ASSERT_TRUE(query.ok()) << query.error().message;
  EXPECT_EQ((*query)->parameters(), std::vector<std::string>{"limit"});
  EXPECT_FALSE((*query)->Run().ok());
  ASSERT_TRUE((*query)->Bind("limit", {0.9}).ok());
  EXPECT_EQ((*query)->Run()->rows.size(), 3u);
  ASSERT_TRUE((*query)->Bind("limit", {0.915}).ok());
  EXPECT_EQ((*query)->Run()->rows.size(), 2u);
  EXPECT_EQ((*query)->Bind("limit", {std::string("high")}).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ((*query)->Run()->rows.size(), 2u);  // the value before
  EXPECT_EQ((*query)->Bind("limt", {1.0}).error().code, ErrorCode::kNotFound);
}

TEST(Sessions, OnlyReadUnlessTheyMayWrite) {
  const auto session = MakeSession(MakeFixture("zoo"), {}, {});
  const auto lines = Outcome(*session, "create query q as select m");
  ASSERT_FALSE(lines.empty());
  EXPECT_NE(lines[0].find("only reads"), std::string::npos) << lines[0];
}

}  // namespace
}  // namespace dlv::query
