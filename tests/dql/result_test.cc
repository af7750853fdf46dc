// Runs the statements of tests/dql/*.test, one session a file, and compares what comes.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
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

/// A tensor of numbers as networks have them, and as they should not.
std::vector<float> HostileNumbers(std::mt19937& random, std::size_t place) {
  std::vector<float> numbers(place % 2 == 0 ? 40 : random() % 50);
  std::normal_distribution<float> normal;
  const float scale = std::ldexp(1.0f, static_cast<int>(random() % 12) - 6);
  for (float& number : numbers) number = normal(random) * scale;
  const auto put = [&](float number) {
    if (!numbers.empty()) numbers[random() % numbers.size()] = number;
  };
  switch (place % 8) {
    case 1:
      put(std::numeric_limits<float>::quiet_NaN());
      break;
    case 2:
      put(-std::numeric_limits<float>::infinity());
      break;
    case 3:
      for (float& number : numbers) number *= 1e-40f;
      break;
    case 4:
      for (float& number : numbers) number = random() % 2 == 0 ? 0.0f : -0.0f;
      break;
    case 5:
      for (float& number : numbers) number = 3e38f;
      break;
    default:
      break;
  }
  return numbers;
}

/// Versions of one tensor each, some of them equal.
std::unique_ptr<FakeContext> HostileWeights() {
  auto context = std::make_unique<FakeContext>();
  std::mt19937 random(5);
  std::vector<float> numbers;
  for (std::size_t i = 0; i < 17; ++i) {
    if (i % 9 != 8) numbers = HostileNumbers(random, i);
    context->Add({.model = "net", .number = i + 1, .tensors = {{"w", numbers}}});
  }
  return context;
}

void ExpectSameRows(const std::vector<std::string>& statements) {
  const auto session = MakeSession(HostileWeights(), {}, {});
  const auto plain = MakeSession(HostileWeights(), {}, {.prune_planes = false});
  for (const std::string& statement : statements) {
    const auto want = Outcome(*plain, statement);
    ASSERT_FALSE(want.empty()) << statement;
    EXPECT_FALSE(want[0].starts_with("error")) << statement << ": " << want[0];
    EXPECT_EQ(Outcome(*session, statement), want) << statement;
  }
}

constexpr const char* kFigures[] = {"norm(X)", "norm(X, 1)", "norm(X, inf)", "mean(X)",
                                    "std(X)",  "min(X)",     "max(X)",       "sparsity(X, 0.1)"};
constexpr const char* kPairFigures[] = {"distance(X, Y)", "cosine(X, Y)"};

/// With the letters X and Y as names of variables.
std::string FigureOf(std::string text, const std::string& x, const std::string& y = "") {
  if (const std::size_t at = text.find('Y'); at != text.npos) text.replace(at, 1, y);
  return text.replace(text.find('X'), 1, x);
}

TEST(Planes, NeverChangeAComparisonOfFigures) {
  std::vector<std::string> statements;
  for (const char* figure : kFigures) {
    for (const char* op : {">", "<=", "="}) {
      statements.push_back("select a.version.number x, b.version.number y, " +
                           FigureOf(figure, "a") + " " + op + " " + FigureOf(figure, "b") +
                           " z from tensors a, tensors b");
    }
    statements.push_back("select a.version.number x, b.version.number y, " + FigureOf(figure, "a") +
                         " < 2 * norm(b) z from tensors a, tensors b");
  }
  for (const char* figure : kPairFigures) {
    for (const char* other : {"distance(b, c)", "cosine(b, c)", "mean(c)", "0.25", "1"}) {
      statements.push_back("select b.version.number x, c.version.number y, " +
                           FigureOf(figure, "a", "b") + " >= " + other +
                           " z from tensors a, tensors b, tensors c where a.version.number = 1 "
                           "and c.version.number < 8 and numel(a) = numel(b) and numel(b) = "
                           "numel(c)");
    }
  }
  ExpectSameRows(statements);
}

TEST(Planes, NeverChangeTheFirstRows) {
  std::vector<std::string> statements;
  for (const char* figure : kFigures) {
    for (const char* order : {"", " desc", " desc nulls first"}) {
      for (const char* limit : {"1", "4 offset 2", "9", "17 offset 12"}) {
        statements.push_back("select t.version.number n from tensors t order by " +
                             FigureOf(figure, "t") + order + " limit " + limit);
      }
    }
    statements.push_back("select t.version.number % 3 n, " + FigureOf(figure, "t") +
                         " f from tensors t order by f, n desc limit 9");
    statements.push_back("select m.number n order by first(" +
                         FigureOf(figure, "m.tensors[\"*\"]") + ") limit 9");
    statements.push_back("select m.number n order by first(" +
                         FigureOf(figure, "m.tensors[\"none\"]") + ") nulls first limit 9");
  }
  for (const char* figure : kPairFigures) {
    for (const char* limit : {"1", "5", "12"}) {
      statements.push_back(
          "select b.version.number n from tensors a, tensors b where "
          "a.version.number = 1 and numel(a) = numel(b) order by " +
          FigureOf(figure, "a", "b") + " limit " + limit);
    }
  }
  ExpectSameRows(statements);
}

/// Ten tensors of 800 numbers whose norms double from one to the next.
std::uint64_t BytesOfDoubling(const std::string& text, bool prune, std::uint64_t* planes) {
  auto context = std::make_unique<FakeContext>();
  const FakeContext& fake = *context;
  for (int i = 0; i < 10; ++i) {
    std::vector<float> numbers(800, std::ldexp(1.25f, 2 * i));
    context->Add({.model = "net",
                  .number = static_cast<std::uint64_t>(i) + 1,
                  .tensors = {{"w", std::move(numbers)}}});
  }
  const auto session = MakeSession(std::move(context), {}, {.prune_planes = prune});
  auto query = session->Prepare("explain analyze " + text);
  EXPECT_TRUE(query.ok()) << text;
  const auto result = (*query)->Run();
  EXPECT_TRUE(result.ok()) << text;
  std::uint64_t bytes = 0;
  *planes = 0;
  for (const ExplainLine& line : result->explain) {
    bytes = std::max(bytes, line.read_bytes.value_or(0));
    *planes = std::max(*planes, line.planes.value_or(0));
  }
  EXPECT_EQ(bytes, fake.read_bytes()) << text;
  return bytes;
}

TEST(Planes, OfFiguresAreReadAsFarAsTheyDecide) {
  constexpr std::uint64_t kHead = 800 * 9 / 8, kAll = 800 * 4;
  std::uint64_t planes = 0;
  const std::string pairs =
      "select a, b from tensors a, tensors b where a.version.number != b.version.number and "
      "norm(a) > norm(b)";
  EXPECT_EQ(BytesOfDoubling(pairs, true, &planes), 10 * kHead);
  EXPECT_EQ(planes, 9u);
  EXPECT_EQ(BytesOfDoubling(pairs, false, &planes), 10 * kAll);
  EXPECT_EQ(planes, 32u);

  const std::string top = "select t, norm(t) n from tensors t order by n desc limit 2";
  EXPECT_EQ(BytesOfDoubling(top, true, &planes), 10 * kHead + 2 * kAll);
  EXPECT_EQ(BytesOfDoubling(top, false, &planes), 10 * kAll);

  const std::string cosine =
      "select a from tensors a, tensors b where b.version.number = 1 and "
      "a.version.number < 3 and cosine(a, b) < -0.5";
  EXPECT_EQ(BytesOfDoubling(cosine, true, &planes), 6 * kAll * 13 / 32);
  EXPECT_EQ(planes, 13u);
  EXPECT_EQ(BytesOfDoubling(cosine, false, &planes), 4 * kAll);
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
