#include "engine/infer/kernel_choice.h"

#include <cstdlib>

#include "engine/kernels/threads.h"

namespace dlv::infer {
namespace {

using kernels::Implementation;

// Fastest first, the reference last.
constexpr Implementation kForF32[] = {Implementation::kCpu, Implementation::kReference};
constexpr Implementation kReferenceAlone[] = {Implementation::kReference};

bool IsReferenceForced() {
  const char* wish = std::getenv("DLV_KERNELS");
  return wish != nullptr && std::string_view(wish) == "reference";
}

}  // namespace

std::span<const Implementation> Candidates(DType real, bool only_reference) {
  if (only_reference || real != DType::kF32 || IsReferenceForced()) return kReferenceAlone;
  if (!kernels::HasFastKernels()) return kReferenceAlone;
  return kForF32;
}

ChosenKernel ChooseKernel(std::span<const Implementation> candidates, std::string_view domain,
                          std::string_view op) {
  for (const Implementation implementation : candidates) {
    const kernels::KernelRow* row = kernels::FindRow(implementation, domain, op);
    if (row == nullptr) continue;
    return {row->kernel, implementation, row->any_order, row->views, row->folded, row->folds};
  }
  return {};
}

}  // namespace dlv::infer
