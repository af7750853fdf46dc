#pragma once
/// \file
/// Numbers of 113 bits, and norms in them by other methods than the library's: what bounds are
/// compared with, without slack.

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace dlv::bounds::oracle {

__extension__ typedef __float128 Quad;

inline Quad Magnitude(Quad x) { return x < 0 ? -x : x; }

/// Square root: Newton's method from the double's.
inline Quad Root(Quad x) {
  if (x <= 0) return 0;
  int exponent = 0;
  while (x > Quad(0x1p900)) x /= Quad(0x1p200), exponent += 100;
  while (x < Quad(0x1p-900)) x *= Quad(0x1p200), exponent -= 100;
  Quad root = std::sqrt(static_cast<double>(x));
  for (int i = 0; i < 3; ++i) root = (root + x / root) / 2;
  for (; exponent > 0; exponent -= 100) root *= Quad(0x1p100);
  for (; exponent < 0; exponent += 100) root /= Quad(0x1p100);
  return root;
}

inline std::vector<Quad> Widen(std::span<const double> numbers) {
  return {numbers.begin(), numbers.end()};
}

inline Quad Norm(std::span<const double> numbers) {
  Quad sum = 0;
  for (const double number : numbers) sum += Quad(number) * Quad(number);
  return Root(sum);
}

/// Spectral norm by one-sided Jacobi rotations (Hestenes): orthogonalises the columns.
inline Quad SpectralNorm(std::span<const double> matrix, std::int64_t rows, std::int64_t columns) {
  std::vector<Quad> m = Widen(matrix);
  const auto at = [&](std::int64_t i, std::int64_t j) -> Quad& {
    return m[static_cast<std::size_t>(i * columns + j)];
  };
  for (int sweep = 0; sweep < 40; ++sweep) {
    bool rotated = false;
    for (std::int64_t p = 0; p < columns; ++p) {
      for (std::int64_t q = p + 1; q < columns; ++q) {
        Quad a = 0, b = 0, c = 0;
        for (std::int64_t i = 0; i < rows; ++i) {
          a += at(i, p) * at(i, p);
          b += at(i, q) * at(i, q);
          c += at(i, p) * at(i, q);
        }
        if (Magnitude(c) <= Root(a) * Root(b) * Quad(1e-31)) continue;
        rotated = true;
        const Quad zeta = (b - a) / (2 * c);
        const Quad t = (zeta >= 0 ? 1 : -1) / (Magnitude(zeta) + Root(1 + zeta * zeta));
        const Quad cosine = 1 / Root(1 + t * t), sine = cosine * t;
        for (std::int64_t i = 0; i < rows; ++i) {
          const Quad x = at(i, p), y = at(i, q);
          at(i, p) = cosine * x - sine * y;
          at(i, q) = sine * x + cosine * y;
        }
      }
    }
    if (!rotated) break;
  }
  Quad greatest = 0;
  for (std::int64_t j = 0; j < columns; ++j) {
    Quad sum = 0;
    for (std::int64_t i = 0; i < rows; ++i) sum += at(i, j) * at(i, j);
    if (sum > greatest) greatest = sum;
  }
  return Root(greatest);
}

/// At most the spectral norm, and near it: power iteration.
inline Quad SpectralNormBelow(std::span<const double> matrix, std::int64_t rows,
                              std::int64_t columns, int steps = 60) {
  std::vector<double> x(static_cast<std::size_t>(columns));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 1 + 0.3 * std::cos(1.0 + 2.3 * double(i));
  Quad norm = 0;
  for (int step = 0; step < steps; ++step) {
    const bool last = step + 1 == steps;  // the only one that counts, in full precision
    std::vector<double> back(x.size());
    Quad squares = 0, length = 0;
    for (std::int64_t i = 0; i < rows; ++i) {
      Quad wide = 0;
      double y = 0;
      for (std::int64_t j = 0; j < columns; ++j) {
        const double element = matrix[static_cast<std::size_t>(i * columns + j)];
        if (last) wide += Quad(element) * Quad(x[static_cast<std::size_t>(j)]);
        y += element * x[static_cast<std::size_t>(j)];
      }
      squares += wide * wide;
      for (std::int64_t j = 0; j < columns; ++j) {
        back[static_cast<std::size_t>(j)] += y * matrix[static_cast<std::size_t>(i * columns + j)];
      }
    }
    if (last) {
      for (const double element : x) length += Quad(element) * Quad(element);
      norm = Root(squares / length);
      break;
    }
    double sum = 0;
    for (const double element : back) sum += element * element;
    if (sum == 0) return 0;
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = back[i] / std::sqrt(sum);
  }
  return norm;
}

}  // namespace dlv::bounds::oracle
