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

OpenBlas Open() {
  const char* const wish = std::getenv("DLV_KERNELS");
  if (wish != nullptr && std::string_view(wish) == "reference") return {};
  void* const library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
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
