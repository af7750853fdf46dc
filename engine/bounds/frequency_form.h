#pragma once
/// \file
/// The form that bounds a residual block at one frequency, for the search of scales
/// (block_scales.h). docs/progressive.md, "Norm of a residual block".

#include <array>
#include <utility>
#include <vector>

#include "engine/bounds/block_spectrum.h"
#include "engine/bounds/complex_rows.h"

namespace dlv::bounds {

/// With weights t: the least bound squared at one frequency is the greatest eigenvalue of
/// S* S + G R^-1 G*, G = S* B + A* T, R = 2 T - B* B. Some vectors follow it.
class FrequencyForm {
 public:
  /// Vectors that follow the greatest eigenvalues.
  static constexpr std::size_t kVectors = 4;

  FrequencyForm(const ResidualBlock& block, const BlockSpectrum& spectrum, std::size_t frequency);

  /// The greatest eigenvalue of B* B, about.
  double SecondSquared() const;

  /// False where R has an eigenvalue that is not above 0.
  bool SetWeights(const std::vector<double>& weights);

  /// Multiplies the vectors so many times, and sets their small matrix V* F V.
  void Follow(int times);
  /// Goes on from where they point.
  void Advance() { std::swap(vectors_, images_); }

  /// The greatest eigenvalue as far as the vectors tell: by squaring their small matrix.
  double Greatest() const;

  /// Adds the gradient of the sum of 16th powers over 16, of the form over `scale`; returns the
  /// sum.
  double AddGradient(double scale, std::vector<double>& gradient) const;

 private:
  using Small = std::array<Complex, kVectors * kVectors>;
  static Small Product(const Small& a, const Small& b);
  static double TraceOf(const Small& matrix);
  void FillSquare();

  static double Normalise(ComplexRows& v);

  /// A vector that lies among those before it, as where there are fewer dimensions, becomes 0.
  void Orthonormalise();

  void Apply(const ComplexRows& v, ComplexRows& to, std::size_t number);

  /// R x = b by its factor.
  void Solve(ComplexRows& b) const;

  /// The 15th and 16th power of the small matrix over `scale`.
  std::array<Small, 2> Power16(double scale) const;

  const ResidualBlock& block_;
  std::size_t read_, middle_, out_;
  ComplexRows first_, second_, square_, factor_, room_;
  const std::vector<double>* weights_ = nullptr;
  std::array<ComplexRows, kVectors> vectors_, images_, first_images_, solved_;
  Small small_{};
};

}  // namespace dlv::bounds
