#include "storage/archive/decode_timing.h"

#include <gtest/gtest.h>

#include <chrono>

namespace dlv::archive {
namespace {

TEST(DecodeTiming, AreRatesThatAMachineCanHave) {
  const auto timing = MeasureDecoding(1);
  ASSERT_TRUE(timing.ok()) << timing.error().message;
  for (const double seconds : {timing->base_f32, timing->base_bf16, timing->delta_f32,
                               timing->delta_bf16, timing->other}) {
    EXPECT_GT(seconds, 1e-12);
    EXPECT_LT(seconds, 1e-5);  // also without optimisation, under a sanitizer
  }
  for (const double times :
       {timing->cold_base_f32, timing->cold_base_bf16, timing->cold_delta_f32,
        timing->cold_delta_bf16, timing->two_bases_f32, timing->two_bases_bf16}) {
    EXPECT_GE(times, 1);  // no rarer form is taken for a faster one, however busy the machine is
    EXPECT_LT(times, 100);
  }
  EXPECT_GT(timing->fetch, 0);
  EXPECT_LT(timing->fetch, 1e-6);
  EXPECT_GT(timing->seconds_per_chunk, 0);
  EXPECT_LT(timing->seconds_per_chunk, 0.01);
  std::printf("ns a byte: base f32 %.3f, bf16 %.3f; delta f32 %.3f, bf16 %.3f; other %.3f\n",
              timing->base_f32 * 1e9, timing->base_bf16 * 1e9, timing->delta_f32 * 1e9,
              timing->delta_bf16 * 1e9, timing->other * 1e9);
}

}  // namespace
}  // namespace dlv::archive
