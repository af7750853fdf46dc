#include "engine/bounds/open_blas.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace dlv::bounds {
namespace {

/// Whatever the model of the processor: its wide vectors are used.
TEST(OpenBlas, HasKernelsForTheProcessor) {
  if (FindOpenBlas() == nullptr) GTEST_SKIP() << "no OpenBLAS";
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) GTEST_SKIP() << "no AVX2";
  void* const library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_NOLOAD);
  ASSERT_NE(library, nullptr);
  const auto core = reinterpret_cast<const char* (*)()>(dlsym(library, "openblas_get_corename"));
  ASSERT_NE(core, nullptr);
  constexpr std::array<std::string_view, 6> kNarrow = {"Prescott", "Core2",       "Penryn",
                                                       "Nehalem",  "Sandybridge", "Barcelona"};
  EXPECT_EQ(std::ranges::count(kNarrow, std::string_view(core())), 0) << core();
  dlclose(library);
#else
  GTEST_SKIP() << "no x86";
#endif
}

}  // namespace
}  // namespace dlv::bounds
