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

/// Sizes, strides, dilations and padding at random, windows that lie beside the input altogether
/// among them.
struct Place {
  Window window;
  Extent in, out;
};

Place AnyPlace(std::mt19937& random) {
  const auto whole = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  Place place;
  Window& window = place.window;
  window.height = whole(1, 4), window.width = whole(1, 4);
  window.stride_height = whole(1, 3), window.stride_width = whole(1, 3);
  window.dilation_height = whole(1, 3), window.dilation_width = whole(1, 3);
  window.pad_top = whole(0, 5), window.pad_left = whole(0, 5);
  place.in = {whole(1, 3), whole(1, 6), whole(1, 6)};
  place.out = {1, whole(1, 6), whole(1, 6)};
  return place;
}

std::vector<double> AnyNumbers(std::mt19937& random, std::int64_t count) {
  std::vector<double> numbers(AsSize(count));
  for (double& one : numbers) one = std::uniform_int_distribution<int>(1, 1000)(random);
  return numbers;
}

/// Into room that is full of something else.
TEST(Windows, AreLaidOutWithZerosBesideTheInput) {
  std::mt19937 random(3);
  for (int round = 0; round < 500; ++round) {
    SCOPED_TRACE(round);
    const auto [window, in, out] = AnyPlace(random);
    const std::vector<double> sample = AnyNumbers(random, in.count());
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

/// Whole numbers below 2^24: sums of them are exact, so that a bound of a sum may not be less than
/// it, nor more but for what makes it safe.
TEST(Windows, SumsAreOfWhatWindowsSee_BoxFilterOffByOneAtPadding) {
  std::mt19937 random(4);
  for (int round = 0; round < 500; ++round) {
    SCOPED_TRACE(round);
    auto [window, in, out] = AnyPlace(random);
    in.channels = 1;
    const std::vector<double> squares = AnyNumbers(random, in.count());
    std::vector<double> sums(AsSize(out.positions()), std::nan(""));
    SumsOverWindows(window, in, out, squares, sums);
    for (std::int64_t position = 0; position < out.positions(); ++position) {
      double seen = 0;
      for (std::int64_t tap = 0; tap < window.size(); ++tap)
        seen += SeenBy(window, in, out, tap, position, squares);
      ASSERT_GE(sums[AsSize(position)], seen);
      ASSERT_LE(sums[AsSize(position)], seen * (1 + 1e-12) + 1e-280);
    }
  }
}

}  // namespace
}  // namespace dlv::progressive
