#include "dlv/version_info.h"

#include <gtest/gtest.h>

#include "dlv/repository.h"

namespace dlv {
namespace {

TEST(Relation, NamesGoBothWays) {
  for (int i = 0; i < 10; ++i) {
    const auto relation = static_cast<Relation>(i);
    EXPECT_EQ(RelationFromName(NameOf(relation)), relation);
  }
  EXPECT_EQ(RelationFromName("distill"), Relation::kDistil);
  EXPECT_EQ(RelationFromName("cousin"), std::nullopt);
}

TEST(Repository, SaysWhatIsMissing) {
  const auto missing = Repository::Open("/nonexistent/folder");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(LibraryVersion().empty());
}

}  // namespace
}  // namespace dlv
