#include "engine/progressive/square_forms.h"
#include "engine/progressive/square_loops.h"

namespace dlv::progressive {
namespace {

struct Portable {
  static constexpr int kBytes = 16;
};

}  // namespace

constexpr SquareForm kPortableSquares = square_loops::FormOf<Portable>("portable");

}  // namespace dlv::progressive
