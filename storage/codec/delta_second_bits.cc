#include "storage/codec/delta_second_bits.h"

#include <algorithm>

namespace dlv::codec {

unsigned SecondBitStep(const DeltaShape& shape, unsigned level, unsigned scale, unsigned length) {
  unsigned below = 8u * shape.element_bytes;
  for (unsigned i = 0; i <= level; ++i) below -= 8u * shape.level_bytes[i];
  below -= std::min<unsigned>(below, shape.ignored_bits);
  const int expected = static_cast<int>(scale) - 2;
  const int above = static_cast<int>(length + below) - expected;
  return static_cast<unsigned>(std::clamp(above, 0, static_cast<int>(kSecondBitSteps) - 1));
}

}  // namespace dlv::codec
