#include "engine/progressive/window_forms.h"
#include "engine/progressive/window_loops.h"

namespace dlv::progressive {
namespace {

struct Avx512 {
  static constexpr int kBytes = 64, kRows = 8;  // of 32 registers: 24 sums
};

}  // namespace

constexpr WindowForm kAvx512Windows = {"avx512", Avx512::kBytes,
                                       window_loops::Loops<Avx512, double>::Sum,
                                       window_loops::Loops<Avx512, float>::Sum};

}  // namespace dlv::progressive
