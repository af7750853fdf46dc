// Runs the statements of tests/dql/*.test, one session a file, and compares what comes.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/query/session.h"
#include "engine/query/value.h"
#include "tests/dql/fake_context.h"
#include "tests/support/language_file.h"
#include "tests/support/source_root.h"

namespace dlv::query {
namespace {

std::string TextOf(const QueryValue& value);

struct ValueText {
  std::string operator()(std::monostate) const { return "NULL"; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return FormatReal(value); }
  std::string operator()(const std::string& value) const { return value; }
  std::string operator()(QueryTime value) const { return FormatTime(value); }
  std::string operator()(const QueryVersion& value) const { return value.reference; }
  std::string operator()(const QueryNode& value) const { return value.name; }
  std::string operator()(const QueryList& values) const {
    std::string text;
    for (const QueryValue& value : values) text += (text.empty() ? "" : ", ") + TextOf(value);
    return "[" + text + "]";
  }
};

std::string TextOf(const QueryValue& value) { return std::visit(ValueText(), value.value); }

std::string NodesOf(const QueryNetwork& network) {
  std::string text = network.name + " of " + network.source + ":";
  for (const NetworkNode& node : network.network.nodes) text += " " + node.name;
  return text;
}

std::vector<std::string> LinesOf(const QueryResult& result) {
  std::vector<std::string> lines;
  if (!result.message.empty()) lines.push_back("message " + result.message);
  for (const ExplainLine& line : result.explain) {
    lines.push_back(std::string(2 * line.depth, ' ') + line.text);
  }
  for (const QueryNetwork& network : result.networks) {
    lines.push_back(NodesOf(network));
    for (const std::string& note : network.notes) lines.push_back("note " + note);
  }
  for (const std::string& reference : result.saved) lines.push_back("saved " + reference);
  if (!result.networks.empty()) return lines;
  for (const auto& row : result.rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += (i == 0 ? "" : " | ") + TextOf(row[i]);
    lines.push_back(line);
  }
  return lines;
}

/// What a statement gives; errors as "error LINE:COLUMN message" and "hint ...".
std::vector<std::string> Outcome(QuerySession& session, const std::string& text) {
  auto query = session.Prepare(text);
  auto result = query.ok() ? (*query)->Run() : Result<QueryResult>(query.error());
  if (result.ok()) return LinesOf(*result);
  const QueryDiagnostic& diagnostic = session.diagnostic();
  std::string line = "error ";
  if (diagnostic.place) {
    line += std::to_string(diagnostic.place->line) + ":" +
            std::to_string(diagnostic.place->column) + " ";
  }
  std::string message = result.error().message;
  if (message.starts_with("line ")) message = message.substr(message.find(": ") + 2);
  std::vector<std::string> lines = {line + message};
  if (!result.error().hint.empty()) lines.push_back("hint " + result.error().hint);
  return lines;
}

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
      auto lines = Outcome(*session, one.statement);
      const bool is_error = !one.expected.empty() && one.expected[0].starts_with("error");
      if (is_error) {
        lines.resize(std::min(lines.size(), one.expected.size()));
        for (std::size_t i = 0; i < lines.size(); ++i) {
          lines[i] = lines[i].substr(0, one.expected[i].size());
        }
      }
      EXPECT_EQ(lines, one.expected) << GetParam().file << ":" << one.line << "\n" << one.statement;
    }
  }
};

TEST_P(ResultFile, GivesWhatItSays) { Run({}); }

/// What a comparison reads must never decide which rows come.
TEST_P(ResultFile, GivesTheSameWithAllPlanes) { Run({.prune_planes = false}); }

INSTANTIATE_TEST_SUITE_P(Files, ResultFile,
                         ::testing::Values(FileOfTests{"metadata.test", "zoo"},
                                           FileOfTests{"networks.test", "alexnets"},
                                           FileOfTests{"weights.test", "weights"},
                                           FileOfTests{"derived.test", "alexnets"},
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
  ASSERT_TRUE((*query)->Bind("limit", {std::string("high")}).ok());
  EXPECT_EQ((*query)->Run().error().code, ErrorCode::kInvalidArgument);
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
