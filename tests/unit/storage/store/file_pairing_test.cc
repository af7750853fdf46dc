#include "storage/store/file_pairing.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dlv::store {
namespace {

using PairKind = TensorChange::Kind;

FileInfo Named(const std::string& path, std::uint8_t content) {
  FileInfo info;
  info.path = path;
  info.format = "blob";
  info.sha256.bytes[0] = content;
  return info;
}

TEST(FilePairing, ByPathByContentBySuffix) {
  const auto changes = PairFiles(
      {Named("a.json", 1), Named("b.txt", 2), Named("iter_1.caffemodel", 3), Named("gone", 9)},
      {Named("a.json", 7), Named("moved/b.txt", 2), Named("iter_2.caffemodel", 4),
       Named("c.md", 5)});
  ASSERT_EQ(changes.size(), 5U);
  EXPECT_EQ(changes[0].kind, PairKind::kChanged);
  EXPECT_FALSE(changes[0].renamed);
  EXPECT_EQ(changes[1].kind, PairKind::kIdentical);
  EXPECT_TRUE(changes[1].renamed);
  EXPECT_EQ(changes[1].before->path, "b.txt");
  EXPECT_EQ(changes[2].kind, PairKind::kChanged);
  EXPECT_TRUE(changes[2].renamed);
  EXPECT_EQ(changes[3].kind, PairKind::kAdded);
  EXPECT_EQ(changes[4].kind, PairKind::kRemoved);
  EXPECT_EQ(changes[4].before->path, "gone");
}

TEST(FilePairing, TwoOfASuffixAreNotGuessed) {
  const auto changes =
      PairFiles({Named("a.pt", 1), Named("b.pt", 2)}, {Named("c.pt", 3), Named("d.pt", 4)});
  EXPECT_EQ(changes.size(), 4U);
}

}  // namespace
}  // namespace dlv::store
