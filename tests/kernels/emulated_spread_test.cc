// The bodies of the CUDA kernels of proofs, run on the processor, against engine/progressive.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "engine/bounds/rounding.h"
#include "engine/progressive/linear_layer.h"
#include "tests/kernels/emulated_spread.h"
#include "tests/kernels/spread_case.h"
#include "tests/unit/engine/bounds/oracle.h"

namespace dlv::kernels::test {
namespace {

using Order = cuda::EmulatedWarp::Order;
using bounds::oracle::Quad;

bool SameBits(std::span<const double> a, std::span<const double> b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), 8 * a.size()) == 0);
}

template <class T>
void ExpectNorms(std::uint64_t samples, std::uint64_t channels, std::uint64_t positions,
                 bool with_bias, bool with_relu) {
  SimpleNoise noise;
  std::vector<T> products(samples * channels * positions), bias(channels);
  for (T& one : products) one = static_cast<T>(noise.Next() - 0.5);
  for (T& one : bias) one = static_cast<T>(0.3 * noise.Next());
  for (const Order order : {Order::kForward, Order::kBackward}) {
    std::vector<T> values = products, activated(products.size(), T(7));
    std::vector<double> norms(samples * positions);
    cuda::EpilogueJob job{values.data(),
                          with_bias ? bias.data() : nullptr,
                          with_relu ? activated.data() : nullptr,
                          norms.data(),
                          samples,
                          channels,
                          positions};
    EmulateFinishLayer<T>(job, order);
    std::vector<T> want = products;
    for (std::size_t i = 0; i < want.size() && with_bias; ++i)
      want[i] += bias[i / positions % channels];
    EXPECT_EQ(values, want);
    for (T& one : want) one = with_relu && one < 0 ? T{0} : one;
    if (with_relu) {
      EXPECT_EQ(activated, want);
    }
    const progressive::Extent extent{static_cast<std::int64_t>(channels), 1,
                                     static_cast<std::int64_t>(positions)};
    std::vector<double> want_norms(norms.size());
    for (std::uint64_t sample = 0; sample < samples; ++sample) {
      progressive::PositionNorms(progressive::SampleOf(want, sample, channels * positions), extent,
                                 std::span(want_norms).subspan(sample * positions, positions));
    }
    EXPECT_TRUE(SameBits(norms, want_norms));
  }
}

TEST(EmulatedSpread, NormsAreThoseOfTheProcessor) {
  for (const bool with_bias : {false, true}) {
    for (const bool with_relu : {false, true}) {
      for (const auto& [channels, positions] :
           std::vector<std::pair<unsigned, unsigned>>{{1, 1},
                                                      {7, 1},
                                                      {8, 1},
                                                      {9, 1},
                                                      {31, 1},
                                                      {1000, 1},
                                                      {1, 2},
                                                      {3, 31},
                                                      {5, 32},
                                                      {6, 33},
                                                      {64, 49},
                                                      {16, 1024}}) {
        SCOPED_TRACE(std::to_string(channels) + " channels, " + std::to_string(positions));
        ExpectNorms<float>(3, channels, positions, with_bias, with_relu);
        ExpectNorms<double>(3, channels, positions, with_bias, with_relu);
      }
    }
  }
}

TEST(EmulatedSpread, NormsAreNotBelowTheTrueOnes) {
  SimpleNoise noise;
  for (const double scale : {1.0, 1e-160, 1e150, 0x1p-1060}) {
    std::vector<double> values(57);
    for (double& one : values) one = scale * noise.Next();
    double norm = 0;
    cuda::EpilogueJob job{values.data(), nullptr, nullptr, &norm, 1, values.size(), 1};
    EmulateFinishLayer<double>(job, Order::kForward);
    EXPECT_GE(Quad(norm), bounds::oracle::Norm(values));
    if (scale > 1e-100) {
      EXPECT_LE(Quad(norm), bounds::oracle::Norm(values) * Quad(1 + 1e-13));
    }
  }
}

TEST(EmulatedSpread, ReluKeepsNanAndSoDoesItsNorm) {
  std::vector<float> values = {-1, std::numeric_limits<float>::quiet_NaN(), 2, -0.0f}, out(4);
  double norms[2] = {};
  cuda::EpilogueJob job{values.data(), nullptr, out.data(), norms, 1, 2, 2};
  EmulateFinishLayer<float>(job, Order::kForward);
  EXPECT_EQ(out[0], 0);
  EXPECT_TRUE(std::isnan(out[1]));
  EXPECT_TRUE(std::signbit(out[3]));
  EXPECT_NEAR(norms[0], 2, 1e-12);
  EXPECT_TRUE(std::isnan(norms[1]));
}

/// The layer whose rule it is, with the same numbers; its inputs are one channel of the norms.
struct Reference {
  explicit Reference(const SpreadCase& one) {
    const cuda::WindowShape& w = one.job.window;
    progressive::LinearForm form;
    form.rows = 1;
    form.columns = w.height * w.width;
    form.window = {w.height,          w.width,          w.stride_height, w.stride_width,
                   w.dilation_height, w.dilation_width, w.pad_top,       w.pad_left};
    form.in = {1, w.in_height, w.in_width};
    form.out = {1, w.out_height, w.out_width};
    auto weights = std::make_shared<progressive::LinearWeights>();
    weights->norm_whole = one.job.norm_whole;
    weights->norm_absolute = 1.9;
    weights->norm_residual = one.job.norm_residual;
    weights->operator_whole = one.job.operator_whole;
    weights->operator_residual = one.job.operator_residual;
    weights->bias_norm = 0.4;
    weights->bias_error = 1e-15;
    // The terms of LinearLayer::Rounding, in the same order of operations.
    const double terms = static_cast<double>(form.columns) + 2;
    const double gamma = bounds::GammaAbove(terms);
    const double least = 2 * terms * std::sqrt(1.0) * 0x1p-1074;
    share = bounds::Above(gamma * weights->norm_absolute);
    base = bounds::Above(gamma * weights->bias_norm + weights->bias_error + 2 * least, 6);
    limit = gamma * 0x1p1022;
    layer = std::make_unique<progressive::LinearLayer>("linear", 0, form);
    layer->SetWeights(std::move(weights));
    extent = form.in;
  }
  std::unique_ptr<progressive::LinearLayer> layer;
  progressive::Extent extent;
  double share = 0, base = 0, limit = 0;
};

using HostArrays = SpreadArrays<std::vector<double>>;

HostArrays Emulate(const SpreadCase& one, const cuda::LinearSpreadJob& job, Order order) {
  HostArrays arrays(one);
  EmulateBoundLinear(arrays.Placed(job), order);
  return arrays;
}

TEST(EmulatedSpread, BoundsAreThoseOfTheProcessor) {
  for (SpreadCase& one : SpreadCases()) {
    SCOPED_TRACE(one.name);
    const Reference reference(one);
    // The processor makes norms of values itself: of one channel, these.
    const std::vector<double> values = one.norms;
    for (std::uint64_t i = 0; i < one.job.samples; ++i) {
      progressive::PositionNorms(
          progressive::SampleOf(values, i, one.InPositions()), reference.extent,
          std::span(one.norms).subspan(i * one.InPositions(), one.InPositions()));
    }
    progressive::Spread read{one.whole_spread, one.spreads, {}}, want;
    want.whole.resize(one.job.samples);
    want.by_position.resize(one.job.samples * one.OutPositions());
    const progressive::Operand operand{&values, &read, reference.extent};
    reference.layer->Bound(std::span(&operand, 1), one.job.samples, {}, want);
    cuda::LinearSpreadJob job = one.job;
    job.rounding_share = reference.share;
    job.rounding_base = reference.base;
    job.rounding_limit = reference.limit;
    for (const Order order : {Order::kForward, Order::kBackward}) {
      const HostArrays got = Emulate(one, job, order);
      EXPECT_TRUE(SameBits(got.entries, want.by_position));
      EXPECT_TRUE(SameBits(got.whole, want.whole));
      EXPECT_TRUE(SameBits(got.own, want.own));
    }
  }
}

TEST(EmulatedSpread, PositionsThatMayHaveOverflowedAreInfinite) {
  for (const SpreadCase& one : SpreadCases()) {
    if (std::string(one.name) != "overflow") continue;
    const HostArrays got = Emulate(one, one.job, Order::kForward);
    // Of one infinite position all are, through the norm of all.
    EXPECT_EQ(got.whole[0], HUGE_VAL);
    EXPECT_EQ(std::ranges::count(got.entries, HUGE_VAL) > 0, true);
    EXPECT_LT(std::ranges::count(got.entries, HUGE_VAL), std::ssize(got.entries));
    return;
  }
  ADD_FAILURE() << "no such case";
}

}  // namespace
}  // namespace dlv::kernels::test
