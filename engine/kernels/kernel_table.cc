#include "engine/kernels/kernel_table.h"

#include <algorithm>
#include <tuple>

#include "engine/kernels/cpu/rows.h"
#include "engine/kernels/reference/rows.h"

namespace dlv::kernels {
namespace {

bool Before(const KernelRow& a, const KernelRow& b) {
  return std::tie(a.domain, a.op) < std::tie(b.domain, b.op);
}

std::vector<KernelRow> Sorted(std::initializer_list<std::span<const KernelRow>> parts) {
  std::vector<KernelRow> rows;
  for (const auto part : parts) rows.insert(rows.end(), part.begin(), part.end());
  std::sort(rows.begin(), rows.end(), Before);
  return rows;
}

const std::vector<KernelRow>& ReferenceRows() {
  static const std::vector<KernelRow> kRows =
      Sorted({ConvolutionKernels(), PoolingKernels(),   MatrixKernels(),      UnaryKernels(),
              BinaryKernels(),      LogicalKernels(),   NormalisingKernels(), SoftmaxKernels(),
              LayoutKernels(),      PartKernels(),      PadKernels(),         GatherKernels(),
              SourceKernels(),      ReductionKernels(), OrderKernels(),       ResizeKernels(),
              RecurrentKernels(),   GatedUnitKernels(), EinsumKernels(),      QuantisedKernels(),
              DiagonalKernels(),    ScatterKernels(),   CaffeKernels()});
  return kRows;
}

const std::vector<KernelRow>& CpuRows() {
  static const std::vector<KernelRow> kRows =
      Sorted({CpuConvolutionKernels(), CpuMatrixKernels(), CpuPoolingKernels(), CpuElementKernels(),
              CpuNormalisingKernels(), CpuConcatKernels(), CpuViewKernels(), CpuSpatialKernels()});
  return kRows;
}

}  // namespace

const char* NameOf(Implementation implementation) {
  return implementation == Implementation::kReference ? "reference" : "cpu";
}

std::span<const KernelRow> AllKernels(Implementation implementation) {
  return implementation == Implementation::kReference ? ReferenceRows() : CpuRows();
}

const KernelRow* FindRow(Implementation implementation, std::string_view domain,
                         std::string_view op) {
  const auto rows = AllKernels(implementation);
  const KernelRow wanted{domain, op, nullptr};
  const auto at = std::lower_bound(rows.begin(), rows.end(), wanted, Before);
  return at != rows.end() && at->domain == domain && at->op == op ? &*at : nullptr;
}

Kernel FindKernel(Implementation implementation, std::string_view domain, std::string_view op) {
  const KernelRow* row = FindRow(implementation, domain, op);
  return row == nullptr ? nullptr : row->kernel;
}

}  // namespace dlv::kernels
