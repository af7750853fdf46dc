#include "engine/bounds/float_environment.h"

namespace dlv::bounds {
namespace {

#if defined(__x86_64__)
constexpr unsigned kFlushToZero = 1U << 15;
constexpr unsigned kDenormalsAreZero = 1U << 6;

void KeepDenormals() {
  const unsigned control = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(control & ~(kFlushToZero | kDenormalsAreZero));
}
#elif defined(__aarch64__)
constexpr std::uint64_t kFlushToZero = 1ULL << 24;

void KeepDenormals() {
  std::uint64_t control = 0;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  __asm__ volatile("msr fpcr, %0" : : "r"(control & ~kFlushToZero));
}
#else
void KeepDenormals() {}
#endif

}  // namespace

ScopedFloatEnvironment::ScopedFloatEnvironment() {
  std::fegetenv(&saved_);
  std::fesetround(FE_TONEAREST);
  KeepDenormals();
}

ScopedFloatEnvironment::~ScopedFloatEnvironment() { std::fesetenv(&saved_); }

}  // namespace dlv::bounds
