#include "engine/bounds/open_blas.h"

#include <dlfcn.h>

#include <cstdlib>
#include <string_view>

namespace dlv::bounds {
namespace {

template <class Function>
Function Symbol(void* library, const char* name) {
  return reinterpret_cast<Function>(dlsym(library, name));
}

std::string_view WishedKernels() {
  const char* const wish = std::getenv("DLV_KERNELS");
  return wish == nullptr ? "" : wish;
}

/// The name of OpenBLAS's kernels for this processor; null: it may choose for itself.
const char* CoreName() {
#if defined(__x86_64__)
  const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
                          __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (has_avx512 && WishedKernels() != "avx2") return "SkylakeX";
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "Haswell";
#endif
  return nullptr;
}

/// OpenBLAS goes by the model of a processor: one that is newer than the library gets kernels for
/// SSE3, a quarter as fast. So it is told what there is while it is loaded, unless somebody has
/// told it. DLV_KERNELS limits it as it limits our own loops.
void* OpenLibrary() {
  constexpr const char* kVariable = "OPENBLAS_CORETYPE";
  const char* const core = std::getenv(kVariable) == nullptr ? CoreName() : nullptr;
  if (core != nullptr) setenv(kVariable, core, 0);
  void* const library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
  if (core != nullptr) unsetenv(kVariable);
  return library;
}

OpenBlas Open() {
  if (WishedKernels() == "reference") return {};
  void* const library = OpenLibrary();
  if (library == nullptr) return {};
  OpenBlas found;
  found.dgemm = Symbol<OpenBlas::Dgemm>(library, "cblas_dgemm");
  found.sgemm = Symbol<OpenBlas::Sgemm>(library, "cblas_sgemm");
  const auto set_threads = Symbol<void (*)(int)>(library, "openblas_set_num_threads");
  if (found.dgemm == nullptr || found.sgemm == nullptr || set_threads == nullptr) return {};
  set_threads(1);  // callers run in parallel over inputs and tensors
  return found;
}

}  // namespace

const OpenBlas* FindOpenBlas() {
  static const OpenBlas kFound = Open();
  return kFound.dgemm != nullptr ? &kFound : nullptr;
}

}  // namespace dlv::bounds
