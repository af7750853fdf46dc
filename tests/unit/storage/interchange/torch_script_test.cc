// TorchScript archives built by hand: a tree of modules, the lists of their classes, constants.

#include "tests/unit/storage/interchange/pickle_writer.h"
#include "tests/unit/storage/interchange/test_files.h"

namespace dlv::interchange {
namespace {

constexpr std::string_view kCode =
    "class Net(Module):\n"
    "  __parameters__ = [\"scale\", ]\n"
    "  __buffers__ = [\"mean\", ]\n"
    "  inner : __torch__.a.Inner\n"
    "class Inner(Module):\n"
    "  __parameters__ = [\"weight\", ]\n"
    "  __buffers__ = []\n";

Bytes Program() {
  PickleWriter out;
  out.Global("__torch__.a", "Net").Raw(")\x81}(");
  out.Text("training").Raw("\x89");
  out.Text("sizes").Global("torch.jit._pickle", "build_intlist").Raw("(](").Integer(8).Raw("etR");
  out.Text("scale").Tensor("FloatStorage", "0", 1, 0, {1}, {1});
  out.Text("mean").Tensor("FloatStorage", "1", 1, 0, {1}, {1});
  out.Text("state").Tensor("FloatStorage", "2", 1, 0, {1}, {1});
  out.Text("inner").Global("__torch__.a", "Inner").Raw(")\x81}(");
  out.Text("weight").Tensor("FloatStorage", "3", 2, 0, {2}, {1}).Raw("ub");
  return out.Raw("ub").Stop();
}

Bytes Archive(const Bytes& program) {
  PickleWriter constants;
  constants.Tensor("FloatStorage", "0", 1, 0, {1}, {1}).Raw("\x85");
  return BuildZip({{"m/data/0", ToBytes("0000"), -1, true},
                   {"m/data/1", ToBytes("1111"), -1, true},
                   {"m/data/2", ToBytes("2222"), -1, true},
                   {"m/data/3", ToBytes("33334444"), -1, true},
                   {"m/data.pkl", program, -1, true},
                   {"m/code/__torch__/a.py", ToBytes(kCode), 6, true},
                   {"m/constants/0", ToBytes("cccc"), -1, true},
                   {"m/constants.pkl", constants.Stop(), -1, true},
                   {"m/version", ToBytes("3\n"), -1, true}});
}

TEST(TorchScript, ParametersBuffersAttributesAndConstants) {
  const Bytes bytes = Archive(Program());
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file, "m.jit");
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->format, "torchscript");
  const auto role = [&](std::string_view name) {
    const DescribedTensor* tensor = FindTensor(*result, name);
    return tensor == nullptr ? std::string_view("missing") : NameOf(tensor->role);
  };
  EXPECT_EQ(role("scale"), "parameter");
  EXPECT_EQ(role("inner.weight"), "parameter");
  EXPECT_EQ(role("mean"), "buffer");
  EXPECT_EQ(role("state"), "other");
  EXPECT_EQ(role("constants.0"), "other");
  EXPECT_EQ(ReadTensor(*FindTensor(*result, "inner.weight")), ToBytes("33334444"));
  EXPECT_EQ(ReadTensor(*FindTensor(*result, "constants.0")), ToBytes("cccc"));
}

TEST(TorchScript, KeptWholeWhereItHoldsMoreThanModules) {
  PickleWriter out;
  out.Global("torch.quantization", "Packed").Raw(")R");
  const Bytes bytes = Archive(out.Stop());
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file, "m.jit");
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->format, "torchscript");
  EXPECT_TRUE(result->tensors.empty());
  EXPECT_NE(result->note.find("torch.quantization.Packed"), std::string::npos) << result->note;
}

TEST(TorchScript, StoragesThatLie) {
  PickleWriter out;
  out.Global("__torch__", "Net").Raw(")\x81}(").Text("w");
  const Bytes bytes = Archive(out.Tensor("FloatStorage", "9", 1, 0, {1}, {1}).Raw("ub").Stop());
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file, "m.jit");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kCorruption);
}

}  // namespace
}  // namespace dlv::interchange
