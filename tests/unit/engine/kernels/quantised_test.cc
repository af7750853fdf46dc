// Numbers that stand for others, on what ONNX's definitions give by hand.

#include "tests/unit/engine/kernels/run_node.h"

namespace dlv::kernels {
namespace {

using W = std::vector<std::int64_t>;

Value Bytes(const Shape& shape, const std::vector<std::uint8_t>& elements) {
  return MakeValue(DType::kU8, shape, elements);
}
Value SignedBytes(const Shape& shape, const std::vector<std::int8_t>& elements) {
  return MakeValue(DType::kI8, shape, elements);
}
Value Ints(const Shape& shape, const std::vector<std::int32_t>& elements) {
  return MakeValue(DType::kI32, shape, elements);
}

TEST(Quantising, RoundsToEvenAndStopsAtTheEnds) {
  const Value x = Floats({7}, {0, 1, 3, -5, 1000, -1000, 254});
  const Value two = Floats({}, {2});
  const Value made = RunNode({"QuantizeLinear"}, {x, two, Bytes({}, {128})});
  EXPECT_EQ(made.dtype(), DType::kU8);
  ExpectReals(made, {7}, {128, 128, 130, 126, 255, 0, 255});
  ExpectReals(RunNode({"QuantizeLinear"}, {x, two}), {7}, {0, 0, 2, 0, 255, 0, 127});
  ExpectReals(RunNode({"QuantizeLinear"}, {x, two, SignedBytes({}, {-1})}), {7},
              {-1, -1, 1, -3, 127, -128, 126});
  ExpectReals(RunNode({"QuantizeLinear", {{"output_dtype", std::int64_t{3}}}}, {x, two}), {7},
              {0, 0, 2, -2, 127, -128, 127});
  EXPECT_EQ(ErrorOf({"QuantizeLinear"}, {x, two, Ints({}, {1})}),
            "elements of type i32, want u8, i8, u16 or i16");
  EXPECT_EQ(ErrorOf({"QuantizeLinear", {{"axis", std::int64_t{0}}}}, {x, Floats({2}, {1, 1})}),
            "scale [2], want one number or 7, the size of axis 0");
  EXPECT_EQ(ErrorOf({"QuantizeLinear", {{"block_size", std::int64_t{2}}}}, {x, two}), "block_size");
  for (const std::int64_t type : {17, 21}) {  // f8 and u4, which would be wrong as anything else
    EXPECT_EQ(ErrorOf({"QuantizeLinear", {{"output_dtype", type}}}, {x, two}),
              "type " + std::to_string(type));
  }
}

TEST(Quantising, GoesBackByAxis) {
  const Value q = Bytes({2, 3}, {0, 128, 255, 1, 2, 3});
  ExpectReals(RunNode({"DequantizeLinear"}, {q, Floats({}, {0.5}), Bytes({}, {128})}), {2, 3},
              {-64, 0, 63.5, -63.5, -63, -62.5});
  ExpectReals(RunNode({"DequantizeLinear", {{"axis", std::int64_t{0}}}},
                      {q, Floats({2}, {1, 10}), Bytes({2}, {0, 1})}),
              {2, 3}, {0, 128, 255, 0, 10, 20});
  ExpectReals(RunNode({"DequantizeLinear"}, {q, Floats({3}, {1, 2, 3})}), {2, 3},
              {0, 256, 765, 1, 4, 9});
  ExpectReals(RunNode({"DequantizeLinear"}, {Ints({1}, {-70000}), Floats({}, {0.5})}), {1},
              {-35000});
  EXPECT_EQ(RunNode({"DequantizeLinear", {}, 13, 1, DType::kF64}, {q, Doubles({}, {1})}).dtype(),
            DType::kF64);
  EXPECT_EQ(ErrorOf({"DequantizeLinear"}, {q, Floats({}, {1}), Bytes({2}, {0, 0})}),
            "zero point [2], scale [], want one shape");
}

TEST(Quantising, FindsItsOwnScale) {
  const auto made = RunAll({"DynamicQuantizeLinear", {}, 13, 3}, {Floats({4}, {-51, 0, 102, 204})});
  ASSERT_TRUE(made.ok()) << made.error().message;
  ExpectReals((*made)[0], {4}, {0, 51, 153, 255});
  ExpectReals((*made)[1], {}, {1});
  ExpectReals((*made)[2], {}, {51});
  const auto above = RunAll({"DynamicQuantizeLinear", {}, 13, 3}, {Floats({2}, {510, 255})});
  ExpectReals((*above)[0], {2}, {255, 128});
  ExpectReals((*above)[2], {}, {0});
  const auto zeros = RunAll({"DynamicQuantizeLinear", {}, 13, 3}, {Floats({2}, {0, 0})});
  ExpectReals((*zeros)[0], {2}, {0, 0});
}

TEST(Quantising, MultipliesWholeNumbersExactly) {
  const Value a = Bytes({2, 2}, {11, 3, 7, 10}), b = Bytes({2, 2}, {1, 4, 2, 5});
  const Value made = RunNode({"MatMulInteger"}, {a, b, Bytes({}, {12}), Bytes({2}, {1, 2})});
  EXPECT_EQ(made.dtype(), DType::kI32);
  // a - 12 = [[-1, -9], [-5, -2]], b - [1, 2] = [[0, 2], [1, 3]]
  EXPECT_EQ(WholesOf(made), (W{-9, -29, -2, -16}));
  EXPECT_EQ(WholesOf(RunNode({"MatMulInteger"}, {a, b, Bytes({2}, {1, 2})})), (W{14, 50, 21, 60}));
  EXPECT_EQ(ErrorOf({"MatMulInteger"}, {a, b, Bytes({3}, {1, 2, 3})}),
            "zero point [3] for operand 0 [2, 2]");
  const Value x = Bytes({1, 1, 2, 2}, {2, 3, 4, 5}), w = SignedBytes({1, 1, 2, 2}, {1, 1, 1, -1});
  EXPECT_EQ(WholesOf(RunNode({"ConvInteger"}, {x, w, Bytes({}, {1})})), (W{2}));
  constexpr std::int64_t size = 1 << 15;  // the sum is none of f32
  const std::vector<std::uint8_t> many(size, 255);
  EXPECT_EQ(WholesOf(RunNode({"MatMulInteger"}, {Bytes({1, size}, many), Bytes({size, 1}, many)})),
            (W{size * 255 * 255}));
}

TEST(Quantising, LayersGiveQuantisedResults) {
  const Value a = Bytes({1, 2}, {130, 126}), b = Bytes({2, 2}, {3, 1, 1, 5});
  // sums [2, -2] x [[3, 1], [1, 5]] = [4, -8]; times 0.5 * [1, 2] / 0.25
  ExpectReals(
      RunNode({"QLinearMatMul"}, {a, Floats({}, {0.5}), Bytes({}, {128}), b, Floats({2}, {1, 2}),
                                  Bytes({}, {0}), Floats({}, {0.25}), Bytes({}, {100})}),
      {1, 2}, {108, 68});
  const Value x = Bytes({1, 1, 1, 3}, {1, 2, 3}), w = SignedBytes({2, 1, 1, 1}, {2, -3});
  ExpectReals(RunNode({"QLinearConv"}, {x, Floats({}, {1}), Bytes({}, {0}), w, Floats({2}, {1, 2}),
                                        SignedBytes({2}, {0, 0}), Floats({}, {2}),
                                        SignedBytes({}, {0}), Ints({2}, {10, 1})}),
              {1, 2, 1, 3}, {6, 7, 8, -2, -5, -8});
}

}  // namespace
}  // namespace dlv::kernels
