#pragma once
/// \file
/// Convolutions by WindowProduct: which of them, and how a sample is laid out for it.

#include <optional>
#include <span>
#include <vector>

#include "engine/progressive/window.h"
#include "engine/progressive/window_product.h"

namespace dlv::progressive {

/// A window over some channels of a sample, padded with zeros, the columns of a row sorted by their
/// place modulo the stride, so that neighbours are what one tap meets at neighbouring outputs. A
/// sample that needs none of that is read where it lies.
class DirectWindows {
 public:
  /// For numbers of so many bytes; nothing where none of the forms has vectors that would not be
  /// mostly empty, or padded samples would be larger than windows laid out.
  static std::optional<DirectWindows> Make(
      const Window& window, const Extent& in, const Extent& out, std::int64_t channels,
      std::size_t number_bytes, std::span<const WindowForm* const> forms = WindowForms());

  /// Elements of room that Sum wants.
  std::int64_t room() const { return is_direct_ ? 0 : channels_ * rows_ * row_width_; }

  /// Writes bias and sums of `rows` outputs to `y`. Shapes: weights [rows][channels * taps], bias
  /// [rows], y [rows][positions].
  template <class Number>
  void Sum(std::int64_t rows, const Number* weights, const Number* bias, const Number* sample,
           Number* room, Number* y) const;

 private:
  DirectWindows(const Window& window, const Extent& in, const Extent& out, std::int64_t channels)
      : window_(window), in_(in), out_(out), channels_(channels) {}
  bool LiesInside() const;
  void PlaceTaps();
  template <class Number>
  void PadRow(const Number* from, Number* to) const;
  template <class Number>
  void Pad(const Number* sample, Number* room) const;

  const WindowForm* form_ = nullptr;
  Window window_;
  Extent in_, out_;
  std::int64_t channels_ = 0;
  bool is_direct_ = false;                        ///< samples are read where they lie
  std::int64_t rows_ = 0;                         ///< of a padded channel
  std::int64_t phase_width_ = 0, row_width_ = 0;  ///< of one remainder, of all
  std::vector<std::int64_t> taps_at_;
};

}  // namespace dlv::progressive
