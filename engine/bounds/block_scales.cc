#include "engine/bounds/block_scales.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace dlv::bounds {
namespace {

/// Steps of the search; frequencies that are looked at between two looks at all of them; the first
/// step's length, in natural logarithms of weights.
constexpr int kSteps = 120, kStepsBetweenScans = 10;
constexpr std::size_t kActive = 24;
constexpr double kFirstStep = 0.12, kLastStep = 1e-3;
/// Vectors that follow the greatest eigenvalues of a frequency.
constexpr std::size_t kVectors = 4;
/// Multiplications by the form in a step, in a look at all frequencies, and for a result.
constexpr int kTimesInStep = 1, kTimesInScan = 4, kTimesInResult = 24;

/// Complex numbers, row-major: real and imaginary parts apart.
struct Split {
  std::vector<double> real, imaginary;
  void Resize(std::size_t size) {
    real.assign(size, 0);
    imaginary.assign(size, 0);
  }
};

struct Number {
  double real = 0, imaginary = 0;
};

/// Sum of a_k b_k, or of conj(a_k) b_k.
template <bool kConjugate>
Number Dot(const double* ar, const double* ai, const double* br, const double* bi, std::size_t n) {
  constexpr std::size_t kLanes = 4;
  double rr[kLanes] = {}, ii[kLanes] = {}, ri[kLanes] = {}, ir[kLanes] = {};
  std::size_t k = 0;
  for (; k + kLanes <= n; k += kLanes) {
    for (std::size_t l = 0; l < kLanes; ++l) {
      rr[l] += ar[k + l] * br[k + l];
      ii[l] += ai[k + l] * bi[k + l];
      ri[l] += ar[k + l] * bi[k + l];
      ir[l] += ai[k + l] * br[k + l];
    }
  }
  for (; k < n; ++k) {
    rr[0] += ar[k] * br[k];
    ii[0] += ai[k] * bi[k];
    ri[0] += ar[k] * bi[k];
    ir[0] += ai[k] * br[k];
  }
  const auto sum = [](const double* part) { return (part[0] + part[1]) + (part[2] + part[3]); };
  return kConjugate ? Number{sum(rr) + sum(ii), sum(ri) - sum(ir)}
                    : Number{sum(rr) - sum(ii), sum(ri) + sum(ir)};
}

/// to += f conj(row), or f row.
template <bool kConjugate>
void AddTimes(Number f, const double* rr, const double* ri, double* tr, double* ti, std::size_t n) {
  const double sign = kConjugate ? -1 : 1;
  for (std::size_t k = 0; k < n; ++k) {
    tr[k] += f.real * rr[k] - sign * (f.imaginary * ri[k]);
    ti[k] += f.imaginary * rr[k] + sign * (f.real * ri[k]);
  }
}

Split SplitOf(const BlockSpectrum::Matrix& matrix) {
  Split split;
  split.Resize(matrix.size());
  for (std::size_t k = 0; k < matrix.size(); ++k) {
    split.real[k] = matrix[k].real();
    split.imaginary[k] = matrix[k].imag();
  }
  return split;
}

/// to = matrix times v.
void Multiply(const Split& matrix, const Split& v, std::size_t rows, std::size_t columns,
              Split& to) {
  to.Resize(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    const Number sum =
        Dot<false>(matrix.real.data() + i * columns, matrix.imaginary.data() + i * columns,
                   v.real.data(), v.imaginary.data(), columns);
    to.real[i] = sum.real;
    to.imaginary[i] = sum.imaginary;
  }
}

/// to += the adjoint matrix times v.
void AddAdjoint(const Split& matrix, const Split& v, std::size_t rows, std::size_t columns,
                Split& to) {
  for (std::size_t i = 0; i < rows; ++i) {
    AddTimes<true>({v.real[i], v.imaginary[i]}, matrix.real.data() + i * columns,
                   matrix.imaginary.data() + i * columns, to.real.data(), to.imaginary.data(),
                   columns);
  }
}

using Small = std::array<Number, kVectors * kVectors>;

Small Product(const Small& a, const Small& b) {
  Small product;
  for (std::size_t i = 0; i < kVectors; ++i) {
    for (std::size_t j = 0; j < kVectors; ++j) {
      Number& to = product[i * kVectors + j];
      for (std::size_t k = 0; k < kVectors; ++k) {
        const Number &x = a[i * kVectors + k], &y = b[k * kVectors + j];
        to.real += x.real * y.real - x.imaginary * y.imaginary;
        to.imaginary += x.real * y.imaginary + x.imaginary * y.real;
      }
    }
  }
  return product;
}

double TraceOf(const Small& matrix) {
  double trace = 0;
  for (std::size_t i = 0; i < kVectors; ++i) trace += matrix[i * kVectors + i].real;
  return trace;
}

/// With weights t: the least bound squared at one frequency is the greatest eigenvalue of
/// S* S + G R^-1 G*, G = S* B + A* T, R = 2 T - B* B. Some vectors follow it.
class FrequencyForm {
 public:
  FrequencyForm(const ResidualBlock& block, const BlockSpectrum& spectrum, std::size_t frequency)
      : block_(block),
        read_(spectrum.first_columns()),
        middle_(spectrum.middle()),
        out_(spectrum.out()) {
    BlockSpectrum::Matrix first, second;
    spectrum.At(frequency, first, second);
    first_ = SplitOf(first);
    second_ = SplitOf(second);
    unsigned state = 12345;
    for (Split& v : vectors_) {
      v.Resize(read_);
      for (std::vector<double>* part : {&v.real, &v.imaginary}) {
        for (double& one : *part) {
          state = state * 1664525U + 1013904223U;
          one = static_cast<double>(state >> 8) * 0x1p-24 - 0.5;
        }
      }
    }
    FillSquare();
  }

  /// The greatest eigenvalue of B* B, about.
  double SecondSquared() const {
    double trace = 0;
    for (std::size_t c = 0; c < middle_; ++c) trace += square_.real[c * middle_ + c];
    Split v, product;
    v.Resize(middle_);
    for (std::size_t c = 0; c < middle_; ++c) v.real[c] = 1 + 0.1 * static_cast<double>(c % 7);
    double norm = 0;
    for (int times = 0; times < 12; ++times) {
      Multiply(second_, v, out_, middle_, product);
      v.Resize(middle_);
      AddAdjoint(second_, product, out_, middle_, v);
      norm = Normalise(v);
    }
    return std::min(norm, trace);
  }

  /// False where R has an eigenvalue that is not above 0.
  bool SetWeights(const std::vector<double>& weights) {
    weights_ = &weights;
    factor_.Resize(middle_ * middle_);
    for (std::size_t i = 0; i < middle_; ++i) {
      double* const ir = factor_.real.data() + i * middle_;
      double* const ii = factor_.imaginary.data() + i * middle_;
      for (std::size_t j = 0; j <= i; ++j) {
        const double* const jr = factor_.real.data() + j * middle_;
        const double* const ji = factor_.imaginary.data() + j * middle_;
        const Number sum = Dot<true>(jr, ji, ir, ii, j);  // l_ik conj(l_jk)
        const std::size_t at = i * middle_ + j;
        const double real = (i == j ? 2 * weights[i] : 0) - square_.real[at] - sum.real;
        if (i == j) {
          if (!(real > 0)) return false;
          ir[i] = std::sqrt(real);
        } else {
          ir[j] = real / jr[j];
          ii[j] = (-square_.imaginary[at] - sum.imaginary) / jr[j];
        }
      }
    }
    return true;
  }

  /// Multiplies the vectors so many times, and sets their small matrix V* F V.
  void Follow(int times) {
    for (int k = 0; k < times; ++k) {
      Orthonormalise();
      for (std::size_t j = 0; j < kVectors; ++j) Apply(vectors_[j], images_[j], j);
      if (k + 1 < times) std::swap(vectors_, images_);
    }
    for (std::size_t i = 0; i < kVectors; ++i) {
      for (std::size_t j = 0; j < kVectors; ++j) {
        small_[i * kVectors + j] =
            Dot<true>(vectors_[i].real.data(), vectors_[i].imaginary.data(), images_[j].real.data(),
                      images_[j].imaginary.data(), read_);
      }
    }
  }
  /// Goes on from where they point.
  void Advance() { std::swap(vectors_, images_); }

  /// The greatest eigenvalue as far as the vectors tell: by squaring their small matrix.
  double Greatest() const {
    constexpr int kSquarings = 12;
    Small power = small_;
    double greatest = 1, share = 1;
    for (int k = 0; k < kSquarings; ++k) {
      double squares = 0;
      for (const Number& one : power)
        squares += one.real * one.real + one.imaginary * one.imaginary;
      const double norm = std::sqrt(squares);
      if (!(norm > 0)) return norm;
      for (Number& one : power) {
        one.real /= norm;
        one.imaginary /= norm;
      }
      greatest *= std::pow(norm, share);
      share /= 2;
      power = Product(power, power);
    }
    return greatest * std::pow(TraceOf(power), share);
  }

  /// Adds the gradient of the sum of 16th powers over 16, of the form over `scale`; returns the
  /// sum.
  double AddGradient(double scale, std::vector<double>& gradient) const {
    const auto powers = Power16(scale);
    for (std::size_t j = 0; j < kVectors; ++j) {
      for (std::size_t k = 0; k < kVectors; ++k) {
        const Number& h = powers[0][j * kVectors + k];
        const Split &q = solved_[j], &other = solved_[k], &read = first_images_[k];
        for (std::size_t i = 0; i < middle_; ++i) {
          // 2 Re(h q_i conj(a_i - q'_i))
          const double real = h.real * q.real[i] - h.imaginary * q.imaginary[i];
          const double imaginary = h.real * q.imaginary[i] + h.imaginary * q.real[i];
          gradient[i] += 2 * (real * (read.real[i] - other.real[i]) +
                              imaginary * (read.imaginary[i] - other.imaginary[i]));
        }
      }
    }
    return TraceOf(powers[1]);
  }

 private:
  void FillSquare() {
    square_.Resize(middle_ * middle_);
    for (std::size_t o = 0; o < out_; ++o) {
      const double* const real = second_.real.data() + o * middle_;
      const double* const imaginary = second_.imaginary.data() + o * middle_;
      for (std::size_t c = 0; c < middle_; ++c) {
        // conj(B_oc) times the row.
        AddTimes<false>({real[c], -imaginary[c]}, real, imaginary,
                        square_.real.data() + c * middle_, square_.imaginary.data() + c * middle_,
                        middle_);
      }
    }
  }

  static double Normalise(Split& v) {
    double squares = 0;
    for (std::size_t k = 0; k < v.real.size(); ++k)
      squares += v.real[k] * v.real[k] + v.imaginary[k] * v.imaginary[k];
    const double norm = std::sqrt(squares);
    if (norm > 0) {
      for (double& one : v.real) one /= norm;
      for (double& one : v.imaginary) one /= norm;
    }
    return norm;
  }

  /// A vector that lies among those before it, as where there are fewer dimensions, becomes 0.
  void Orthonormalise() {
    for (std::size_t j = 0; j < kVectors; ++j) {
      Normalise(vectors_[j]);
      for (std::size_t k = 0; k < j; ++k) {
        const Number along =
            Dot<true>(vectors_[k].real.data(), vectors_[k].imaginary.data(),
                      vectors_[j].real.data(), vectors_[j].imaginary.data(), read_);
        AddTimes<false>({-along.real, -along.imaginary}, vectors_[k].real.data(),
                        vectors_[k].imaginary.data(), vectors_[j].real.data(),
                        vectors_[j].imaginary.data(), read_);
      }
      constexpr double kNothing = 1e-9;
      if (Normalise(vectors_[j]) < kNothing) vectors_[j].Resize(read_);
    }
  }

  void Apply(const Split& v, Split& to, std::size_t number) {
    const std::vector<double>& t = *weights_;
    Split& read = first_images_[number];
    Split& solved = solved_[number];
    Multiply(first_, v, middle_, read_, read);
    room_.Resize(out_);
    for (std::size_t o = 0; o < out_; ++o) {
      if (block_.skip[o] < 0) continue;
      const auto from = static_cast<std::size_t>(block_.skip[o]);
      room_.real[o] = v.real[from];
      room_.imaginary[o] = v.imaginary[from];
    }
    solved.Resize(middle_);
    for (std::size_t c = 0; c < middle_; ++c) {
      solved.real[c] = t[c] * read.real[c];
      solved.imaginary[c] = t[c] * read.imaginary[c];
    }
    AddAdjoint(second_, room_, out_, middle_, solved);
    Solve(solved);
    Split made;
    Multiply(second_, solved, out_, middle_, made);
    Split back;
    back.Resize(middle_);
    for (std::size_t c = 0; c < middle_; ++c) {
      back.real[c] = t[c] * solved.real[c];
      back.imaginary[c] = t[c] * solved.imaginary[c];
    }
    to.Resize(read_);
    AddAdjoint(first_, back, middle_, read_, to);
    for (std::size_t o = 0; o < out_; ++o) {
      if (block_.skip[o] < 0) continue;
      const auto from = static_cast<std::size_t>(block_.skip[o]);
      to.real[from] += room_.real[o] + made.real[o];
      to.imaginary[from] += room_.imaginary[o] + made.imaginary[o];
    }
  }

  /// R x = b by its factor.
  void Solve(Split& b) const {
    for (std::size_t i = 0; i < middle_; ++i) {
      const double* const lr = factor_.real.data() + i * middle_;
      const double* const li = factor_.imaginary.data() + i * middle_;
      const Number sum = Dot<false>(lr, li, b.real.data(), b.imaginary.data(), i);
      b.real[i] = (b.real[i] - sum.real) / lr[i];
      b.imaginary[i] = (b.imaginary[i] - sum.imaginary) / lr[i];
    }
    for (std::size_t i = middle_; i-- > 0;) {
      const double* const lr = factor_.real.data() + i * middle_;
      const double* const li = factor_.imaginary.data() + i * middle_;
      b.real[i] /= lr[i];
      b.imaginary[i] /= lr[i];
      AddTimes<true>({-b.real[i], -b.imaginary[i]}, lr, li, b.real.data(), b.imaginary.data(), i);
    }
  }

  /// The 15th and 16th power of the small matrix over `scale`.
  std::array<Small, 2> Power16(double scale) const {
    Small one = small_;
    for (Number& number : one) {
      number.real /= scale;
      number.imaginary /= scale;
    }
    const Small two = Product(one, one), four = Product(two, two), eight = Product(four, four);
    const Small fifteen = Product(Product(eight, four), Product(two, one));
    return {fifteen, Product(fifteen, one)};
  }

  const ResidualBlock& block_;
  std::size_t read_, middle_, out_;
  Split first_, second_, square_, factor_, room_;
  const std::vector<double>* weights_ = nullptr;
  std::array<Split, kVectors> vectors_, images_, first_images_, solved_;
  Small small_{};
};

/// Looks for the weights with the least bound: steps against the gradient, in logarithms, with
/// Adam's lengths (Kingma and Ba, ICLR 2015). The bound is convex in the weights.
class ScaleSearch {
 public:
  ScaleSearch(const ResidualBlock& block, const BlockSpectrum& spectrum)
      : block_(block), spectrum_(spectrum) {}

  std::vector<double> Run() {
    Begin();
    std::vector<double> best = weights_;
    double least = std::numeric_limits<double>::infinity();
    std::vector<double> mean(weights_.size(), 0), square(weights_.size(), 0), last = weights_;
    double mean_share = 1, square_share = 1;
    for (int step = 0; step <= kSteps; ++step) {
      if (step % kStepsBetweenScans == 0) {
        const double bound = Scan();
        if (bound < least) {
          least = bound;
          best = weights_;
        } else if (std::isinf(bound)) {
          // A frequency that was not looked at has none: from the best on, with that one.
          weights_ = last = best;
          std::ranges::fill(mean, 0);
        }
        if (step == kSteps) break;
      }
      std::vector<double> gradient(weights_.size(), 0);
      if (!Gradient(gradient)) {
        // Too far: half of the way back.
        for (std::size_t c = 0; c < weights_.size(); ++c) {
          weights_[c] = std::sqrt(weights_[c] * last[c]);
          mean[c] /= 2;
        }
        continue;
      }
      last = weights_;
      mean_share *= 0.9;
      square_share *= 0.98;
      const double length = kFirstStep * (1 - static_cast<double>(step) / kSteps) + kLastStep;
      for (std::size_t c = 0; c < weights_.size(); ++c) {
        mean[c] = 0.9 * mean[c] + 0.1 * gradient[c];
        square[c] = 0.98 * square[c] + 0.02 * gradient[c] * gradient[c];
        const double size = std::sqrt(square[c] / (1 - square_share)) + 1e-9;
        weights_[c] *= std::exp(-length * mean[c] / (1 - mean_share) / size);
      }
    }
    return best;
  }

 private:
  /// All alike, half as much again as B's norm needs.
  void Begin() {
    double most = 0;
    for (std::size_t f = 0; f < spectrum_.size(); ++f)
      most = std::max(most, FrequencyForm(block_, spectrum_, f).SecondSquared());
    weights_.assign(spectrum_.middle(), most > 0 ? 1.5 * most : 1);
  }

  /// Returns the greatest bound of all frequencies; the ones with the greatest are the active ones.
  double Scan() {
    std::vector<double> bounds(spectrum_.size());
    for (std::size_t f = 0; f < bounds.size(); ++f) {
      FrequencyForm form(block_, spectrum_, f);
      bounds[f] = std::numeric_limits<double>::infinity();
      if (!form.SetWeights(weights_)) continue;
      form.Follow(kTimesInScan);
      bounds[f] = form.Greatest();
    }
    std::vector<std::size_t> order(bounds.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order,
                             [&](std::size_t a, std::size_t b) { return bounds[a] > bounds[b]; });
    active_.clear();
    for (std::size_t k = 0; k < std::min(kActive, order.size()); ++k)
      active_.emplace_back(block_, spectrum_, order[k]);
    return bounds[order[0]];
  }

  bool Gradient(std::vector<double>& gradient) {
    double most = 0;
    for (FrequencyForm& form : active_) {
      if (!form.SetWeights(weights_)) return false;
      form.Follow(kTimesInStep);
      most = std::max(most, form.Greatest());
    }
    if (!(most > 0)) return true;
    double sum = 0;
    for (FrequencyForm& form : active_) {
      sum += form.AddGradient(most, gradient);
      form.Advance();
    }
    for (std::size_t c = 0; c < gradient.size(); ++c) gradient[c] *= weights_[c] / (most * sum);
    return true;
  }

  const ResidualBlock& block_;
  const BlockSpectrum& spectrum_;
  std::vector<double> weights_;
  std::vector<FrequencyForm> active_;
};

}  // namespace

std::vector<double> FindScales(const ResidualBlock& block, const BlockSpectrum& spectrum) {
  std::vector<double> scales = ScaleSearch(block, spectrum).Run();
  for (double& scale : scales) scale = std::sqrt(2 * scale);
  return scales;
}

double NormWith(const ResidualBlock& block, const BlockSpectrum& spectrum,
                std::span<const double> scales) {
  std::vector<double> weights(scales.begin(), scales.end());
  for (double& one : weights) one *= one / 2;
  double most = 0;
  for (std::size_t f = 0; f < spectrum.size(); ++f) {
    FrequencyForm form(block, spectrum, f);
    if (!form.SetWeights(weights)) return std::numeric_limits<double>::infinity();
    form.Follow(kTimesInResult);
    most = std::max(most, form.Greatest());
  }
  return std::sqrt(most);
}

}  // namespace dlv::bounds
