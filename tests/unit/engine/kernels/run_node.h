#pragma once
/// \file
/// One node, run on values written by hand.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/kernels/convert.h"
#include "engine/kernels/kernel_table.h"

namespace dlv::kernels {

inline Memory& TestMemory() {
  static Memory memory;
  return memory;
}

template <class T>
Value MakeValue(DType dtype, const Shape& shape, const std::vector<T>& elements) {
  auto value = TestMemory().Make(dtype, shape);
  EXPECT_EQ(static_cast<std::size_t>(value->count()), elements.size());
  std::copy(elements.begin(), elements.end(), value->template As<T>().begin());
  return *value;
}
inline Value Floats(const Shape& shape, const std::vector<float>& elements) {
  return MakeValue(DType::kF32, shape, elements);
}
inline Value Doubles(const Shape& shape, const std::vector<double>& elements) {
  return MakeValue(DType::kF64, shape, elements);
}
inline Value Longs(const Shape& shape, const Wholes& elements) {
  return MakeValue(DType::kI64, shape, elements);
}
inline Value Truths(const Shape& shape, const std::vector<std::uint8_t>& elements) {
  return MakeValue(DType::kBool, shape, elements);
}

using Attributes = std::vector<NetworkAttribute>;

struct NodeRun {
  std::string op;
  Attributes attributes = {};
  std::int64_t opset = 13;
  std::size_t outputs = 1;
  DType real = DType::kF32;
  const CancellationToken* cancel = nullptr;
};

inline Result<std::vector<Value>> RunAll(const NodeRun& run, std::vector<Value> inputs) {
  NetworkNode node;
  node.op = run.op;
  node.attributes = run.attributes;
  node.outputs.resize(run.outputs);
  const Kernel kernel = FindKernel(Implementation::kReference, "", run.op);
  if (kernel == nullptr) return Error{ErrorCode::kNotFound, "no kernel " + run.op};
  const Setting setting{run.real, &TestMemory(), run.cancel};
  Call call(node, run.opset, setting, std::move(inputs));
  DLV_TRY(kernel(call));
  return std::move(call.outputs());
}

/// The first output; a failure with the error, where there is one.
inline Value RunNode(const NodeRun& run, std::vector<Value> inputs) {
  auto outputs = RunAll(run, std::move(inputs));
  EXPECT_TRUE(outputs.ok()) << run.op << ": " << outputs.error().message;
  return outputs.ok() ? outputs->at(0) : Value();
}

inline std::string ErrorOf(const NodeRun& run, std::vector<Value> inputs) {
  const auto outputs = RunAll(run, std::move(inputs));
  return outputs.ok() ? "none" : outputs.error().message;
}

inline void ExpectReals(const Value& value, const Shape& shape, const std::vector<double>& wanted,
                        double tolerance = 1e-6) {
  ASSERT_TRUE(value.present());
  EXPECT_EQ(value.shape(), shape);
  const auto got = RealsOf(value);
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], wanted[i], tolerance) << i;
}

}  // namespace dlv::kernels
