#include "engine/progressive/stretch.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

#include "engine/bounds/blas.h"
#include "engine/bounds/rounding.h"
#include "engine/bounds/spectral_norm.h"
#include "engine/progressive/layer.h"
#include "engine/progressive/precision.h"
#include "engine/progressive/square_sums.h"
#include "storage/io/hash.h"

namespace dlv::progressive {

using bounds::Above;
using bounds::MultiplyAdd;
using bounds::NormAbove;
using bounds::Transpose;

namespace {

constexpr unsigned kMostShift = 3;  // of 2 bits

/// Sizes of an orthogonal matrix's parts: energies of directions, each so many times.
struct Energies {
  std::vector<double> mean, times;
};

/// Factors of the directions, at most 1, for which mean squares of the stretched inputs times the
/// squared norm of a random matrix of so many rows, (root of rows + ||factors||)^2, are about the
/// least, of a family of powers.
std::vector<double> FactorsFor(const Energies& energies, double outputs) {
  constexpr std::array<double, 9> kPowers = {0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5};
  double all = 0, count = 0;
  for (std::size_t k = 0; k < energies.mean.size(); ++k) {
    all += energies.mean[k] * energies.times[k];
    count += energies.times[k];
  }
  std::vector<double> best(energies.mean.size(), 1), factors(energies.mean.size());
  if (!(all > 0)) return best;
  double least = std::numeric_limits<double>::infinity();
  for (const double power : kPowers) {
    for (double cut = 1.0 / 64; cut <= 128; cut *= 2) {
      double greatest = 0, squares = 0, size = 0;
      for (std::size_t k = 0; k < factors.size(); ++k) {
        const double share = energies.mean[k] * count / all;
        factors[k] = std::max(std::min(1.0, std::pow(cut * share, power)), 1e-3);
        greatest = std::max(greatest, factors[k]);
      }
      for (std::size_t k = 0; k < factors.size(); ++k) {
        factors[k] /= greatest;
        squares += energies.times[k] * factors[k] * factors[k];
        size += energies.times[k] * energies.mean[k] / (factors[k] * factors[k]);
      }
      const double norm = std::sqrt(outputs) + std::sqrt(squares);
      if (!(size * norm * norm < least)) continue;
      least = size * norm * norm;
      best = factors;
    }
  }
  return best;
}

std::vector<std::uint8_t> ShiftsFor(std::span<const double> inputs, std::size_t columns,
                                    double outputs) {
  const std::size_t samples = inputs.size() / columns;
  Energies energies{std::vector<double>(columns, 0), std::vector<double>(columns, 1)};
  for (std::size_t at = 0; at < inputs.size(); ++at)
    energies.mean[at % columns] += inputs[at] * inputs[at] / static_cast<double>(samples);
  double all = 0;
  for (const double one : energies.mean) all += one;
  // What was never seen may come: with a small part of the mean.
  constexpr double kUnseen = 1e-4;
  for (double& one : energies.mean) one += kUnseen * all / static_cast<double>(columns);
  const std::vector<double> factors = FactorsFor(energies, outputs);
  std::vector<std::uint8_t> shifts(columns);
  for (std::size_t k = 0; k < columns; ++k) {
    const double shift = std::nearbyint(-std::log2(factors[k]));
    shifts[k] = static_cast<std::uint8_t>(std::clamp(shift, 0.0, 1.0 * kMostShift));
  }
  return shifts;
}

}  // namespace

StretchForm ChooseStretch(std::span<const double> inputs, std::int64_t columns,
                          std::int64_t outputs, std::int64_t rank, unsigned bits) {
  const std::size_t width = AsSize(columns), directions = AsSize(rank);
  const auto samples = static_cast<std::int64_t>(inputs.size() / width);
  StretchForm form;
  form.shifts = ShiftsFor(inputs, width, static_cast<double>(outputs));
  std::vector<double> scaled(inputs.begin(), inputs.end());
  for (std::size_t at = 0; at < scaled.size(); ++at)
    scaled[at] = std::ldexp(scaled[at], form.shifts[at % width]);
  form.directions =
      CoarseMatrix::Round(PrincipalDirections(scaled, samples, columns, rank), columns, rank, bits);
  const std::vector<double> values = form.directions.Values();
  std::vector<double> along(AsSize(samples) * directions);
  MultiplyAdd(Transpose::kNo, Transpose::kNo, samples, rank, columns, scaled.data(), columns,
              SolverOf(values, columns, rank).data(), rank, 0, along.data(), rank);
  Energies energies{std::vector<double>(directions + 1, 0), std::vector<double>(directions + 1, 1)};
  double all = 0, seen = 0;
  for (const double one : scaled) all += one * one;
  for (std::size_t k = 0; k < directions; ++k) {
    double squares = 0, length = 0;
    for (std::size_t i = k; i < along.size(); i += directions) squares += along[i] * along[i];
    for (std::size_t i = k; i < values.size(); i += directions) length += values[i] * values[i];
    energies.mean[k] = squares * length;
    seen += energies.mean[k];
  }
  const double others = static_cast<double>(columns - rank);
  energies.mean[directions] = std::max(all - seen, 1e-6 * all) / others;
  energies.times[directions] = others;
  const std::vector<double> factors = FactorsFor(energies, static_cast<double>(outputs));
  for (std::size_t k = 0; k < directions; ++k) {
    const double gain = factors[k] / factors[directions] - 1;
    form.gains.push_back(static_cast<float>(std::clamp(gain, 0.0, 1e3)));
  }
  return form;
}

std::vector<double> StretchForm::Packed() const {
  std::vector<double> packed = {static_cast<double>(shifts.size()),
                                static_cast<double>(gains.size())};
  packed.insert(packed.end(), shifts.begin(), shifts.end());
  packed.insert(packed.end(), gains.begin(), gains.end());
  const std::vector<double> matrix = directions.Packed();
  packed.insert(packed.end(), matrix.begin(), matrix.end());
  return packed;
}

std::optional<StretchForm> StretchForm::Unpacked(const std::vector<double>& packed) {
  const auto is_size = [&](double one) {
    return one >= 0 && one <= static_cast<double>(packed.size());
  };
  if (packed.size() < 2 || !is_size(packed[0]) || !is_size(packed[1])) return std::nullopt;
  const auto columns = static_cast<std::size_t>(packed[0]);
  const auto rank = static_cast<std::size_t>(packed[1]);
  if (packed.size() - 2 < columns + rank) return std::nullopt;
  StretchForm form;
  const auto at = [&](std::size_t place) {
    return packed.begin() + static_cast<std::ptrdiff_t>(place);
  };
  for (auto one = at(2); one != at(2 + columns); ++one) {
    if (!(*one >= 0 && *one <= kMostShift)) return std::nullopt;
    form.shifts.push_back(static_cast<std::uint8_t>(*one));
  }
  for (auto one = at(2 + columns); one != at(2 + columns + rank); ++one)
    form.gains.push_back(static_cast<float>(*one));
  auto matrix = CoarseMatrix::Unpacked({at(2 + columns + rank), packed.end()});
  if (!matrix) return std::nullopt;
  form.directions = std::move(*matrix);
  return form;
}

/// 1 + P T S^T times 1 + P L S^T is 1 + P (T + L + T (S^T P) L) S^T; with S^T P near 1 and
/// L = 1 / (1 + T) - 1 the middle is near 0, and what it is, is the leak.
std::optional<Stretch> Stretch::Of(const StretchForm& form) {
  const std::size_t columns = form.shifts.size(), rank = form.gains.size();
  const auto is_shift = [](unsigned shift) { return shift <= kMostShift; };
  const auto is_gain = [](float gain) { return gain >= 0 && std::isfinite(gain); };
  if (form.directions.rows != static_cast<std::int64_t>(columns) || rank == 0 ||
      form.directions.columns != static_cast<std::int64_t>(rank) ||
      !std::ranges::all_of(form.shifts, is_shift) || !std::ranges::all_of(form.gains, is_gain))
    return std::nullopt;
  Stretch made;
  made.columns_ = form.directions.rows;
  made.rank_ = form.directions.columns;
  for (const unsigned shift : form.shifts) {
    made.up_.push_back(std::ldexp(1.0, static_cast<int>(shift)));
    made.down_.push_back(std::ldexp(1.0, -static_cast<int>(shift)));
  }
  made.directions_ = form.directions.Values();
  made.solver_ = SolverOf(made.directions_, made.columns_, made.rank_);
  for (double& one : made.solver_) one = static_cast<float>(one);
  made.scaled_solver_ = made.solver_;
  for (std::size_t at = 0; at < made.solver_.size(); ++at)
    made.scaled_solver_[at] *= made.up_[at / rank];
  for (const float gain : form.gains) {
    made.gains_.push_back(gain);
    made.losses_.push_back(static_cast<float>(1 / (1 + static_cast<double>(gain)) - 1));
    made.greatest_gain_ = std::max<double>(made.greatest_gain_, gain);
  }
  made.single_up_.assign(made.up_.begin(), made.up_.end());
  made.single_scaled_solver_.assign(made.scaled_solver_.begin(), made.scaled_solver_.end());
  made.remainder_ = Remainder(made.directions_, made.solver_, made.rank_);
  made.directions_frobenius_ = NormAbove(made.directions_);
  made.solver_frobenius_ = NormAbove(made.solver_);
  made.directions_norm_ = bounds::SpectralNormAbove(made.directions_, made.columns_, made.rank_);
  made.solver_norm_ = bounds::SpectralNormAbove(made.solver_, made.columns_, made.rank_);
  const double both = Above(made.directions_norm_ * made.solver_norm_);
  made.norm_ = Above(1 + made.greatest_gain_ * both, 3);  // ||Q|| is at most 1
  std::vector<double> middle(rank * rank);
  MultiplyAdd(Transpose::kYes, Transpose::kNo, made.rank_, made.rank_, made.columns_,
              made.solver_.data(), made.rank_, made.directions_.data(), made.rank_, 0,
              middle.data(), made.rank_);
  for (std::size_t row = 0; row < rank; ++row) {
    for (std::size_t column = 0; column < rank; ++column) {
      double& one = middle[row * rank + column];
      one = made.gains_[row] * one * made.losses_[column];
      if (row == column) one += made.gains_[row] + made.losses_[row];
    }
  }
  const double gamma = bounds::GammaAbove(static_cast<double>(columns) + 6);
  const double rounding =
      gamma *
      (made.greatest_gain_ * (made.solver_frobenius_ * made.directions_frobenius_ + 2) + 2) *
      static_cast<double>(rank);
  made.leak_ = Above(both * Above(NormAbove(middle) + rounding, 10), 2);
  if (!std::isfinite(made.leak_) || !std::isfinite(made.norm_)) return std::nullopt;
  return made;
}

/// With z = x / Q, which is exact, f is what is computed of S^T z, off by gamma_n ||S||_F ||z||,
/// and y = z + P c with c near L f, off by a unit more; the elements of L are from -1 to 0. The y
/// that c makes is only as good as c is, P times what it is off, but what is kept of it is its
/// length.
template <class Number>
std::vector<Stretch::Reach> Stretch::Reaches(const Number* x, std::size_t samples) const {
  const std::size_t columns = AsSize(columns_), rank = AsSize(rank_);
  const Number *up = nullptr, *solver = nullptr;
  if constexpr (std::is_same_v<Number, float>) {
    up = single_up_.data(), solver = single_scaled_solver_.data();
  } else {
    up = up_.data(), solver = scaled_solver_.data();
  }
  std::vector<Number> z(columns), found(samples * rank);
  MultiplyAdd(Transpose::kNo, Transpose::kNo, static_cast<std::int64_t>(samples), rank_, columns_,
              x, columns_, solver, rank_, 0, found.data(), rank_);
  constexpr Precision kComputed = std::is_same_v<Number, float> ? Precision::kF32 : Precision::kF64;
  const auto terms = static_cast<double>(columns_ + rank_) + 6;
  const double gamma = bounds::GammaAbove(static_cast<double>(columns_) + 3, UnitOf(kComputed));
  const double least = 4 * terms * std::sqrt(static_cast<double>(columns_)) * LeastOf(kComputed);
  std::vector<Reach> reaches(samples);
  std::vector<double> f(rank), c(rank);
  for (std::size_t i = 0; i < samples; ++i, x += columns) {
    for (std::size_t k = 0; k < columns; ++k) z[k] = x[k] * up[k];
    const double length = LengthAbove(std::span<const Number>(z));
    for (std::size_t k = 0; k < rank; ++k) {
      f[k] = found[i * rank + k];
      c[k] = f[k] * losses_[k];
    }
    const double off = Above(gamma * solver_frobenius_ * length + least, 3);
    const double off_c = Above(off + bounds::GammaAbove(2) * NormAbove(f), 3);
    reaches[i].y = remainder_.LengthAbove(length, f, c, off);
    reaches[i].off = Above(norm_ * directions_norm_ * off_c + leak_ * length, 5);
  }
  return reaches;
}
template std::vector<Stretch::Reach> Stretch::Reaches(const float*, std::size_t) const;
template std::vector<Stretch::Reach> Stretch::Reaches(const double*, std::size_t) const;

/// D Q is exact; the products behind it are off by gamma of the sizes of their factors, in the
/// Frobenius norm.
double Stretch::ProductAbove(std::span<const double> matrix, std::int64_t rows) const {
  const std::size_t columns = AsSize(columns_), rank = AsSize(rank_);
  std::vector<double> stretched(matrix.begin(), matrix.end()), along(AsSize(rows) * rank);
  for (std::size_t at = 0; at < stretched.size(); ++at) stretched[at] *= down_[at % columns];
  const double size = NormAbove(stretched);
  MultiplyAdd(Transpose::kNo, Transpose::kNo, rows, rank_, columns_, stretched.data(), columns_,
              directions_.data(), rank_, 0, along.data(), rank_);
  for (std::size_t at = 0; at < along.size(); ++at) along[at] *= gains_[at % rank];
  MultiplyAdd(Transpose::kNo, Transpose::kYes, rows, columns_, rank_, along.data(), rank_,
              solver_.data(), rank_, 1, stretched.data(), columns_);
  const double gamma = bounds::GammaAbove(static_cast<double>(columns_ + rank_) + 6);
  const double products = directions_frobenius_ * greatest_gain_ * solver_frobenius_;
  return Above(bounds::SpectralNormAbove(stretched, rows, columns_) +
                   Above(gamma * size * (1 + products), 8),
               2);
}

std::string Stretch::Hash() const {
  io::Sha256 hash;
  for (const std::vector<double>* numbers : {&down_, &directions_, &solver_, &gains_, &losses_})
    hash.Update(std::as_bytes(std::span(*numbers)));
  return hash.Finish<FileDigest>().Hex();
}

}  // namespace dlv::progressive
