// The exam: ONNX's own backend cases, inputs and expected outputs in files.

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>

#include "tests/unit/engine/infer/real_file.h"

namespace dlv::infer {
namespace {

using kernels::Value;

// The tolerance of ONNX's own runner.
constexpr double kRelative = 1e-3, kAbsolute = 1e-7;

std::string Difference(const Value& got, const Value& wanted) {
  if (got.shape() != wanted.shape()) {
    return "shape " + kernels::TextOf(got.shape()) + ", want " + kernels::TextOf(wanted.shape());
  }
  const auto a = kernels::RealsOf(got), b = kernels::RealsOf(wanted);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool same = a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]));
    if (!same && !(std::fabs(a[i] - b[i]) <= kAbsolute + kRelative * std::fabs(b[i]))) {
      return "element " + std::to_string(i) + " is " + std::to_string(a[i]) + ", want " +
             std::to_string(b[i]);
    }
  }
  return "";
}

Result<std::vector<Value>> ReadSeries(const fs::path& stem, kernels::Memory& memory) {
  std::vector<Value> values;
  for (int i = 0;; ++i) {
    const fs::path path = stem.string() + std::to_string(i) + ".pb";
    if (!fs::exists(path)) return values;
    DLV_ASSIGN(const auto file, FileWeights::Open(path));
    DLV_ASSIGN(Value value, file->ReadOnly(memory));
    values.push_back(std::move(value));
  }
}

/// What ONNX's runner gives the light models: 0, 1/n, 2/n, ... for n elements.
Result<std::vector<Value>> Ramp(const Session& session) {
  std::vector<Value> inputs;
  for (const NetworkValue& input : session.network().inputs) {
    NetworkShape shape = input.shape.value_or(NetworkShape());
    for (std::int64_t& size : shape) size = size == kUnknownSize ? 1 : size;
    DLV_ASSIGN(Value value, session.memory().Make(DType::kF32, shape));
    const auto elements = value.As<float>();
    for (std::size_t i = 0; i < elements.size(); ++i) {
      elements[i] =
          static_cast<float>(static_cast<double>(i) / static_cast<double>(elements.size()));
    }
    inputs.push_back(std::move(value));
  }
  return inputs;
}

/// Empty, or what went wrong.
std::string Examine(const fs::path& model, const fs::path& inputs, const fs::path& outputs,
                    Precision precision) {
  auto session = OpenSession(model, model, {precision});
  if (!session.ok()) return session.error().message;
  auto given = inputs.empty() ? Ramp(**session) : ReadSeries(inputs, (*session)->memory());
  if (!given.ok()) return given.error().message;
  const auto wanted = ReadSeries(outputs, (*session)->memory());
  if (!wanted.ok()) return wanted.error().message;
  const auto got = (*session)->Run(*given);
  if (!got.ok()) return got.error().message;
  if (wanted->empty() || got->size() < wanted->size()) return "no outputs to compare";
  for (std::size_t i = 0; i < wanted->size(); ++i) {
    const std::string difference = Difference((*got)[i], (*wanted)[i]);
    if (!difference.empty()) return "output " + std::to_string(i) + ": " + difference;
  }
  return "";
}

fs::path CasesFolder() { return fs::path(SharedFolder()) / "onnx_backend_light_converted"; }

TEST(BackendCases, OfSingleOperatorsPassInBothPrecisions) {
  if (SharedFolder() == nullptr)
    GTEST_SKIP() << "DLV_SHARED_DATA is not set: THE BACKEND CASES ARE NOT RUN";
  std::size_t cases = 0;
  for (const auto& entry : fs::directory_iterator(CasesFolder() / "pytorch-converted")) {
    if (!fs::exists(entry.path() / "model.onnx")) continue;
    ++cases;
    for (const Precision precision : {Precision::kF32, Precision::kF64}) {
      const fs::path data = entry.path() / "test_data_set_0";
      EXPECT_EQ(Examine(entry.path() / "model.onnx", data / "input_", data / "output_", precision),
                "")
          << entry.path().filename();
    }
  }
  EXPECT_GT(cases, 70u);
}

/// All nine with DLV_EXAM=all: VGG-19 alone is 20 thousand million products.
TEST(BackendCases, OfWholeNetworksPass) {
  if (SharedFolder() == nullptr)
    GTEST_SKIP() << "DLV_SHARED_DATA is not set: THE BACKEND CASES ARE NOT RUN";
  const char* wish = std::getenv("DLV_EXAM");
  const bool all = wish != nullptr && std::string_view(wish) == "all";
  std::size_t cases = 0;
  for (const auto& entry : fs::directory_iterator(CasesFolder() / "light")) {
    const std::string stem = entry.path().stem();
    if (entry.path().extension() != ".onnx") continue;
    if (!all && stem != "light_shufflenet" && stem != "light_squeezenet") continue;
    ++cases;
    EXPECT_EQ(Examine(entry.path(), "", entry.path().parent_path() / (stem + "_output_"),
                      Precision::kF32),
              "")
        << stem;
  }
  EXPECT_EQ(cases, all ? 9u : 2u);
}

}  // namespace
}  // namespace dlv::infer
