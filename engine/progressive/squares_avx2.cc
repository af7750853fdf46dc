#include "engine/progressive/square_forms.h"
#include "engine/progressive/square_loops.h"

namespace dlv::progressive {
namespace {

struct Avx2 {
  static constexpr int kBytes = 32;
};

}  // namespace

constexpr SquareForm kAvx2Squares = square_loops::FormOf<Avx2>("avx2");

}  // namespace dlv::progressive
