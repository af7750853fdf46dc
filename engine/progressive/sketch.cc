#include "engine/progressive/sketch.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "engine/bounds/blas.h"
#include "engine/progressive/layer.h"

namespace dlv::progressive {

using bounds::MultiplyAdd;
using bounds::Transpose;

namespace {

/// The nearest of -most to most times the factor; 0 for what is not finite.
int RoundedTo(double number, double factor, int most) {
  const bool known = factor > 0 && std::isfinite(number);
  const double scaled = known ? std::nearbyint(number / factor) : 0;
  return static_cast<int>(std::clamp<double>(scaled, -most, most));
}

/// Of a column, every `width`-th element from `first` on: the factor that reaches its greatest
/// element or, in few bits, a lesser one with which the squares of all errors are the least. To 16
/// bits, up: then an element times its factor is a float.
float FactorOf(std::span<const double> matrix, std::size_t first, std::size_t width, int most) {
  constexpr int kFew = 15;
  float greatest = 0;
  for (std::size_t at = first; at < matrix.size(); at += width)
    greatest = std::max(greatest, static_cast<float>(std::abs(matrix[at]) / most));
  float best = greatest;
  double least = std::numeric_limits<double>::infinity();
  for (float share = 1; share > 0.3F; share *= most > kFew ? 0.0F : 0.88F) {
    const auto whole = std::bit_cast<std::uint32_t>(greatest * share);
    const auto factor = std::bit_cast<float>((whole + 0xff) & ~std::uint32_t{0xff});
    double errors = 0;
    for (std::size_t at = first; at < matrix.size(); at += width) {
      const double error = matrix[at] - RoundedTo(matrix[at], factor, most) * 1.0 * factor;
      errors += error * error;
    }
    if (share < 1 && !(errors < least)) continue;
    least = errors;
    best = factor;
  }
  return best;
}

}  // namespace

CoarseMatrix CoarseMatrix::Round(std::span<const double> matrix, std::int64_t rows,
                                 std::int64_t columns, unsigned bits) {
  const int most = (1 << (bits - 1)) - 1;
  CoarseMatrix rounded{rows, columns, bits, {}, std::vector<float>(AsSize(columns), 0)};
  rounded.elements.resize(matrix.size());
  const std::size_t width = AsSize(columns);
  for (std::size_t column = 0; column < width; ++column)
    rounded.factors[column] = FactorOf(matrix, column, width, most);
  for (std::size_t at = 0; at < matrix.size(); ++at) {
    const double factor = rounded.factors[at % width];
    rounded.elements[at] = static_cast<std::int8_t>(RoundedTo(matrix[at], factor, most));
  }
  return rounded;
}

std::vector<double> CoarseMatrix::Values() const {
  std::vector<double> values(elements.size());
  const std::size_t width = AsSize(columns);
  for (std::size_t at = 0; at < values.size(); ++at)
    values[at] = static_cast<double>(elements[at]) * static_cast<double>(factors[at % width]);
  return values;
}

/// Rows, columns and bits; then factors and elements, bit after bit from the lowest.
std::vector<double> CoarseMatrix::Packed() const {
  const std::size_t head = factors.size() * sizeof(float);
  std::vector<double> packed(3 + (bytes() + sizeof(double) - 1) / sizeof(double), 0);
  packed[0] = static_cast<double>(rows);
  packed[1] = static_cast<double>(columns);
  packed[2] = bits;
  auto* to = reinterpret_cast<std::uint8_t*>(packed.data() + 3);
  std::memcpy(to, factors.data(), head);
  std::size_t place = 8 * head;  // of a bit
  for (const std::int8_t element : elements) {
    for (unsigned bit = 0; bit < bits; ++bit, ++place) {
      const auto one = static_cast<unsigned>(element) >> bit & 1U;
      to[place / 8] = static_cast<std::uint8_t>(to[place / 8] | one << place % 8);
    }
  }
  return packed;
}

std::optional<CoarseMatrix> CoarseMatrix::Unpacked(const std::vector<double>& packed) {
  constexpr double kMost = 0x1p31;
  const auto is_size = [](double one) { return one >= 0 && one < kMost; };
  if (packed.size() < 3 || !is_size(packed[0]) || !is_size(packed[1]) ||
      !(packed[2] >= 2 && packed[2] <= 8) || packed[2] != std::floor(packed[2]) ||
      packed[0] * packed[1] > 0x1p40)
    return std::nullopt;
  CoarseMatrix matrix{static_cast<std::int64_t>(packed[0]),
                      static_cast<std::int64_t>(packed[1]),
                      static_cast<unsigned>(packed[2]),
                      {},
                      {}};
  const std::size_t head = AsSize(matrix.columns) * sizeof(float);
  const std::size_t size = AsSize(matrix.rows * matrix.columns);
  const std::size_t bytes = head + (size * matrix.bits + 7) / 8;
  if (packed.size() - 3 != (bytes + sizeof(double) - 1) / sizeof(double)) return std::nullopt;
  matrix.factors.resize(AsSize(matrix.columns));
  matrix.elements.resize(size);
  const auto* from = reinterpret_cast<const std::uint8_t*>(packed.data() + 3);
  std::memcpy(matrix.factors.data(), from, head);
  std::size_t place = 8 * head;
  for (std::size_t at = 0; at < size; ++at) {
    unsigned element = 0;
    for (unsigned bit = 0; bit < matrix.bits; ++bit, ++place)
      element |= (from[place / 8] >> place % 8 & 1U) << bit;
    const bool negative = (element >> (matrix.bits - 1) & 1U) != 0;
    const int number = static_cast<int>(element) - (negative ? 1 << matrix.bits : 0);
    matrix.elements[at] = static_cast<std::int8_t>(number);
  }
  return matrix;
}

namespace {

/// Makes the columns of [size][rank] orthonormal, one after another; a column that vanishes stays
/// 0.
void Orthonormalise(std::vector<double>& matrix, std::size_t size, std::size_t rank) {
  const auto dot = [&](std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t i = 0; i < size; ++i) sum += matrix[i * rank + a] * matrix[i * rank + b];
    return sum;
  };
  for (std::size_t k = 0; k < rank; ++k) {
    for (std::size_t j = 0; j < k; ++j) {
      const double share = dot(j, k);
      for (std::size_t i = 0; i < size; ++i) matrix[i * rank + k] -= share * matrix[i * rank + j];
    }
    const double norm = std::sqrt(dot(k, k));
    const double factor = norm > 1e-200 ? 1 / norm : 0;
    for (std::size_t i = 0; i < size; ++i) matrix[i * rank + k] *= factor;
  }
}

}  // namespace

/// Subspace iteration with the Gram matrix of the inputs.
std::vector<double> PrincipalDirections(std::span<const double> inputs, std::int64_t samples,
                                        std::int64_t columns, std::int64_t rank) {
  constexpr int kRounds = 12;
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  std::vector<double> directions(AsSize(columns * rank)), along(AsSize(samples * rank));
  for (double& one : directions) one = normal(random);
  for (int round = 0; round < kRounds; ++round) {
    Orthonormalise(directions, AsSize(columns), AsSize(rank));
    MultiplyAdd(Transpose::kNo, Transpose::kNo, samples, rank, columns, inputs.data(), columns,
                directions.data(), rank, 0, along.data(), rank);
    MultiplyAdd(Transpose::kYes, Transpose::kNo, columns, rank, samples, inputs.data(), columns,
                along.data(), rank, 0, directions.data(), rank);
  }
  Orthonormalise(directions, AsSize(columns), AsSize(rank));
  return directions;
}

/// Gauss and Jordan on P^T P with a little on its diagonal, whose pivots are then above 0.
std::vector<double> SolverOf(std::span<const double> directions, std::int64_t columns,
                             std::int64_t rank) {
  const std::size_t n = AsSize(rank);
  std::vector<double> gram(n * n), inverse(n * n, 0), solver(AsSize(columns * rank));
  MultiplyAdd(Transpose::kYes, Transpose::kNo, rank, rank, columns, directions.data(), rank,
              directions.data(), rank, 0, gram.data(), rank);
  double trace = 0;
  for (std::size_t k = 0; k < n; ++k) trace += gram[k * n + k];
  for (std::size_t k = 0; k < n; ++k) {
    gram[k * n + k] += 1e-9 * trace + std::numeric_limits<double>::min();
    inverse[k * n + k] = 1;
  }
  for (std::size_t k = 0; k < n; ++k) {
    const double pivot = gram[k * n + k];
    for (std::size_t j = 0; j < n; ++j) {
      gram[k * n + j] /= pivot;
      inverse[k * n + j] /= pivot;
    }
    for (std::size_t i = 0; i < n; ++i) {
      const double factor = gram[i * n + k];
      for (std::size_t j = 0; j < n && i != k; ++j) {
        gram[i * n + j] -= factor * gram[k * n + j];
        inverse[i * n + j] -= factor * inverse[k * n + j];
      }
    }
  }
  MultiplyAdd(Transpose::kNo, Transpose::kNo, columns, rank, rank, directions.data(), rank,
              inverse.data(), rank, 0, solver.data(), rank);
  const bool finite = std::ranges::all_of(solver, [](double one) { return std::isfinite(one); });
  return finite ? solver : std::vector<double>(directions.begin(), directions.end());
}

}  // namespace dlv::progressive
