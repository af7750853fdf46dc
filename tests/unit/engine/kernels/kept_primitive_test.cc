// Primitives that are kept, run on elements here and there and on several threads.

#include "engine/kernels/cpu/kept_primitive.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <thread>
#include <vector>

#include "engine/kernels/cpu/onednn.h"

namespace dlv::kernels {
namespace {

constexpr std::size_t kSide = 5;

const std::byte* BytesOf(const std::vector<float>& elements) {
  return reinterpret_cast<const std::byte*>(elements.data());
}

/// Turns a square over: rows become columns.
struct TurnOver {
  memory::desc from = PlainDesc({kSide, kSide});
  memory::desc to = {memory::dims{kSide, kSide}, memory::data_type::f32, memory::dims{1, kSide}};
  dnnl::reorder::primitive_desc chosen{CpuEngine(), from, CpuEngine(), to, KeptAttributes()};
  KeptPrimitive primitive{dnnl::reorder(chosen), chosen};

  bool IsRight(const std::vector<float>& x, std::vector<float>& y, Memory& room) const {
    std::ranges::fill(y, -1.F);
    if (!primitive.Run({{DNNL_ARG_FROM, from, BytesOf(x)}, {DNNL_ARG_TO, to, BytesOf(y)}}, room)
             .ok()) {
      return false;
    }
    for (std::size_t i = 0; i < y.size(); ++i) {
      if (y[i] != x[i % kSide * kSide + i / kSide]) return false;
    }
    return true;
  }
};

std::vector<float> CountedFrom(float first) {
  std::vector<float> elements(kSide * kSide);
  std::iota(elements.begin(), elements.end(), first);
  return elements;
}

TEST(KeptPrimitive, FindsElementsWhereTheyAreNow) {
  if (!HasFastKernels()) GTEST_SKIP() << "no oneDNN";
  const TurnOver turn_over;
  Memory room;
  std::vector<float> y(kSide * kSide), z(kSide * kSide);
  const auto one = CountedFrom(1), other = CountedFrom(100);
  EXPECT_TRUE(turn_over.IsRight(one, y, room));
  EXPECT_TRUE(turn_over.IsRight(other, y, room));
  EXPECT_TRUE(turn_over.IsRight(other, z, room));
  EXPECT_TRUE(turn_over.IsRight(one, y, room));
  EXPECT_TRUE(turn_over.IsRight(one, y, room));
}

TEST(KeptPrimitive, RunsOnSeveralThreads) {
  if (!HasFastKernels()) GTEST_SKIP() << "no oneDNN";
  const TurnOver turn_over;
  Memory room;
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int k = 0; k < 4; ++k) {
    threads.emplace_back([&, k] {
      std::vector<float> y(kSide * kSide);
      for (int i = 0; i < 200; ++i) {
        wrong += turn_over.IsRight(CountedFrom(static_cast<float>(1000 * k + i)), y, room) ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

/// 20 channels in blocks of 16.
struct Blocks {
  memory::dims dims = {1, 20, 3, 3};
  memory::desc desc = {dims, memory::data_type::f32, memory::format_tag::nChw16c};
  std::vector<float> elements = std::vector<float>(32 * 9, std::nanf(""));

  float Least(std::size_t first, std::size_t last) const {
    float least = std::numeric_limits<float>::max();
    for (std::size_t i = 0; i < elements.size(); ++i) {
      const std::size_t channel = i / (16 * 9) * 16 + i % 16;
      if (channel < first || channel >= last) continue;
      least = std::isnan(elements[i]) ? elements[i] : std::min(least, std::fabs(elements[i]));
      if (std::isnan(least)) break;
    }
    return least;
  }
};

/// What stood in the room between elements must not stay, at whatever run: the next layer
/// multiplies it by zero.
void ExpectNoNanStays(const KeptPrimitive& primitive, std::vector<Argument> arguments, int kind) {
  Memory room;
  Blocks out;
  arguments.push_back({kind, out.desc, BytesOf(out.elements)});
  for (int run = 0; run < 3; ++run) {
    std::ranges::fill(out.elements, std::nanf(""));
    ASSERT_TRUE(primitive.Run(arguments, room).ok());
    EXPECT_GT(out.Least(0, 20), 0) << "run " << run;
    EXPECT_TRUE(std::ranges::none_of(out.elements, [](float one) { return std::isnan(one); }))
        << "run " << run;
  }
}

TEST(KeptPrimitive, LeavesNoNanBetweenElements) {
  if (!HasFastKernels()) GTEST_SKIP() << "no oneDNN";
  Blocks filled;
  const memory::desc plain = PlainDesc(filled.dims);
  const std::vector<float> ones(20 * 9, 1.F);
  Memory room;
  const dnnl::reorder::primitive_desc reorder(CpuEngine(), plain, CpuEngine(), filled.desc,
                                              KeptAttributes());
  const KeptPrimitive fill(dnnl::reorder(reorder), reorder);
  ExpectNoNanStays(fill, {{DNNL_ARG_FROM, plain, BytesOf(ones)}}, DNNL_ARG_TO);
  ASSERT_TRUE(fill.Run({{DNNL_ARG_FROM, plain, BytesOf(ones)},
                        {DNNL_ARG_TO, filled.desc, BytesOf(filled.elements)}},
                       room)
                  .ok());

  constexpr auto kInference = dnnl::prop_kind::forward_inference;
  const dnnl::eltwise_forward::desc positive(kInference, dnnl::algorithm::eltwise_relu, filled.desc,
                                             0, 0);
  const dnnl::eltwise_forward::primitive_desc relu(positive, KeptAttributes(), CpuEngine());
  ExpectNoNanStays({dnnl::eltwise_forward(relu), relu},
                   {{DNNL_ARG_SRC, filled.desc, BytesOf(filled.elements)}}, DNNL_ARG_DST);
  const dnnl::pooling_forward::desc largest(kInference, dnnl::algorithm::pooling_max, filled.desc,
                                            filled.desc, {1, 1}, {3, 3}, {1, 1}, {1, 1});
  const dnnl::pooling_forward::primitive_desc pool(largest, KeptAttributes(), CpuEngine());
  ExpectNoNanStays({dnnl::pooling_forward(pool), pool},
                   {{DNNL_ARG_SRC, filled.desc, BytesOf(filled.elements)}}, DNNL_ARG_DST);
  const dnnl::convolution_forward::desc wanted(kInference, dnnl::algorithm::convolution_direct,
                                               filled.desc, AnyDesc({20, 20, 1, 1}), filled.desc,
                                               {1, 1}, {0, 0}, {0, 0}, {0, 0});
  const dnnl::convolution_forward::primitive_desc conv(wanted, KeptAttributes(), CpuEngine());
  std::vector<float> weights(conv.weights_desc().get_size() / sizeof(float), 0.5F);
  const std::vector<float> plain_weights(400, 0.5F);
  ASSERT_TRUE(Reorder(PlainDesc({20, 20, 1, 1}), BytesOf(plain_weights), conv.weights_desc(),
                      const_cast<std::byte*>(BytesOf(weights)), room)
                  .ok());
  const memory::desc weight_desc = conv.weights_desc();
  ExpectNoNanStays({dnnl::convolution_forward(conv), conv},
                   {{DNNL_ARG_SRC, filled.desc, BytesOf(filled.elements)},
                    {DNNL_ARG_WEIGHTS, weight_desc, BytesOf(weights)}},
                   DNNL_ARG_DST);
}

}  // namespace
}  // namespace dlv::kernels
