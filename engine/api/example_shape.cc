#include "engine/api/example_shape.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace dlv::api {
namespace {

std::int64_t ElementsOf(std::span<const std::int64_t> shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

bool Fits(std::span<const std::int64_t> shape, std::span<const std::int64_t> wanted) {
  return std::ranges::equal(shape, wanted, [](std::int64_t got, std::int64_t want) {
    return want == kUnknownSize || got == want;
  });
}

bool IsKnown(std::span<const std::int64_t> wanted) {
  return std::ranges::find(wanted, kUnknownSize) == wanted.end();
}

}  // namespace

std::optional<InputForm> FitExample(const ExampleForm& example,
                                    const std::optional<NetworkShape>& wanted) {
  const NetworkShape& made = example.shape;
  if (!wanted || wanted->empty()) return InputForm{made, false};
  const std::span<const std::int64_t> want = std::span(*wanted).subspan(1);
  if (Fits(made, want)) return InputForm{made, false};
  if (example.is_image) {
    const NetworkShape last = {made[1], made[2], made[0]};
    if (Fits(last, want)) return InputForm{last, made[0] != 1};
    const NetworkShape flat = {made[1], made[2]};
    if (made[0] == 1 && Fits(flat, want)) return InputForm{flat, false};
  }
  const NetworkShape row = {ElementsOf(made)};
  if (Fits(row, want)) return InputForm{row, false};
  if (made.size() <= 1 && IsKnown(want) && ElementsOf(want) == row[0])
    return InputForm{{want.begin(), want.end()}, false};
  return std::nullopt;
}

void PutChannelsLast(std::span<const double> planes, std::int64_t channels, std::span<double> out) {
  const auto count = static_cast<std::size_t>(channels);
  const std::size_t pixels = planes.size() / count;
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    for (std::size_t channel = 0; channel < count; ++channel)
      out[pixel * count + channel] = planes[channel * pixels + pixel];
  }
}

}  // namespace dlv::api
