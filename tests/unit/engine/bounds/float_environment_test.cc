#include "engine/bounds/float_environment.h"

#include <gtest/gtest.h>

#include <cfenv>

namespace dlv::bounds {
namespace {

TEST(FloatEnvironment, RoundsToNearestAndRestores) {
  std::fesetround(FE_UPWARD);
  {
    const ScopedFloatEnvironment scope;
    EXPECT_EQ(std::fegetround(), FE_TONEAREST);
  }
  EXPECT_EQ(std::fegetround(), FE_UPWARD);
  std::fesetround(FE_TONEAREST);
}

#if defined(__x86_64__)
TEST(FloatEnvironment, KeepsDenormalsAndRestores) {
  const unsigned before = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(before | 1U << 15 | 1U << 6);
  volatile double least = 0x1p-1022;
  {
    const ScopedFloatEnvironment scope;
    EXPECT_GT(least * 0.5, 0);
  }
  const unsigned after = __builtin_ia32_stmxcsr();
  const bool flushed = least * 0.5 == 0;
  __builtin_ia32_ldmxcsr(before);
  EXPECT_TRUE(flushed);
  EXPECT_EQ(after & (1U << 15 | 1U << 6), 1U << 15 | 1U << 6);
}
#endif

}  // namespace
}  // namespace dlv::bounds
