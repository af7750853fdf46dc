#pragma once
/// \file
/// Level sources over tensors in memory, for tests that need no store.

#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <string>

#include "engine/infer/weight_source.h"
#include "engine/kernels/convert.h"
#include "engine/progressive/level_source.h"

namespace dlv::progressive {

/// The step of bit k of an f32 with this exponent field, from docs/format/codec.md §6.5; the sign
/// is bit 0.
inline unsigned StepOfBit(unsigned field, unsigned k) {
  return 2 * (k == 0 ? 255 - field : 256 + k - field) + field % 2;
}

/// The bits of an f32 that are known where those with steps up to `last` are.
inline std::uint32_t KnownBits(std::uint32_t bits, unsigned last) {
  const unsigned field = bits >> 23 & 255;
  std::uint32_t mask = 0xffU << 23;
  for (unsigned k = 0; k <= 23; ++k) {
    if (StepOfBit(field, k) <= last) mask |= 1U << (k == 0 ? 31 : 23 - k);
  }
  return mask;
}

/// Tensors of f32 by name, whole and by levels: of planes, or by significance. Costs are those of
/// exponents (of planes, with the sign) in their order-0 entropy, and of the bits.
class MemoryLevels : public LevelSource, public infer::WeightSource {
 public:
  explicit MemoryLevels(bool by_significance = false) : by_significance_(by_significance) {}

  void Add(const std::string& name, Shape shape, std::vector<float> values) {
    tensors_[name] = {std::move(shape), std::move(values)};
  }

  Result<std::vector<Level>> Levels(const NetworkParameter& parameter) override {
    const Tensor& tensor = tensors_.at(parameter.name);
    if (by_significance_ && tensor.values.size() >= 1024) return BySignificance(tensor);
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
    LeveledTensor out{DType::kF32, tensor.shape, level.planes,
                      level.exact, {},           level.by_significance};
    out.bytes.resize(tensor.values.size() * sizeof(float));
    for (std::size_t i = 0; i < tensor.values.size(); ++i) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, &tensor.values[i], sizeof(bits));
      if (!level.exact)
        bits &= level.by_significance ? KnownBits(bits, level.planes) : ~0U << (32 - level.planes);
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

  /// As the codec chooses them.
  static std::vector<Level> BySignificance(const Tensor& tensor) {
    std::array<double, 256> counts{};
    for (const float value : tensor.values) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, &value, sizeof(bits));
      if (bits != 0) counts[bits >> 23 & 255] += 1;
    }
    const auto count = static_cast<double>(tensor.values.size());
    double head = 0, kept = 0, zeros = count;
    for (const double one : counts) {
      if (one > 0) head -= one * std::log2(one / count);
      kept += one;
      zeros -= one;
    }
    if (zeros > 0) head -= zeros * std::log2(zeros / count);
    const auto known = [&](unsigned last, unsigned most) {
      double bits = 0;
      for (unsigned field = 0; field < 256; ++field) {
        for (unsigned k = 0; k <= most; ++k)
          bits += StepOfBit(field, k) <= last ? counts[field] : 0;
      }
      return bits;
    };
    unsigned origin = 1;
    while (known(origin, 0) * 2 < kept) origin += 2;
    const bool large = tensor.values.size() >= 32768;
    std::vector<Level> levels;
    for (unsigned depth = 0; depth <= 40; ++depth) {
      const bool written =
          large ? depth <= 16 || (depth <= 32 && depth % 2 == 0) || depth == 40
                : (depth <= 24 && depth % 2 == 0) || depth == 28 || depth == 34 || depth == 40;
      const double bits = known(origin + depth, 23);
      if (!written || bits >= 24 * kept) continue;
      const auto bytes = static_cast<std::uint64_t>((head + bits) / 8);
      levels.push_back({origin + depth, false, bytes, bytes + 32, true});
    }
    const auto bytes = static_cast<std::uint64_t>((head + 24 * kept) / 8);
    levels.push_back({kWholeStep, true, bytes, bytes + 32, true});
    return levels;
  }

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

  bool by_significance_;
  std::map<std::string, Tensor> tensors_;
};

}  // namespace dlv::progressive
