#pragma once
/// \file
/// Level sources over tensors in memory, for tests that need no store.

#include <cmath>
#include <cstring>
#include <map>
#include <string>

#include "engine/infer/weight_source.h"
#include "engine/kernels/convert.h"
#include "engine/progressive/level_source.h"

namespace dlv::progressive {

/// Tensors of f32 by name, whole and by levels. Costs are those of planes as they stand, or
/// (Entropy) of a sign and exponent in their order-0 entropy.
class MemoryLevels : public LevelSource, public infer::WeightSource {
 public:
  void Add(const std::string& name, Shape shape, std::vector<float> values) {
    tensors_[name] = {std::move(shape), std::move(values)};
  }

  Result<std::vector<Level>> Levels(const NetworkParameter& parameter) override {
    const Tensor& tensor = tensors_.at(parameter.name);
    const double count = static_cast<double>(tensor.values.size());
    const double head = HeadBits(tensor.values);
    std::vector<Level> levels;
    const std::vector<unsigned> mantissas =
        tensor.values.size() < 32768
            ? std::vector<unsigned>{0, 2, 4, 7, 10, 13, 16, 19, 23}
            : std::vector<unsigned>{0,  1,  2,  3,  4,  5,  6,  7,  8,  9,
                                    10, 11, 12, 13, 14, 15, 16, 18, 20, 23};
    for (const unsigned m : mantissas) {
      const auto bytes = static_cast<std::uint64_t>(count * (head + m) / 8);
      levels.push_back({9 + m, m == 23, bytes, bytes + 32});
    }
    return levels;
  }

  Result<LeveledTensor> Read(const NetworkParameter& parameter, unsigned planes) override {
    const Tensor& tensor = tensors_.at(parameter.name);
    DLV_ASSIGN(const auto levels, Levels(parameter));
    Level level = levels.back();
    for (std::size_t i = levels.size(); i-- > 0;) {
      if (levels[i].planes >= planes) level = levels[i];
    }
    if (planes == 0) level = levels.back();
    LeveledTensor out{DType::kF32, tensor.shape, level.planes, level.exact, {}};
    out.bytes.resize(tensor.values.size() * sizeof(float));
    const std::uint32_t mask = level.exact ? ~0U : ~0U << (32 - level.planes);
    for (std::size_t i = 0; i < tensor.values.size(); ++i) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, &tensor.values[i], sizeof(bits));
      bits &= mask;
      std::memcpy(out.bytes.data() + i * sizeof(bits), &bits, sizeof(bits));
    }
    return out;
  }

  Result<std::string> ContentId(const NetworkParameter& parameter) override {
    return parameter.name;
  }

  Result<kernels::Value> Read(const NetworkParameter& parameter, DType real,
                              kernels::Memory& memory) override {
    const Tensor& tensor = tensors_.at(parameter.name);
    const Shape shape = parameter.shape ? Shape(*parameter.shape) : tensor.shape;
    return kernels::FromBytes(DType::kF32, shape, std::as_bytes(std::span(tensor.values)), real,
                              memory);
  }

 private:
  struct Tensor {
    Shape shape;
    std::vector<float> values;
  };

  static double HeadBits(const std::vector<float>& values) {
    std::vector<double> counts(512, 0);
    for (const float value : values) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, &value, sizeof(bits));
      counts[bits >> 23] += 1;
    }
    double bits = 0;
    const auto count = static_cast<double>(values.size());
    for (const double one : counts) {
      if (one > 0) bits -= one / count * std::log2(one / count);
    }
    return bits;
  }

  std::map<std::string, Tensor> tensors_;
};

}  // namespace dlv::progressive
