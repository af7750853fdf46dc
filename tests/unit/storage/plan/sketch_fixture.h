#pragma once
/// Tensors made up for the tests of sketches.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <span>
#include <vector>

#include "storage/plan/tensor_sketch.h"

namespace dlv::plan::testing {

inline std::vector<float> RandomWeights(std::size_t n, unsigned seed, float scale = 0.05F) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.0F, scale);
  std::vector<float> values(n);
  for (float& value : values) value = normal(random);
  return values;
}

/// A fine-tune at a relative distance.
inline std::vector<float> Tuned(std::vector<float> values, float distance, unsigned seed) {
  const std::vector<float> noise = RandomWeights(values.size(), seed, 0.05F * distance);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += noise[i];
  return values;
}

/// Rounded to 8 bits, as a network is for inference.
inline std::vector<std::int8_t> Quantised(const std::vector<float>& values) {
  float largest = 0;
  for (const float value : values) largest = std::max(largest, std::abs(value));
  std::vector<std::int8_t> numbers;
  for (const float value : values)
    numbers.push_back(static_cast<std::int8_t>(std::lround(value / largest * 127)));
  return numbers;
}

template <class Value>
std::vector<std::byte> SampledBytes(const std::vector<Value>& values) {
  std::vector<std::byte> bytes;
  for (const SketchRun& run : SketchRunsOf(values.size())) {
    const auto part = std::as_bytes(std::span(values).subspan(run.first, run.count));
    bytes.insert(bytes.end(), part.begin(), part.end());
  }
  return bytes;
}

inline TensorSketch SketchOf(const std::vector<float>& values) {
  return *TensorSketch::Of(DType::kF32, values.size(), SampledBytes(values));
}

template <class Value>
TensorSketch IntegerSketchOf(DType dtype, const std::vector<Value>& values) {
  return *TensorSketch::Of(dtype, values.size(), SampledBytes(values));
}

}  // namespace dlv::plan::testing
