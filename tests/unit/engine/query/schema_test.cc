#include "engine/query/schema.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "tests/support/source_root.h"

namespace dlv::query {
namespace {

/// The row of a column as docs/dql.md shows it.
std::string RowOf(const Column& column) {
  return "| `" + std::string(column.name) + "`" + (column.key ? "*" : "") + " | " +
         NameOf(column.type) + " | " + std::string(column.meaning) + " |\n";
}

std::string ReadDocument() {
  std::ifstream file(testing::SourceRoot() / "docs/dql.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Schema, IsWhatTheDocumentSays) {
  const std::string document = ReadDocument();
  std::size_t at = document.find("## Relations");
  ASSERT_NE(at, std::string::npos);
  for (std::size_t i = 0; i <= Relations().size(); ++i) {
    const RelationSchema& relation = SchemaOf(static_cast<RelationId>(i));
    at = document.find("\n### " + std::string(relation.name) + "\n", at);
    ASSERT_NE(at, std::string::npos) << relation.name;
    std::string table = "| column | type | meaning |\n|---|---|---|\n";
    for (const Column& column : relation.columns) table += RowOf(column);
    const std::size_t end = document.find("\n#", at + 2);
    EXPECT_TRUE(document.substr(at, end - at).ends_with(table))
        << "docs/dql.md, " << relation.name << ", wants\n"
        << table;
  }
}

TEST(Schema, FindsNamesWithoutRegardToCase) {
  EXPECT_EQ(FindRelation("Versions"), RelationId::kVersions);
  EXPECT_EQ(FindRelation("networks"), std::nullopt);
  EXPECT_EQ(FindColumn(RelationId::kVersions, "created")->id, ColumnId::kVersionCreationTime);
  EXPECT_EQ(FindColumn(RelationId::kVersions, "MODEL")->id, ColumnId::kVersionName);
  EXPECT_EQ(FindColumn(RelationId::kVersions, "step"), nullptr);
  EXPECT_EQ(RelationOfEntity(TypeKind::kNode), RelationId::kNodes);
  EXPECT_EQ(RelationOfEntity(TypeKind::kRow), std::nullopt);
  EXPECT_EQ(RelationOfEntity(TypeKind::kText), std::nullopt);
}

TEST(Schema, NumbersRelationsAsItListsThem) {
  for (std::size_t i = 0; i < Relations().size(); ++i) {
    EXPECT_EQ(Relations()[i].id, static_cast<RelationId>(i));
    for (const Column& column : Relations()[i].columns) {
      EXPECT_EQ(ColumnOf(column.id).name, column.name);
    }
  }
}

}  // namespace
}  // namespace dlv::query
