// Every real network either runs, or says at once which operator is in the way.

#include <gtest/gtest.h>

#include <iostream>
#include <set>

#include "tests/unit/engine/infer/real_file.h"

namespace dlv::infer {
namespace {

using kernels::Value;

/// Zeros, or nothing where the network does not say enough of a shape.
Result<std::vector<Value>> Zeros(const Session& session) {
  std::vector<Value> inputs;
  for (const NetworkValue& input : session.network().inputs) {
    if (!input.shape || !input.dtype) return Error{ErrorCode::kNotFound, "no shape"};
    NetworkShape shape = *input.shape;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      if (shape[i] == kUnknownSize && i > 0) return Error{ErrorCode::kNotFound, "open sizes"};
      if (shape[i] == kUnknownSize) shape[i] = 1;
    }
    DLV_ASSIGN(Value value,
               session.memory().Make(kernels::Working(*input.dtype, DType::kF32), shape));
    std::fill_n(value.data(), value.size_bytes(), std::byte{0});
    inputs.push_back(std::move(value));
  }
  return inputs;
}

TEST(RealNetworksRun, OrSayWhatIsMissing) {
  if (SharedFolder() == nullptr)
    GTEST_SKIP() << "DLV_SHARED_DATA is not set: REAL NETWORKS ARE NOT RUN";
  // Its two operators belong to an extension of ONNX Runtime.
  const std::set<std::string> refused = {"js_app-super-resolution_assets_supres.onnx"};
  std::size_t ran = 0;
  for (const auto& entry : fs::recursive_directory_iterator(SharedFolder())) {
    const std::string name = entry.path().filename(), folder = entry.path().parent_path().string();
    const bool is_case = folder.find("onnx_backend") != std::string::npos;
    // 640 x 480 pixels are four times the work of 320 x 240, and the same nodes.
    if (entry.path().extension() != ".onnx" || is_case || name == "version-RFB-640.onnx") continue;
    SCOPED_TRACE(entry.path());
    auto session = OpenSession(entry.path(), entry.path());
    EXPECT_EQ(session.ok(), !refused.contains(name))
        << (session.ok() ? "" : session.error().message);
    if (!session.ok()) continue;
    const auto inputs = Zeros(**session);
    if (!inputs.ok()) continue;
    const auto outputs = (*session)->Run(*inputs);
    EXPECT_TRUE(outputs.ok()) << (outputs.ok() ? "" : outputs.error().message);
    ++ran;
  }
  EXPECT_GT(ran, 9u);
}

}  // namespace
}  // namespace dlv::infer
