// Elements put at places, and what diagonals say.

#include "tests/unit/engine/kernels/run_node.h"

namespace dlv::kernels {
namespace {

using W = std::vector<std::int64_t>;

TEST(Scattering, PutsUpdatesAlongAnAxis) {
  const Value x = Floats({2, 3}, {1, 2, 3, 4, 5, 6});
  const Value places = Longs({1, 2}, {1, -2}), updates = Floats({1, 2}, {10, 20});
  ExpectReals(RunNode({"ScatterElements", {{"axis", std::int64_t{1}}}}, {x, places, updates}),
              {2, 3}, {1, 20, 3, 4, 5, 6});
  ExpectReals(RunNode({"Scatter"}, {x, places, updates}), {2, 3}, {1, 20, 3, 10, 5, 6});
  const auto reduced = [&](const char* how) {
    return RunNode(
        {"ScatterElements", {{"axis", std::int64_t{1}}, {"reduction", std::string(how)}}},
        {x, places, updates});
  };
  ExpectReals(reduced("add"), {2, 3}, {1, 32, 3, 4, 5, 6});
  ExpectReals(reduced("mul"), {2, 3}, {1, 400, 3, 4, 5, 6});
  ExpectReals(reduced("max"), {2, 3}, {1, 20, 3, 4, 5, 6});
  ExpectReals(reduced("min"), {2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(ErrorOf({"ScatterElements"}, {x, Longs({1, 1}, {2}), Floats({1, 1}, {0})}),
            "place 2 on an axis of 2");
  EXPECT_EQ(ErrorOf({"ScatterElements"}, {x, Longs({1}, {0}), Floats({1}, {0})}),
            "places [1] and updates [1] for [2, 3]");
}

TEST(Scattering, OneHotMarksAPlace) {
  const Value places = Longs({3}, {1, -1, 7}), values = Floats({2}, {2, 5});
  ExpectReals(RunNode({"OneHot"}, {places, Longs({}, {3}), values}), {3, 3},
              {2, 5, 2, 2, 2, 5, 2, 2, 2});
  ExpectReals(RunNode({"OneHot", {{"axis", std::int64_t{0}}}}, {places, Longs({1}, {2}), values}),
              {2, 3}, {2, 2, 2, 5, 5, 2});
  EXPECT_EQ(ErrorOf({"OneHot"}, {places, Longs({}, {0}), values}), "depth 0");
}

TEST(Diagonals, KeepAPart) {
  const Value x = Longs({1, 2, 3}, {1, 2, 3, 4, 5, 6});
  const Attributes lower = {{"upper", std::int64_t{0}}};
  EXPECT_EQ(WholesOf(RunNode({"Trilu"}, {x})), (W{1, 2, 3, 0, 5, 6}));
  EXPECT_EQ(WholesOf(RunNode({"Trilu"}, {x, Longs({}, {1})})), (W{0, 2, 3, 0, 0, 6}));
  EXPECT_EQ(WholesOf(RunNode({"Trilu"}, {x, Longs({}, {-9})})), (W{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(WholesOf(RunNode({"Trilu", lower}, {x})), (W{1, 0, 0, 4, 5, 0}));
  EXPECT_EQ(WholesOf(RunNode({"Trilu", lower}, {x, Longs({}, {-1})})), (W{0, 0, 0, 4, 0, 0}));
  EXPECT_EQ(WholesOf(RunNode({"Trilu", lower}, {x, Longs({}, {-9})})), (W{0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(ErrorOf({"Trilu"}, {Longs({2}, {1, 2})}), "input [2], want 2 axes or more");
  ExpectReals(RunNode({"EyeLike", {{"k", std::int64_t{1}}}}, {Floats({2, 3}, {9, 9, 9, 9, 9, 9})}),
              {2, 3}, {0, 1, 0, 0, 0, 1});
  EXPECT_EQ(RunNode({"EyeLike", {{"dtype", std::int64_t{7}}}}, {Floats({1, 1}, {9})}).dtype(),
            DType::kI64);
}

TEST(Normalising, ByGroupsOfChannels) {
  const Value x = Floats({1, 4, 1}, {1, 3, 10, 30});
  const Attributes groups = {{"num_groups", std::int64_t{2}}, {"epsilon", 0.0}};
  const Value scale = Floats({4}, {1, 2, 3, 4}), bias = Floats({4}, {0, 1, 0, 1});
  ExpectReals(RunNode({"GroupNormalization", groups, 21}, {x, scale, bias}), {1, 4, 1},
              {-1, 3, -3, 5});
  ExpectReals(
      RunNode({"GroupNormalization", groups, 18}, {x, Floats({2}, {1, 2}), Floats({2}, {0, 1})}),
      {1, 4, 1}, {-1, 1, -1, 3});
  EXPECT_EQ(ErrorOf({"GroupNormalization", groups, 18}, {x, scale, bias}),
            "operand 1 [4], want [2]");
}

}  // namespace
}  // namespace dlv::kernels
