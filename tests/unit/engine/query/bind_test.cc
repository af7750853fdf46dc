#include "engine/query/bind.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/query/describe.h"
#include "engine/query/diagnostics.h"
#include "tests/support/language_file.h"
#include "tests/support/source_root.h"
#include "tests/unit/engine/query/fake_names.h"

namespace dlv::query {
namespace {

Result<BoundStatement> ParseAndBind(
    const std::string& text, Place* place,
    const std::vector<std::pair<std::string, Type>>* previous = nullptr) {
  const FakeNames names;
  DLV_ASSIGN(const auto tree, Parse(text, {}, place));
  return Bind(tree, text, {.names = &names, .previous = previous, .limits = {}}, place);
}

/// What the statement means; or "error LINE:COLUMN CODE message" and "hint ...".
std::vector<std::string> BindOutcome(const std::string& text) {
  Place place;
  const auto bound = ParseAndBind(text, &place);
  if (!bound.ok()) {
    const auto at = PlaceIn(text, place);
    std::vector<std::string> lines = {
        "error " + std::to_string(at.line) + ":" + std::to_string(at.column) + " " +
        ErrorCodeName(bound.error().code) + " " + bound.error().message};
    if (!bound.error().hint.empty()) lines.push_back("hint " + bound.error().hint);
    return lines;
  }
  std::vector<std::string> lines;
  lines.push_back(bound->query ? Describe(*bound->query, *bound) : "drop " + bound->name);
  for (const BoundParameter& parameter : bound->parameters) {
    lines.push_back("parameter " + parameter.name + " " + NameOf(parameter.type));
  }
  for (const std::string& warning : bound->warnings) lines.push_back("warning " + warning);
  return lines;
}

class BindFile : public ::testing::TestWithParam<const char*> {};

TEST_P(BindFile, GivesWhatItSays) {
  const auto cases = testing::ReadLanguageFile(testing::SourceRoot() / "tests/dql" / GetParam());
  ASSERT_FALSE(cases.empty());
  for (const auto& one : cases) {
    EXPECT_EQ(BindOutcome(one.statement), one.expected) << GetParam() << ":" << one.line;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, BindFile, ::testing::Values("bind.test", "bind_errors.test"));

TEST(Bind, KnowsColumnsOfTheLastResult) {
  Place place;
  const std::vector<std::pair<std::string, Type>> versions = {{"m", {TypeKind::kVersion}}};
  const std::vector<std::pair<std::string, Type>> rows = {{"a", {TypeKind::kReal}},
                                                          {"b", {TypeKind::kText}}};
  const auto described = [&](const std::string& text, const auto* previous) {
    const auto bound = ParseAndBind(text, &place, previous);
    return bound.ok() ? Describe(*bound->query, *bound) : bound.error().message;
  };
  EXPECT_EQ(described("select x.name from _", &versions), "select x.name as name text from _ x");
  EXPECT_EQ(described("select a from _ where b = \"x\"", &rows),
            "select e0.a as a real from _ e0 where (e0.b = \"x\")");
  const std::vector<std::pair<std::string, Type>>* none = nullptr;
  EXPECT_EQ(described("select a from _", none), "there is no last result yet");
}

TEST(Bind, NamesWhatAPlanMustLoad) {
  Place place;
  const auto bound = ParseAndBind(
      "select m.metrics[\"loss\"], m.hparams[\"lr\"] where m.metrics[\"val_acc\"].max > 0", &place);
  ASSERT_TRUE(bound.ok());
  EXPECT_EQ(bound->used.metrics, (std::vector<std::string>{"loss", "val_acc"}));
  EXPECT_EQ(bound->used.hparams, (std::vector<std::string>{"lr"}));
}

TEST(Bind, KeepsTheTextOfAStoredQuery) {
  Place place;
  const auto bound = ParseAndBind("create query q as select m where m.number = 1 ;", &place);
  ASSERT_TRUE(bound.ok());
  EXPECT_EQ(bound->query_text, "select m where m.number = 1");
  EXPECT_EQ(bound->name, "q");
}

TEST(Bind, GoesDownAsFarAsStatementsMay) {
  std::string text;
  text = "select m where " + std::string(490, '(') + "m.number = 1" + std::string(490, ')');
  Place place;
  EXPECT_TRUE(ParseAndBind(text, &place).ok());
  std::string queries = "select 1 x";
  for (int i = 0; i < 200; ++i) queries = "select (" + queries + ") x";
  EXPECT_TRUE(ParseAndBind(queries, &place).ok());
}

}  // namespace
}  // namespace dlv::query
