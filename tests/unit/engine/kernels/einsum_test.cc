// Einsum on sums that can be written out.

#include "tests/unit/engine/kernels/run_node.h"

namespace dlv::kernels {
namespace {

using W = std::vector<std::int64_t>;

NodeRun Equation(const char* equation) { return {"Einsum", {{"equation", std::string(equation)}}}; }

TEST(Einsum, SumsWhatTheOutputLacks) {
  const Value a = Floats({2, 3}, {1, 2, 3, 4, 5, 6}), b = Floats({3, 2}, {1, 0, 0, 1, 1, 1});
  ExpectReals(RunNode(Equation("ij,jk->ik"), {a, b}), {2, 2}, {4, 5, 10, 11});
  ExpectReals(RunNode(Equation("ij , jk"), {a, b}), {2, 2}, {4, 5, 10, 11});
  ExpectReals(RunNode(Equation("ij->ji"), {a}), {3, 2}, {1, 4, 2, 5, 3, 6});
  ExpectReals(RunNode(Equation("ij->"), {a}), {}, {21});
  ExpectReals(RunNode(Equation("ij,ij->i"), {a, a}), {2}, {14, 77});
  ExpectReals(
      RunNode(Equation("i,j,k->kij"), {Floats({2}, {1, 2}), Floats({1}, {3}), Floats({2}, {5, 7})}),
      {2, 2, 1}, {15, 30, 21, 42});
  EXPECT_EQ(WholesOf(RunNode(Equation("ii->i"), {Longs({2, 2}, {1, 2, 3, 4})})), (W{1, 4}));
  EXPECT_EQ(WholesOf(RunNode(Equation("ii"), {Longs({2, 2}, {1, 2, 3, 4})})), (W{5}));
}

TEST(Einsum, DotsAreTheOtherAxes) {
  const Value a = Floats({2, 1, 2}, {1, 2, 3, 4}), b = Floats({2, 2}, {1, 1, 0, 1});
  ExpectReals(RunNode(Equation("...i,ij->...j"), {a, b}), {2, 1, 2}, {1, 3, 3, 7});
  ExpectReals(RunNode(Equation("...i,...i->..."), {a, Floats({2}, {1, 10})}), {2, 1}, {21, 43});
  ExpectReals(RunNode(Equation("...i,...i"), {a, Floats({3, 2}, {1, 0, 0, 1, 1, 1})}), {2, 3},
              {1, 2, 3, 3, 4, 7});
}

TEST(Einsum, RefusesWhatDoesNotFit) {
  const Value a = Floats({2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(ErrorOf(Equation("ij,jk->ik"), {a}), "equation \"ij,jk->ik\" for 1 operands");
  EXPECT_EQ(ErrorOf(Equation("ijk->i"), {a}),
            "operand 0 f32 [2, 3], the equation has 3 axes for it");
  EXPECT_EQ(ErrorOf(Equation("ii->i"), {a}), "an axis of the equation is 2 and 3");
  EXPECT_EQ(ErrorOf(Equation("ij->ik"), {a}),
            "equation: an axis of the output is twice there, or in no operand");
  EXPECT_EQ(ErrorOf(Equation("i+->i"), {a}), "equation: \"i+\", want letters and \"...\"");
  EXPECT_EQ(ErrorOf(Equation("ij,i->j"), {a, Longs({2}, {1, 1})}),
            "operand 1 i64 [2], the equation has 1 axes for it");
  EXPECT_TRUE(RunNode(Equation("ij,jk->ik"), {Floats({1, 0}, {}), Floats({0, 1}, {})}).present());
}

}  // namespace
}  // namespace dlv::kernels
