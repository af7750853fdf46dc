#include "engine/progressive/window_product.h"

#include <cstdlib>
#include <string_view>

#include "engine/kernels/cpu/plane_kernels.h"
#include "engine/progressive/window_forms.h"

namespace dlv::progressive {
namespace {

std::vector<const WindowForm*> FindForms() {
  std::vector<const WindowForm*> forms;
#if defined(DLV_X86_KERNELS)
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread writes it
  const char* const wish = std::getenv("DLV_KERNELS");
  if (wish != nullptr && std::string_view(wish) == "reference") return forms;
  const std::string_view best = kernels::BestPlaneKernels().name;
  for (const WindowForm* const form : kWindowForms) {
    if (best == form->name || !forms.empty()) forms.push_back(form);
  }
#endif
  return forms;
}

}  // namespace

const std::vector<const WindowForm*>& WindowForms() {
  static const std::vector<const WindowForm*> kForms = FindForms();
  return kForms;
}

}  // namespace dlv::progressive
