#include "engine/progressive/window_forms.h"
#include "engine/progressive/window_loops.h"

namespace dlv::progressive {
namespace {

struct Avx2 {
  static constexpr int kBytes = 32, kRows = 4;  // of 16 registers: 12 sums
};

}  // namespace

constexpr WindowForm kAvx2Windows = {"avx2", Avx2::kBytes, window_loops::Loops<Avx2, double>::Sum,
                                     window_loops::Loops<Avx2, float>::Sum};

}  // namespace dlv::progressive
