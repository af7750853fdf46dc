// Loops on several threads, by themselves and in the kernels that have them.

#include "engine/kernels/cpu/parallel.h"

#include <gtest/gtest.h>

#include <atomic>

#include "engine/kernels/threads.h"
#include "tests/unit/engine/kernels/run_node.h"

namespace dlv::kernels {
namespace {

TEST(Parts, AreEachDoneOnce) {
  if (!HasFastKernels()) GTEST_SKIP() << "no oneDNN";
  for (const unsigned threads : {1U, 2U, 5U}) {
    for (const std::int64_t count : {0, 1, 2, 1000}) {
      std::vector<std::atomic<int>> done(static_cast<std::size_t>(count));
      std::atomic<unsigned> last{0};
      RunParts(threads, count, [&](std::int64_t part, unsigned worker) {
        ++done[static_cast<std::size_t>(part)];
        if (worker >= threads) last = worker;
      });
      EXPECT_EQ(last, 0U);  // no worker beyond the last one
      for (const auto& times : done) EXPECT_EQ(times, 1);
    }
  }
}

Value Waves(const Shape& shape) {
  std::vector<float> elements(static_cast<std::size_t>(CountOf(shape)));
  for (std::size_t i = 0; i < elements.size(); ++i) {
    elements[i] = static_cast<float>(i * 2654435761U % 1021) / 1021 - 0.5F;
  }
  return Floats(shape, elements);
}

std::vector<double> OnThreads(unsigned threads, const NodeRun& run,
                              const std::vector<Value>& inputs) {
  NetworkNode node;
  node.op = run.op;
  node.attributes = run.attributes;
  node.outputs.resize(1);
  const Setting setting{DType::kF32, &TestMemory(), nullptr, threads, true};
  const std::vector<bool> is_fixed = {false, true};
  NodeState state;
  Call call(node, 13, setting, inputs);
  call.Place({{}, &state, &is_fixed});
  EXPECT_TRUE(FindKernel(Implementation::kCpu, "", run.op)(call).ok());
  return RealsOf(*InPlainOrder(call.outputs()[0], TestMemory()));
}

/// Enough elements that several threads are worth it: sums do not depend on them.
TEST(FastKernels, GiveTheSameOnSeveralThreads) {
  if (!HasFastKernels()) GTEST_SKIP() << "no oneDNN";
  const Value x = Waves({1, 60, 130, 130});
  const auto expect_same = [](const NodeRun& run, const std::vector<Value>& inputs) {
    EXPECT_EQ(OnThreads(3, run, inputs), OnThreads(1, run, inputs)) << run.op;
  };
  expect_same({"Conv", {{"group", std::int64_t{3}}}}, {x, Waves({60, 20, 1, 1})});
  expect_same({"Conv", {{"group", std::int64_t{60}}, {"pads", Wholes{1, 1, 1, 1}}}},
              {x, Waves({60, 1, 3, 3})});
  expect_same({"MaxPool", {{"kernel_shape", Wholes{3, 3}}, {"strides", Wholes{2, 2}}}}, {x});
}

}  // namespace
}  // namespace dlv::kernels
