#pragma once
/// \file
/// Sums over windows where they stand: convolutions without windows laid out as a matrix.
///
/// One source (window_loops.h) for vectors of several lengths. What bounds may assume of each is
/// what they assume of MultiplyAdd (engine/bounds/blas.h): a result is the sum of its bias and of
/// channels * taps products, added in some order, with or without fused multiply-add, to nearest,
/// denormals kept. Tests compare with sums in 113 bits.

#include <cstdint>
#include <vector>

namespace dlv::progressive {

/// y[m, p] = bias[m] + sum over channels c and taps t of weights[m, c, t] x[c * x_step + place(p) +
/// taps_at[t]], place(p) = (p / width) row_step + p % width.
template <class Number>
struct WindowProduct {
  std::int64_t rows = 0, channels = 0, taps = 0;
  const Number* weights = nullptr;  ///< [rows][channels][taps]
  const Number* bias = nullptr;     ///< [rows]
  /// Whole vectors are read from here: behind the last position of a row there are as many elements
  /// as a vector has less one.
  const Number* x = nullptr;
  std::int64_t x_step = 0;
  const std::int64_t* taps_at = nullptr;  ///< [taps]
  std::int64_t height = 0, width = 0;     ///< of positions
  std::int64_t row_step = 0;
  Number* y = nullptr;  ///< [rows][height * width]
};

/// The loops in one form.
struct WindowForm {
  const char* name;
  std::int64_t vector_bytes;
  void (*of_doubles)(const WindowProduct<double>& product);
  void (*of_singles)(const WindowProduct<float>& product);
};

inline void RunForm(const WindowForm& form, const WindowProduct<double>& product) {
  form.of_doubles(product);
}
inline void RunForm(const WindowForm& form, const WindowProduct<float>& product) {
  form.of_singles(product);
}

/// All that this machine can run, longest vectors first; none where DLV_KERNELS=reference keeps
/// them out. DLV_KERNELS=avx2 limits them.
const std::vector<const WindowForm*>& WindowForms();

}  // namespace dlv::progressive
