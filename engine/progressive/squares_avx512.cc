#include "engine/progressive/square_forms.h"
#include "engine/progressive/square_loops.h"

namespace dlv::progressive {
namespace {

struct Avx512 {
  static constexpr int kBytes = 64;
};

}  // namespace

constexpr SquareForm kAvx512Squares = square_loops::FormOf<Avx512>("avx512");

}  // namespace dlv::progressive
