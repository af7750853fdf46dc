#include "engine/progressive/window.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "engine/progressive/layer.h"

namespace dlv::progressive {
namespace {

/// What a tap of a window sees: an element of the sample, or nothing beside it.
double SeenBy(const Window& window, const Extent& in, const Extent& out, std::int64_t line,
              std::int64_t position, const std::vector<double>& sample) {
  const std::int64_t channel = line / window.size(), tap = line % window.size();
  const std::int64_t y = position / out.width * window.stride_height +
                         tap / window.width * window.dilation_height - window.pad_top;
  const std::int64_t x = position % out.width * window.stride_width +
                         tap % window.width * window.dilation_width - window.pad_left;
  if (y < 0 || y >= in.height || x < 0 || x >= in.width) return 0;
  return sample[AsSize((channel * in.height + y) * in.width + x)];
}

/// Into room that is full of something else, windows that lie beside the input altogether among
/// them.
TEST(Windows, AreLaidOutWithZerosBesideTheInput) {
  std::mt19937 random(3);
  const auto whole = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  for (int round = 0; round < 500; ++round) {
    SCOPED_TRACE(round);
    Window window;
    window.height = whole(1, 4), window.width = whole(1, 4);
    window.stride_height = whole(1, 3), window.stride_width = whole(1, 3);
    window.dilation_height = whole(1, 3), window.dilation_width = whole(1, 3);
    window.pad_top = whole(0, 5), window.pad_left = whole(0, 5);
    const Extent in = {whole(1, 3), whole(1, 6), whole(1, 6)};
    const Extent out = {1, whole(1, 6), whole(1, 6)};
    std::vector<double> sample(AsSize(in.count()));
    for (double& one : sample) one = static_cast<double>(whole(1, 1000));
    const std::int64_t lines = in.channels * window.size();
    std::vector<double> matrix(AsSize(lines * out.positions()), std::nan(""));
    LayOut(window, in, out, in.channels, sample.data(), matrix.data());
    for (std::int64_t line = 0; line < lines; ++line) {
      for (std::int64_t position = 0; position < out.positions(); ++position) {
        ASSERT_EQ(matrix[AsSize(line * out.positions() + position)],
                  SeenBy(window, in, out, line, position, sample));
      }
    }
  }
}

}  // namespace
}  // namespace dlv::progressive
