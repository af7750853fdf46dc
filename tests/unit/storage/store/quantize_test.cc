#include "storage/store/quantize.h"

#include <cmath>
#include <limits>

#include "storage/store/checkout.h"
#include "storage/store/garbage.h"
#include "storage/store/listing.h"
#include "storage/store/remove.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

/// Three tensors whose values the tests set.
class Values : public TensorSource {
 public:
  explicit Values(std::vector<float> weights) : weights_(std::move(weights)) {}
  std::size_t size() const override { return 3; }
  TensorInfo Info(std::size_t index) const override {
    TensorInfo info;
    info.name = index == 0 ? "weight" : index == 1 ? "bias" : "labels";
    const auto count = static_cast<std::int64_t>(weights_.size());
    info.shape = index == 0 ? Shape{count / 4, 4} : Shape{count};
    if (index == 2) info.dtype = DType::kI32;
    return info;
  }
  Status Read(std::size_t, std::uint64_t offset, std::span<std::byte> out) override {
    std::memcpy(out.data(), std::as_bytes(std::span(weights_)).data() + offset, out.size());
    return Ok();
  }

 private:
  std::vector<float> weights_;
};

class Quantizing : public SmallRepositoryTest {
 protected:
  QuantizeOptions Options(std::string_view scheme, bool execute) {
    QuantizeOptions options;
    const auto parsed = ParseQuantization(scheme);
    EXPECT_TRUE(parsed.ok());
    if (parsed.ok()) options.quantization = *parsed;
    options.execute = execute;
    return options;
  }

  QuantizeResult Must(const std::string& reference, const QuantizeOptions& options,
                      unsigned threads = 2) {
    auto result = Quantize(*store_, reference, options, {}, {.threads = threads});
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? std::move(*result) : QuantizeResult{};
  }

  std::vector<float> Floats(const std::string& reference) {
    const std::vector<std::byte> bytes = Bytes(reference);
    std::vector<float> values(bytes.size() / 4);
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
};

TEST_F(Quantizing, PreviewChangesNothing) {
  const auto before = References();
  const QuantizeResult result = Must("m", Options("fixed:8", false));
  EXPECT_EQ(References(), before);
  EXPECT_FALSE(result.commit);
  EXPECT_EQ(result.source, "m:v2");
  EXPECT_LT(result.coded_after * 2, result.coded_before);
  EXPECT_GT(result.relative_error, 0);
  EXPECT_LT(result.relative_error, 0.05);
  for (const QuantizedTensor& tensor : result.tensors) {
    EXPECT_EQ(tensor.changed, tensor.info.shape.size() >= 2 && tensor.info.element_count() > 0)
        << tensor.info.name;
  }
}

TEST_F(Quantizing, MakesAVersionWithinTheBoundsThatItStates) {
  for (const char* scheme : {"fixed:8", "codebook:4", "uniform:6"}) {
    const QuantizeResult result = Must("m", Options(scheme, true));
    ASSERT_TRUE(result.commit) << scheme;
    const std::string made = result.commit->version.reference();
    ASSERT_EQ(result.commit->version.parents.size(), 1U);
    const ParentInfo& parent = result.commit->version.parents.front();
    EXPECT_EQ(parent.reference, "m:v2");
    EXPECT_EQ(parent.relation, Relation::kQuantize);
    EXPECT_EQ(parent.attributes.at("scheme"), scheme);
    for (const QuantizedTensor& tensor : result.tensors) {
      const auto before = Bytes("m:v2/" + tensor.info.name);
      if (!tensor.changed) {
        EXPECT_EQ(Bytes(made + "/" + tensor.info.name), before);
        continue;
      }
      EXPECT_TRUE(parent.attributes.contains("error/" + tensor.info.name));
      const auto exact = Floats("m:v2/" + tensor.info.name),
                 now = Floats(made + "/" + tensor.info.name);
      double largest = 0, squares = 0, all = 0;
      for (std::size_t i = 0; i < exact.size(); ++i) {
        const double error = std::abs(double{now[i]} - double{exact[i]});
        largest = std::max(largest, error);
        squares += error * error;
        all += double{exact[i]} * double{exact[i]};
      }
      EXPECT_EQ(largest, tensor.max_error);
      EXPECT_NEAR(std::sqrt(squares / all), tensor.relative_error, 1e-12);
      if (tensor.bound) {
        EXPECT_LE(largest, *tensor.bound);
      }
    }
    ASSERT_TRUE(Remove(*store_, {made}, true, false).ok());
  }
}

TEST_F(Quantizing, TypesBecomeHalfAsWide) {
  QuantizeOptions options = Options("bf16", true);
  options.model = "small";
  const QuantizeResult result = Must("m:v1", options);
  EXPECT_EQ(result.commit->version.reference(), "small:v1");
  const auto exact = Bytes("m:v1/layer1.weight"), now = Bytes("small/layer1.weight");
  EXPECT_EQ(now.size() * 2, exact.size());
  EXPECT_EQ(Bytes("small/steps"), Bytes("m:v1/steps")) << "an integer";
  EXPECT_LE(result.relative_error, std::ldexp(1, -8));
}

TEST_F(Quantizing, TheOriginalStaysUntilItIsRemovedAndTheCopyOutlivesIt) {
  QuantizeOptions options = Options("codebook:4", true);
  options.model = "few";
  const std::string made = Must("m:v1", options).commit->version.reference();
  const auto exact = Bytes("m:v1/layer1.weight"), rounded = Bytes(made + "/layer1.weight");
  ASSERT_TRUE(CollectGarbage(*store_, {.execute = true, .use_trash = false}, {}).ok());
  EXPECT_EQ(Bytes("m:v1/layer1.weight"), exact);
  ASSERT_TRUE(Remove(*store_, {"m:v1", "m:v2"}, true, false).ok());
  GcOptions now{.execute = true, .use_trash = false};
  now.grace_seconds = 0;
  ASSERT_TRUE(CollectGarbage(*store_, now, {}).ok());
  Reopen();
  EXPECT_EQ(Bytes(made + "/layer1.weight"), rounded);
  ExpectClean();
}

TEST_F(Quantizing, SameResultWithAnyNumberOfThreads) {
  QuantizeOptions options = Options("codebook:3", true);
  options.model = "a";
  const QuantizeResult one = Must("m", options, 1);
  options.model = "b";
  const QuantizeResult four = Must("m", options, 4);
  ASSERT_EQ(one.tensors.size(), four.tensors.size());
  EXPECT_EQ(one.relative_error, four.relative_error);
  EXPECT_EQ(one.commit->version.parents[0].attributes, four.commit->version.parents[0].attributes);
  for (const QuantizedTensor& tensor : one.tensors) {
    EXPECT_EQ(Bytes("a/" + tensor.info.name), Bytes("b/" + tensor.info.name));
  }
}

TEST_F(Quantizing, NamesTheElementThatItCannotHold) {
  std::vector<float> values(32, 0.5F);
  values[13] = std::numeric_limits<float>::quiet_NaN();
  values[22] = 1e6F;
  Values net(values);
  ASSERT_TRUE(testing::CommitNet(*store_, "odd", net).ok());
  const auto fixed = Quantize(*store_, "odd", Options("fixed:8", true), {}, {});
  ASSERT_FALSE(fixed.ok());
  EXPECT_EQ(fixed.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(fixed.error().message.find("weight[3, 1]"), std::string::npos) << fixed.error().message;
  const auto half = Quantize(*store_, "odd", Options("fp16", true), {}, {});
  ASSERT_FALSE(half.ok());
  EXPECT_NE(half.error().message.find("weight[5, 2]"), std::string::npos) << half.error().message;
  EXPECT_EQ(References().front(), "odd:v1") << "nothing was made";
  QuantizeOptions brain = Options("bf16", true);
  brain.model = "kept";
  Must("odd", brain);
  const auto kept = Bytes("kept/weight");
  std::uint16_t bits = 0;
  std::memcpy(&bits, kept.data() + 26, 2);
  EXPECT_EQ(bits & 0x7f80, 0x7f80) << "a NaN";
  EXPECT_NE(bits & 0x7f, 0);
}

TEST_F(Quantizing, SaysWhatItCannotDo) {
  QuantizeOptions options = Options("fixed:8", true);
  options.tensor_glob = "nosuch*";
  EXPECT_EQ(CodeOf(Quantize(*store_, "m", options, {}, {})), ErrorCode::kNotFound);
  options.tensor_glob = "steps";
  EXPECT_EQ(CodeOf(Quantize(*store_, "m", options, {}, {})), ErrorCode::kInvalidArgument)
      << "nothing changes";
  EXPECT_EQ(CodeOf(Quantize(*store_, "nobody", Options("bf16", false), {}, {})),
            ErrorCode::kNotFound);
}

}  // namespace
}  // namespace dlv::store
