#include "engine/progressive/sketch.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <random>

#include "engine/bounds/blas.h"
#include "engine/progressive/layer.h"

namespace dlv::progressive {

using bounds::MultiplyAdd;
using bounds::Transpose;

ByteMatrix ByteMatrix::Round(std::span<const double> matrix, std::int64_t rows,
                             std::int64_t columns) {
  ByteMatrix rounded{rows, columns, {}, std::vector<float>(AsSize(columns), 0)};
  rounded.elements.resize(matrix.size());
  const std::size_t width = AsSize(columns);
  for (std::size_t at = 0; at < matrix.size(); ++at) {
    float& factor = rounded.factors[at % width];
    factor = std::max(factor, static_cast<float>(std::abs(matrix[at]) / 127));
  }
  // To 16 bits, up: then an element times its factor is a float.
  for (float& factor : rounded.factors) {
    const auto bits = std::bit_cast<std::uint32_t>(factor);
    factor = std::bit_cast<float>((bits + 0xff) & ~std::uint32_t{0xff});
  }
  for (std::size_t at = 0; at < matrix.size(); ++at) {
    const double factor = rounded.factors[at % width];
    const bool known = factor > 0 && std::isfinite(matrix[at]);
    const double scaled = known ? std::nearbyint(matrix[at] / factor) : 0;
    rounded.elements[at] = static_cast<std::int8_t>(std::clamp(scaled, -127.0, 127.0));
  }
  return rounded;
}

std::vector<double> ByteMatrix::Values() const {
  std::vector<double> values(elements.size());
  const std::size_t width = AsSize(columns);
  for (std::size_t at = 0; at < values.size(); ++at)
    values[at] = static_cast<double>(elements[at]) * static_cast<double>(factors[at % width]);
  return values;
}

std::vector<double> ByteMatrix::Packed() const {
  const std::size_t head = factors.size() * sizeof(float);
  std::vector<double> packed(2 + (head + elements.size() + sizeof(double) - 1) / sizeof(double), 0);
  packed[0] = static_cast<double>(rows);
  packed[1] = static_cast<double>(columns);
  auto* bytes = reinterpret_cast<std::byte*>(packed.data() + 2);
  std::memcpy(bytes, factors.data(), head);
  std::memcpy(bytes + head, elements.data(), elements.size());
  return packed;
}

std::optional<ByteMatrix> ByteMatrix::Unpacked(const std::vector<double>& packed) {
  constexpr double kMost = 0x1p31;
  if (packed.size() < 2 || !(packed[0] >= 0 && packed[0] < kMost) ||
      !(packed[1] >= 0 && packed[1] < kMost))
    return std::nullopt;
  ByteMatrix matrix{
      static_cast<std::int64_t>(packed[0]), static_cast<std::int64_t>(packed[1]), {}, {}};
  const std::size_t head = AsSize(matrix.columns) * sizeof(float);
  const std::size_t size = AsSize(matrix.rows * matrix.columns);
  if ((packed.size() - 2) != (head + size + sizeof(double) - 1) / sizeof(double))
    return std::nullopt;
  matrix.factors.resize(AsSize(matrix.columns));
  matrix.elements.resize(size);
  const auto* bytes = reinterpret_cast<const std::byte*>(packed.data() + 2);
  std::memcpy(matrix.factors.data(), bytes, head);
  std::memcpy(matrix.elements.data(), bytes + head, size);
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

}  // namespace dlv::progressive
