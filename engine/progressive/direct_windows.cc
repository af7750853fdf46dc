#include "engine/progressive/direct_windows.h"

#include <algorithm>

namespace dlv::progressive {
namespace {

std::int64_t RoundedUp(std::int64_t count, std::int64_t to) { return (count + to - 1) / to * to; }

/// The longest vectors that rows of so many positions fill well; null: there are none.
const WindowForm* FormFor(std::int64_t width, std::int64_t number_bytes,
                          std::span<const WindowForm* const> forms) {
  for (const WindowForm* const form : forms) {
    const std::int64_t lanes = form->vector_bytes / number_bytes;
    if (2 * RoundedUp(width, lanes) <= 3 * width) return form;
  }
  return nullptr;
}

/// Of padding, strides and dilations, so that products of them are numbers.
constexpr std::int64_t kMostStep = std::int64_t{1} << 20;

bool HasSmallSteps(const Window& window) {
  const auto steps = {window.stride_height,  window.stride_width, window.dilation_height,
                      window.dilation_width, window.pad_top,      window.pad_left,
                      window.height,         window.width};
  return std::ranges::all_of(steps, [](std::int64_t one) { return one >= 0 && one < kMostStep; });
}

}  // namespace

/// No window reaches beside the input.
bool DirectWindows::LiesInside() const {
  const auto end = [](std::int64_t out, std::int64_t stride, std::int64_t size,
                      std::int64_t dilation) {
    return (out - 1) * stride + (size - 1) * dilation + 1;
  };
  return window_.pad_top == 0 && window_.pad_left == 0 &&
         end(out_.height, window_.stride_height, window_.height, window_.dilation_height) <=
             in_.height &&
         end(out_.width, window_.stride_width, window_.width, window_.dilation_width) <= in_.width;
}

void DirectWindows::PlaceTaps() {
  for (std::int64_t dy = 0; dy < window_.height; ++dy) {
    for (std::int64_t dx = 0; dx < window_.width; ++dx) {
      const std::int64_t column = dx * window_.dilation_width, stride = window_.stride_width;
      taps_at_.push_back(dy * window_.dilation_height * row_width_ +
                         column % stride * phase_width_ + column / stride);
    }
  }
}

std::optional<DirectWindows> DirectWindows::Make(const Window& window, const Extent& in,
                                                 const Extent& out, std::int64_t channels,
                                                 std::size_t number_bytes,
                                                 std::span<const WindowForm* const> forms) {
  if (!HasSmallSteps(window) || out.positions() == 0 || channels == 0) return std::nullopt;
  DirectWindows direct(window, in, out, channels);
  if (window.is_point()) {
    direct.in_ = {in.channels, 1, in.positions()};
    direct.out_ = {out.channels, 1, out.positions()};
  }
  const Extent& wide = direct.out_;
  const auto bytes = static_cast<std::int64_t>(number_bytes);
  direct.form_ = FormFor(wide.width, bytes, forms);
  if (direct.form_ == nullptr) return std::nullopt;
  const std::int64_t read = RoundedUp(wide.width, direct.form_->vector_bytes / bytes);
  const std::int64_t stride = window.stride_width;
  if (stride == 1 && read == wide.width && direct.LiesInside()) {
    direct.is_direct_ = true;
    direct.rows_ = direct.in_.height;
    direct.phase_width_ = direct.row_width_ = direct.in_.width;
  } else {
    direct.rows_ =
        (wide.height - 1) * window.stride_height + (window.height - 1) * window.dilation_height + 1;
    direct.phase_width_ = std::max((window.width - 1) * window.dilation_width / stride + read,
                                   (window.pad_left + direct.in_.width + stride - 1) / stride);
    direct.row_width_ = direct.phase_width_ * stride;
    const std::int64_t most = window.size() * wide.positions() + 2 * direct.in_.positions();
    if (window.is_point() || direct.row_width_ > most / direct.rows_) return std::nullopt;
  }
  direct.PlaceTaps();
  return direct;
}

template <class Number>
void DirectWindows::PadRow(const Number* from, Number* to) const {
  const std::int64_t stride = window_.stride_width, left = window_.pad_left;
  if (stride == 1) {
    std::fill_n(to, left, Number{0});
    std::copy_n(from, in_.width, to + left);
    std::fill_n(to + left + in_.width, row_width_ - left - in_.width, Number{0});
    return;
  }
  std::fill_n(to, row_width_, Number{0});
  for (std::int64_t x = 0; x < std::min(stride, in_.width); ++x) {
    Number* at = to + (x + left) % stride * phase_width_ + (x + left) / stride;
    for (std::int64_t k = x; k < in_.width; k += stride) *at++ = from[k];
  }
}

template <class Number>
void DirectWindows::Pad(const Number* sample, Number* room) const {
  const std::int64_t top = std::min(window_.pad_top, rows_);
  const std::int64_t read = std::min(in_.height, rows_ - top);
  for (std::int64_t c = 0; c < channels_; ++c) {
    const Number* from = sample + c * in_.positions();
    room = std::fill_n(room, top * row_width_, Number{0});
    for (std::int64_t row = 0; row < read; ++row, from += in_.width, room += row_width_)
      PadRow(from, room);
    room = std::fill_n(room, (rows_ - top - read) * row_width_, Number{0});
  }
}

template <class Number>
void DirectWindows::Sum(std::int64_t rows, const Number* weights, const Number* bias,
                        const Number* sample, Number* room, Number* y) const {
  if (!is_direct_) Pad(sample, room);
  WindowProduct<Number> product;
  product.rows = rows;
  product.channels = channels_;
  product.taps = window_.size();
  product.weights = weights;
  product.bias = bias;
  product.x = is_direct_ ? sample : room;
  product.x_step = rows_ * row_width_;
  product.taps_at = taps_at_.data();
  product.height = out_.height;
  product.width = out_.width;
  product.row_step = window_.stride_height * row_width_;
  product.y = y;
  RunForm(*form_, product);
}

template void DirectWindows::Sum(std::int64_t, const double*, const double*, const double*, double*,
                                 double*) const;
template void DirectWindows::Sum(std::int64_t, const float*, const float*, const float*, float*,
                                 float*) const;

}  // namespace dlv::progressive
