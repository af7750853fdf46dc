#include "engine/bounds/frequency_form.h"

#include <algorithm>
#include <cmath>

namespace dlv::bounds {
namespace {

ComplexRows Parted(const BlockSpectrum::Matrix& matrix) {
  ComplexRows split;
  split.Resize(matrix.size());
  for (std::size_t k = 0; k < matrix.size(); ++k) {
    split.real[k] = matrix[k].real();
    split.imaginary[k] = matrix[k].imag();
  }
  return split;
}

/// to = matrix times v.
void Multiply(const ComplexRows& matrix, const ComplexRows& v, std::size_t rows,
              std::size_t columns, ComplexRows& to) {
  to.Resize(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    const Complex sum =
        Dot<false>(matrix.real.data() + i * columns, matrix.imaginary.data() + i * columns,
                   v.real.data(), v.imaginary.data(), columns);
    to.real[i] = sum.real;
    to.imaginary[i] = sum.imaginary;
  }
}

/// to += the adjoint matrix times v.
void AddAdjoint(const ComplexRows& matrix, const ComplexRows& v, std::size_t rows,
                std::size_t columns, ComplexRows& to) {
  for (std::size_t i = 0; i < rows; ++i) {
    AddTimes<true>({v.real[i], v.imaginary[i]}, matrix.real.data() + i * columns,
                   matrix.imaginary.data() + i * columns, to.real.data(), to.imaginary.data(),
                   columns);
  }
}

}  // namespace

FrequencyForm::Small FrequencyForm::Product(const Small& a, const Small& b) {
  Small product;
  for (std::size_t i = 0; i < kVectors; ++i) {
    for (std::size_t j = 0; j < kVectors; ++j) {
      Complex& to = product[i * kVectors + j];
      for (std::size_t k = 0; k < kVectors; ++k) {
        const Complex &x = a[i * kVectors + k], &y = b[k * kVectors + j];
        to.real += x.real * y.real - x.imaginary * y.imaginary;
        to.imaginary += x.real * y.imaginary + x.imaginary * y.real;
      }
    }
  }
  return product;
}

double FrequencyForm::TraceOf(const Small& matrix) {
  double trace = 0;
  for (std::size_t i = 0; i < kVectors; ++i) trace += matrix[i * kVectors + i].real;
  return trace;
}

FrequencyForm::FrequencyForm(const ResidualBlock& block, const BlockSpectrum& spectrum,
                             std::size_t frequency)
    : block_(block),
      read_(spectrum.first_columns()),
      middle_(spectrum.middle()),
      out_(spectrum.out()) {
  BlockSpectrum::Matrix first, second;
  spectrum.At(frequency, first, second);
  first_ = Parted(first);
  second_ = Parted(second);
  unsigned state = 12345;
  for (ComplexRows& v : vectors_) {
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

double FrequencyForm::SecondSquared() const {
  double trace = 0;
  for (std::size_t c = 0; c < middle_; ++c) trace += square_.real[c * middle_ + c];
  ComplexRows v, product;
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

bool FrequencyForm::SetWeights(const std::vector<double>& weights) {
  weights_ = &weights;
  factor_.Resize(middle_ * middle_);
  for (std::size_t i = 0; i < middle_; ++i) {
    double* const ir = factor_.real.data() + i * middle_;
    double* const ii = factor_.imaginary.data() + i * middle_;
    for (std::size_t j = 0; j <= i; ++j) {
      const double* const jr = factor_.real.data() + j * middle_;
      const double* const ji = factor_.imaginary.data() + j * middle_;
      const Complex sum = Dot<true>(jr, ji, ir, ii, j);  // l_ik conj(l_jk)
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

void FrequencyForm::Follow(int times) {
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

double FrequencyForm::Greatest() const {
  constexpr int kSquarings = 12;
  Small power = small_;
  double greatest = 1, share = 1;
  for (int k = 0; k < kSquarings; ++k) {
    double squares = 0;
    for (const Complex& one : power) squares += one.real * one.real + one.imaginary * one.imaginary;
    const double norm = std::sqrt(squares);
    if (!(norm > 0)) return norm;
    for (Complex& one : power) {
      one.real /= norm;
      one.imaginary /= norm;
    }
    greatest *= std::pow(norm, share);
    share /= 2;
    power = Product(power, power);
  }
  return greatest * std::pow(TraceOf(power), share);
}

double FrequencyForm::AddGradient(double scale, std::vector<double>& gradient) const {
  const auto powers = Power16(scale);
  for (std::size_t j = 0; j < kVectors; ++j) {
    for (std::size_t k = 0; k < kVectors; ++k) {
      const Complex& h = powers[0][j * kVectors + k];
      const ComplexRows &q = solved_[j], &other = solved_[k], &read = first_images_[k];
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

void FrequencyForm::FillSquare() {
  square_.Resize(middle_ * middle_);
  for (std::size_t o = 0; o < out_; ++o) {
    const double* const real = second_.real.data() + o * middle_;
    const double* const imaginary = second_.imaginary.data() + o * middle_;
    for (std::size_t c = 0; c < middle_; ++c) {
      // conj(B_oc) times the row.
      AddTimes<false>({real[c], -imaginary[c]}, real, imaginary, square_.real.data() + c * middle_,
                      square_.imaginary.data() + c * middle_, middle_);
    }
  }
}

double FrequencyForm::Normalise(ComplexRows& v) {
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

void FrequencyForm::Orthonormalise() {
  for (std::size_t j = 0; j < kVectors; ++j) {
    Normalise(vectors_[j]);
    for (std::size_t k = 0; k < j; ++k) {
      const Complex along = Dot<true>(vectors_[k].real.data(), vectors_[k].imaginary.data(),
                                      vectors_[j].real.data(), vectors_[j].imaginary.data(), read_);
      AddTimes<false>({-along.real, -along.imaginary}, vectors_[k].real.data(),
                      vectors_[k].imaginary.data(), vectors_[j].real.data(),
                      vectors_[j].imaginary.data(), read_);
    }
    constexpr double kNothing = 1e-9;
    if (Normalise(vectors_[j]) < kNothing) vectors_[j].Resize(read_);
  }
}

void FrequencyForm::Apply(const ComplexRows& v, ComplexRows& to, std::size_t number) {
  const std::vector<double>& t = *weights_;
  ComplexRows& read = first_images_[number];
  ComplexRows& solved = solved_[number];
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
  ComplexRows made;
  Multiply(second_, solved, out_, middle_, made);
  ComplexRows back;
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

void FrequencyForm::Solve(ComplexRows& b) const {
  for (std::size_t i = 0; i < middle_; ++i) {
    const double* const lr = factor_.real.data() + i * middle_;
    const double* const li = factor_.imaginary.data() + i * middle_;
    const Complex sum = Dot<false>(lr, li, b.real.data(), b.imaginary.data(), i);
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

std::array<FrequencyForm::Small, 2> FrequencyForm::Power16(double scale) const {
  Small one = small_;
  for (Complex& number : one) {
    number.real /= scale;
    number.imaginary /= scale;
  }
  const Small two = Product(one, one), four = Product(two, two), eight = Product(four, four);
  const Small fifteen = Product(Product(eight, four), Product(two, one));
  return {fifteen, Product(fifteen, one)};
}

}  // namespace dlv::bounds
