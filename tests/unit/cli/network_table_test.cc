// Words for networks and their differences.

#include "cli/network_table.h"

#include <gtest/gtest.h>

#include "cli/diff_network.h"

namespace dlv::cli {
namespace {

using Sizes = std::vector<std::int64_t>;

TEST(NetworkTable, OperatorsHaveTheirWindow) {
  NetworkNode node;
  node.op = "Conv";
  EXPECT_EQ(OperatorText(node), "Conv");
  node.attributes = {{"kernel_shape", Sizes{3, 5}}, {"strides", Sizes{1, 1}}};
  EXPECT_EQ(OperatorText(node), "Conv 3x5");
  node.attributes[1].value = Sizes{2, 2};
  EXPECT_EQ(OperatorText(node), "Conv 3x5 /2");
  node.attributes[1].value = Sizes{2, 1};
  EXPECT_EQ(OperatorText(node), "Conv 3x5 /2x1");
  node.attributes[0].value = std::string("of a wrong type");
  node.domain = "caffe";
  EXPECT_EQ(OperatorText(node), "caffe.Conv");
}

TEST(NetworkTable, CountsWhatIsKnown) {
  EXPECT_EQ(CountOf({"w", DType::kF32, NetworkShape{4, 3}, ""}), 12u);
  EXPECT_EQ(CountOf({"w", DType::kF32, NetworkShape{}, ""}), 1u);
  EXPECT_EQ(CountOf({"w", DType::kF32, NetworkShape{4, kUnknownSize}, ""}), 0u);
  EXPECT_EQ(CountOf({"w", DType::kF32, std::nullopt, ""}), 0u);
  EXPECT_EQ(CountOf({"w", DType::kF32, NetworkShape{1LL << 40, 1LL << 40}, ""}), 0u);
}

TEST(NetworkDifference, SaysHowManyAndWhich) {
  NetworkDiff diff;
  diff.same = 1;
  EXPECT_EQ(NetworkDiffText(diff), "the same, 1 node");
  diff.added = {"b (Relu)", "c (Relu)"};
  diff.changed = {{"conv", "conv", {"kernel_shape: [3, 3] -> [5, 5]"}}};
  diff.renamed = {{"x", "y", {}}};
  EXPECT_EQ(NetworkDiffText(diff), "2 nodes added, 1 changed, 1 renamed, 1 the same");
  std::string lines;
  for (const NetworkDiffLine& line : NetworkDiffLines(diff)) {
    lines += std::string(1, line.mark) + line.text + "\n";
  }
  EXPECT_EQ(lines, "+b (Relu)\n+c (Relu)\n~conv\n kernel_shape: [3, 3] -> [5, 5]\n>x -> y\n");
}

}  // namespace
}  // namespace dlv::cli
