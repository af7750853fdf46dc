#include "storage/catalog/schema.h"

#include <array>

#include "tests/unit/storage/catalog/catalog_fixture.h"

namespace dlv::catalog {
namespace {

constexpr std::array<const char*, 3> kSteps = {
    "CREATE TABLE a(x INTEGER); INSERT INTO a VALUES(1);",
    "ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 7;",
    "CREATE TABLE b(z INTEGER); INSERT INTO b SELECT x + y FROM a;",
};

class Schema : public CatalogTest {
 protected:
  std::unique_ptr<Connection> OpenOther(bool create) {
    return Must(Connection::Open(disk_, "/repo/other.db", create, false));
  }
};

TEST_F(Schema, StepsRunOnceInOrder) {
  for (std::size_t known = 1; known <= kSteps.size(); ++known) {
    const auto connection = OpenOther(known == 1);
    ASSERT_OK(Migrate(*connection, std::span(kSteps).first(known)));
    ASSERT_OK(Migrate(*connection, std::span(kSteps).first(known)));
    EXPECT_EQ(Must(ReadSchemaVersion(*connection)), static_cast<int>(known));
  }
  EXPECT_EQ(Must(OpenOther(false)->Number("SELECT z FROM b")), 8);
  EXPECT_EQ(Must(OpenOther(false)->Number("SELECT count(*) FROM a")), 1);
}

TEST_F(Schema, NewerSchemaIsRefusedNamingBothVersions) {
  ASSERT_OK(Migrate(*OpenOther(true), kSteps));
  const Status status = Migrate(*OpenOther(false), std::span(kSteps).first(2));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(status.error().message.find("version 3"), std::string::npos) << status.error().message;
  EXPECT_NE(status.error().message.find("up to 2"), std::string::npos) << status.error().message;
}

TEST_F(Schema, OpenRefusesNewerAndForeignFiles) {
  catalog_ = nullptr;
  {
    const auto connection = Must(Connection::Open(disk_, kPath, false, false));
    ASSERT_OK(connection->Execute("PRAGMA user_version = 1000"));
  }
  for (const OpenMode mode : {OpenMode::kRead, OpenMode::kReadWrite}) {
    EXPECT_EQ(Catalog::Open(disk_, kPath, mode).error().code, ErrorCode::kUnsupported);
  }
  {
    const auto connection = Must(Connection::Open(disk_, kPath, false, false));
    ASSERT_OK(connection->Execute("PRAGMA user_version = 1; PRAGMA application_id = 5"));
  }
  EXPECT_EQ(Catalog::Open(disk_, kPath, OpenMode::kRead).error().code, ErrorCode::kCorruption);
}

TEST_F(Schema, FailingStepChangesNothing) {
  ASSERT_OK(Migrate(*OpenOther(true), std::span(kSteps).first(1)));
  const std::array<const char*, 2> broken = {kSteps[0],
                                             "CREATE TABLE c(x); INSERT INTO nowhere VALUES(1);"};
  EXPECT_FALSE(Migrate(*OpenOther(false), broken).ok());
  EXPECT_EQ(Must(ReadSchemaVersion(*OpenOther(false))), 1);
  EXPECT_EQ(Must(OpenOther(false)->Number("SELECT count(*) FROM sqlite_schema WHERE name = 'c'")),
            0);
}

}  // namespace
}  // namespace dlv::catalog
