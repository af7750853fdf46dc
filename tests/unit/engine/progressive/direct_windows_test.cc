// Convolutions in place, in every form that this machine has, against sums in 113 bits.

#include "engine/progressive/direct_windows.h"

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>
#include <limits>
#include <random>
#include <type_traits>
#include <vector>

#include "engine/bounds/rounding.h"
#include "tests/unit/engine/bounds/oracle.h"

namespace dlv::progressive {
namespace {

using bounds::oracle::Magnitude;
using bounds::oracle::Quad;

/// Windows over a few channels.
struct Slide {
  Window window;
  Extent in, out;
  std::int64_t rows = 1;
};

std::string TextOf(const Slide& slide) {
  const Window& w = slide.window;
  std::string text;
  for (const std::int64_t one :
       {w.height, w.width, w.stride_height, w.stride_width, w.dilation_height, w.dilation_width,
        w.pad_top, w.pad_left, slide.in.channels, slide.in.height, slide.in.width, slide.out.height,
        slide.out.width, slide.rows})
    text += std::to_string(one) + " ";
  return text;
}

template <class Number>
class InPlace : public ::testing::Test {
 public:
  static constexpr double kUnitOf =
      std::is_same_v<Number, double> ? bounds::kUnit : bounds::kUnitF32;

  std::vector<Number> Random(std::int64_t count, double scale = 1) {
    std::normal_distribution<double> normal;
    std::vector<Number> numbers(AsSize(count));
    for (Number& number : numbers) number = static_cast<Number>(scale * normal(random_));
    return numbers;
  }
  std::int64_t Whole(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
  }

  /// Some of them reach beside the input altogether, some are read where they lie.
  Slide RandomSlide() {
    Slide slide;
    Window& w = slide.window;
    const bool is_plain = Whole(0, 3) == 0;
    w.height = Whole(1, 5), w.width = Whole(1, 5);
    if (!is_plain) {
      w.stride_height = Whole(1, 3), w.stride_width = Whole(1, 3);
      w.dilation_height = Whole(1, 2), w.dilation_width = Whole(1, 3);
      w.pad_top = Whole(0, 4), w.pad_left = Whole(0, 4);
    }
    slide.rows = Whole(1, 19);
    slide.in = {Whole(1, 5), Whole(1, 20), Whole(1, 36)};
    slide.out = {slide.rows, Whole(1, 6), Whole(1, 34)};
    if (is_plain) {
      slide.in.height = slide.out.height + w.height - 1;
      slide.in.width = slide.out.width + w.width - 1;
    }
    return slide;
  }

  /// Windows as a matrix, by the other way there is.
  static std::vector<Number> Matrix(const Slide& slide, const std::vector<Number>& sample) {
    std::vector<Number> matrix(
        AsSize(slide.in.channels * slide.window.size() * slide.out.positions()));
    LayOut(slide.window, slide.in, slide.out, slide.in.channels, sample.data(), matrix.data());
    return matrix;
  }

  /// What comes out, in room that is full of something else.
  std::vector<Number> Sums(const DirectWindows& direct, const Slide& slide,
                           const std::vector<Number>& weights, const std::vector<Number>& bias,
                           const std::vector<Number>& sample) {
    std::vector<Number> room(AsSize(direct.room()), std::numeric_limits<Number>::quiet_NaN());
    std::vector<Number> y(AsSize(slide.rows * slide.out.positions() + 1), Number{77});
    direct.Sum(slide.rows, weights.data(), bias.data(), sample.data(), room.data(), y.data());
    EXPECT_EQ(y.back(), 77) << "beyond the result";
    y.pop_back();
    return y;
  }

  /// Returns whether a form took it.
  bool Check(const WindowForm* form, const Slide& slide, double scale = 1) {
    const auto direct = DirectWindows::Make(slide.window, slide.in, slide.out, slide.in.channels,
                                            sizeof(Number), std::span(&form, 1));
    if (!direct) return false;
    const std::int64_t columns = slide.in.channels * slide.window.size();
    const auto weights = Random(slide.rows * columns, scale), bias = Random(slide.rows, scale);
    const auto sample = Random(slide.in.count(), scale);
    const auto y = Sums(*direct, slide, weights, bias, sample);
    const auto matrix = Matrix(slide, sample);
    const double gamma = bounds::GammaAbove(static_cast<double>(columns) + 1, kUnitOf);
    const Quad least = Quad(std::numeric_limits<Number>::denorm_min()) * Quad(double(columns + 1));
    const std::size_t positions = AsSize(slide.out.positions());
    for (std::size_t at = 0; at < y.size(); ++at) {
      const std::size_t row = at / positions, p = at % positions;
      Quad sum = Quad(bias[row]), magnitudes = Magnitude(sum);
      for (std::size_t k = 0; k < AsSize(columns); ++k) {
        const Quad term =
            Quad(weights[row * AsSize(columns) + k]) * Quad(matrix[k * positions + p]);
        sum += term;
        magnitudes += Magnitude(term);
      }
      EXPECT_LE(Magnitude(sum - Quad(y[at])), Quad(gamma) * magnitudes + least)
          << form->name << " at " << at << " of " << TextOf(slide);
      if (this->HasFailure()) return true;
    }
    return true;
  }

 private:
  std::mt19937_64 random_{29};
};

using Types = ::testing::Types<double, float>;
TYPED_TEST_SUITE(InPlace, Types);

TYPED_TEST(InPlace, IsWithinGammaOfTheTrueSum) {
  for (const WindowForm* const form : WindowForms()) {
    int taken = 0;
    for (int round = 0; round < 150 && !this->HasFailure(); ++round)
      taken += this->Check(form, this->RandomSlide());
    std::cout << form->name << ": " << taken << " of 150\n";
    EXPECT_GT(taken, 20);
  }
}

TYPED_TEST(InPlace, TakesTheWindowsOfRealNetworks) {
  for (const WindowForm* const form : WindowForms()) {
    for (const std::int64_t side : {32, 16, 8}) {
      for (const std::int64_t stride : {1, 2}) {
        Slide slide{{3, 3, stride, stride, 1, 1, 1, 1},
                    {16, side * stride, side * stride},
                    {16, side, side},
                    16};
        const bool fills = side * 2 * static_cast<std::int64_t>(sizeof(TypeParam)) >
                           form->vector_bytes;  // else vectors are half empty
        EXPECT_EQ(this->Check(form, slide), fills) << form->name << " " << TextOf(slide);
      }
    }
    Slide point{{}, {32, 4, 8}, {20, 4, 8}, 20};
    EXPECT_TRUE(this->Check(form, point)) << form->name;
  }
}

/// Numbers whose products are denormal, or nothing.
TYPED_TEST(InPlace, KeepsWhatUnderflows) {
  const double scale = std::sqrt(static_cast<double>(std::numeric_limits<TypeParam>::min())) / 4;
  const Slide slide{{3, 3, 1, 1, 1, 1, 1, 1}, {2, 5, 16}, {3, 5, 16}, 3};
  for (const WindowForm* const form : WindowForms()) EXPECT_TRUE(this->Check(form, slide, scale));
}

/// An input that is no number spoils the outputs whose windows hold it, and no others; a weight
/// spoils its row, zeros beside the input included, as in windows laid out.
TYPED_TEST(InPlace, KeepsNan) {
  const Slide slide{{3, 3, 1, 1, 1, 1, 1, 1}, {2, 4, 16}, {2, 4, 16}, 2};
  const auto nan = std::numeric_limits<TypeParam>::quiet_NaN();
  for (const WindowForm* const form : WindowForms()) {
    const auto direct = DirectWindows::Make(slide.window, slide.in, slide.out, 2, sizeof(TypeParam),
                                            std::span(&form, 1));
    ASSERT_TRUE(direct);
    auto weights = this->Random(2 * 2 * 9), sample = this->Random(slide.in.count());
    const auto bias = this->Random(2);
    sample[16 + 5] = nan;  // row 1, column 5
    auto y = this->Sums(*direct, slide, weights, bias, sample);
    for (std::size_t at = 0; at < y.size(); ++at) {
      const std::size_t row = at / 16 % 4, column = at % 16;
      EXPECT_EQ(std::isnan(y[at]), row <= 2 && column >= 4 && column <= 6) << at;
    }
    sample[16 + 5] = 1;
    weights[2 * 9 + 3] = nan;  // of the second row
    y = this->Sums(*direct, slide, weights, bias, sample);
    for (std::size_t at = 0; at < y.size(); ++at) EXPECT_EQ(std::isnan(y[at]), at >= 64) << at;
  }
}

/// They would take more room than windows laid out, or more than there is.
TEST(DirectWindows, AreNotForHugeStepsOrFewColumns) {
  const Extent in = {1, 8, 8};
  const std::int64_t huge = std::int64_t{1} << 40;
  EXPECT_FALSE(DirectWindows::Make({3, 3, 1, 1, huge, 1, huge, 1}, in, {1, 8, 8}, 1, 8));
  EXPECT_FALSE(DirectWindows::Make({3, 3, 1, 1, 1, huge, 1, huge}, in, {1, 8, 8}, 1, 8));
  EXPECT_FALSE(DirectWindows::Make({3, 3, 1, 1, 4000, 1, 4000, 1}, in, {1, 8, 8}, 1, 8));
  EXPECT_FALSE(DirectWindows::Make({3, 3, 9, 9, 1, 1, 1, 1}, in, {1, 1, 1}, 1, 8));
  EXPECT_FALSE(DirectWindows::Make({3, 3}, in, {1, 6, 6}, 1, 8, {}));
}

}  // namespace
}  // namespace dlv::progressive
