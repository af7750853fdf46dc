#include "engine/network/text_form.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/network/encoding.h"
#include "engine/network/normalise.h"
#include "engine/network/quoting.h"
#include "tests/unit/engine/network/builder.h"
#include "tests/unit/engine/network/everything.h"

namespace dlv::network {
namespace {

std::string ErrorOf(const std::string& text) {
  const auto network = ReadText(text);
  return network.ok() ? "read" : network.error().message;
}

TEST(TextForm, ComesBackExactly) {
  for (const Network& network : {Network(), SmallClassifier(), Everything()}) {
    const std::string text = WriteText(network);
    const auto back = ReadText(text);
    ASSERT_TRUE(back.ok()) << back.error().message << "\n" << text;
    EXPECT_EQ(IdOf(*back), IdOf(network)) << text;
    EXPECT_EQ(WriteText(*back), text);
  }
}

TEST(TextForm, IsReadable) {
  Builder net;
  net.network().name = "tiny";
  const auto x = net.Input("x", NetworkShape{kUnknownSize, 3, 8, 8});
  const auto y = net.Node("conv1", "Conv", {x, net.Parameter("conv1.weight", {4, 3, 3, 3})},
                          {{"kernel_shape", std::vector<std::int64_t>{3, 3}}});
  net.network().nodes[0].outputs[0].name = "onnx::Relu_4";
  net.Output("y", net.Node("flat", "Reshape", {y, net.List({0, -1})}));
  const auto normal = Normalise(net.Take());
  ASSERT_TRUE(normal.ok());
  EXPECT_EQ(WriteText(normal->network), R"(network "tiny" {
  operators "" 13
  input x: f32 [?, 3, 8, 8]
  parameter conv1.weight: f32 [4, 3, 3, 3]
  constant 0 = i64 [2] (0, -1)
  node conv1 = Conv(@x, $conv1.weight) { kernel_shape = [3, 3] }
    -> "onnx::Relu_4": f32 [?, 4, 6, 6]
  node flat = Reshape(conv1, #0)
    -> flat_out: f32 [?, 144]
  output y = flat
}
)");
}

TEST(TextForm, MayBeWrittenByHand) {
  const auto network = ReadText(R"(// a comment
    network "hand" {
      input x: f32 [?, 4]
      parameter w: f32 [2, 4]
      node fc = Gemm(@x, $w) { transB = 1, }
      node act = Relu(fc)
      output y = act
    })");
  ASSERT_TRUE(network.ok()) << network.error().message;
  const auto normal = Normalise(*network);
  ASSERT_TRUE(normal.ok());
  EXPECT_EQ(normal->network.nodes[1].outputs[0].shape, (NetworkShape{kUnknownSize, 2}));
}

TEST(TextForm, SaysWhereAndWhatIsWanted) {
  EXPECT_EQ(ErrorOf(""), "line 1, column 1: the text ends, want \"network\"");
  EXPECT_EQ(
      ErrorOf("network \"a\" {\n  nod x"),
      "line 2, column 3: got \"nod\", want operators, input, parameter, constant, node, output "
      "or \"}\"");
  EXPECT_EQ(ErrorOf("network \"a\" { node b = Relu(c) }"),
            "line 1, column 29: no node \"c\" above, want a node above (or @input, $parameter, "
            "#constant)");
  EXPECT_EQ(ErrorOf("network \"a\" { node b = Relu(@c) }"),
            "line 1, column 30: no \"c\" above, want an input above");
  EXPECT_EQ(ErrorOf("network \"a\" { input x input x }"),
            "line 1, column 29: \"x\" is there already");
  EXPECT_EQ(ErrorOf("network \"\xc3\xa9\xc3\xa9\" { % }"),
            "line 1, column 16: a character that has no meaning here: \"%\"");
  EXPECT_EQ(ErrorOf("network \"a"), "line 1, column 9: the quote does not end in its line");
  EXPECT_EQ(ErrorOf("network \"\\q\""),
            "line 1, column 10: an unknown escape, want \\\", \\\\, \\n, \\t or \\xNN");
  EXPECT_EQ(ErrorOf("network \"a\" { input x: f32 [-2] }"),
            "line 1, column 29: got \"-2\", want a size or \"?\"");
  EXPECT_EQ(ErrorOf("network \"a\" { input x: g32 }"),
            "line 1, column 24: got \"g32\", want an element type (f32, i64, ...)");
  EXPECT_EQ(ErrorOf("network \"a\" { constant 0 = i64 [3] (1, 2) }"),
            "line 1, column 28: constant: 16 bytes, want 24 for i64 [3]");
  EXPECT_EQ(ErrorOf("network \"a\" { constant 0 = i32 [1] (1.5) }"),
            "line 1, column 37: got \"1.5\", want an element of type i32");
  EXPECT_EQ(ErrorOf("network \"a\" { node b = C() { k = 1, k = 2 } }"),
            "line 1, column 37: \"k\" is there already");
  EXPECT_EQ(ErrorOf("network \"a\" { } }"), "line 1, column 17: got \"}\", want the end");
}

TEST(TextForm, EveryCutIsRefused) {
  const std::string text = WriteText(Everything());
  const std::size_t end = text.rfind('}');
  for (std::size_t size = 0; size <= end; size += 3) {
    const auto network = ReadText(text.substr(0, size));
    ASSERT_FALSE(network.ok()) << size;
    EXPECT_EQ(network.error().code, ErrorCode::kSyntax);
  }
}

TEST(TextForm, DeepNestingIsRefused) {
  std::string text;
  for (int i = 0; i < 10000; ++i) text += "network \"\" { node n = If() { b = ";
  EXPECT_TRUE(ErrorOf(text).ends_with("want at most 16 networks in each other"));
}

TEST(TextForm, IsRecognised) {
  EXPECT_TRUE(IsTextForm("// dlv\n network \"a\" {"));
  EXPECT_FALSE(IsTextForm("name: \"LeNet\""));
  EXPECT_FALSE(IsTextForm("network = 3"));
  EXPECT_FALSE(IsTextForm("\x08\x07"));
}

TEST(Quoting, ShowsWhatIsHidden) {
  EXPECT_EQ(Quoted("a\"b\\c\n\t\x1b[1m"), "\"a\\\"b\\\\c\\n\\t\\x1b[1m\"");
  EXPECT_EQ(Quoted("\xc3\xa9\xff\xc3"), "\"\xc3\xa9\\xff\\xc3\"");
  EXPECT_EQ(Quoted("\xe2\x80\xae"), "\"\\xe2\\x80\\xae\"");  // right to left
  EXPECT_EQ(Quoted("\xed\xa0\x80"), "\"\\xed\\xa0\\x80\"");  // half of a surrogate pair
  EXPECT_TRUE(IsBare("/layer1.0/conv_1"));
  for (const char* name : {"", "1x", "a b", "a:b", "a//b", ".a", "a-b"})
    EXPECT_FALSE(IsBare(name)) << name;
}

TEST(Quoting, NumbersKeepTheirBits) {
  EXPECT_EQ(RealText(1.0), "1.0");
  EXPECT_EQ(RealText(-0.0), "-0.0");
  EXPECT_EQ(RealText(1e300), "1e+300");
  EXPECT_EQ(RealText(0.1F), "0.1");
  EXPECT_EQ(RealText(-std::numeric_limits<double>::infinity()), "-inf");
  EXPECT_EQ(RealText(std::nan("")), "nan");
  EXPECT_EQ(RealText(std::nan("5")), "nan(0x7ff8000000000005)");
}

}  // namespace
}  // namespace dlv::network
