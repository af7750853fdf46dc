#include "engine/kernels/cpu/channel_affine.h"

#include <cmath>

#include "engine/kernels/convert.h"

namespace dlv::kernels {
namespace {

using Operands = std::function<const Value*(std::size_t)>;
using Reals = std::vector<double>;

constexpr double kDefaultEpsilon = 1e-5f;

const AttributeValue* Attribute(const NetworkNode& node, std::string_view name) {
  for (const NetworkAttribute& one : node.attributes) {
    if (one.name == name) return &one.value;
  }
  return nullptr;
}

double RealOf(const NetworkNode& node, std::string_view name, double otherwise) {
  const AttributeValue* value = Attribute(node, name);
  const auto* real = value == nullptr ? nullptr : std::get_if<double>(value);
  return real == nullptr ? otherwise : *real;
}

std::int64_t WholeOf(const NetworkNode& node, std::string_view name, std::int64_t otherwise) {
  const AttributeValue* value = Attribute(node, name);
  const auto* whole = value == nullptr ? nullptr : std::get_if<std::int64_t>(value);
  return whole == nullptr ? otherwise : *whole;
}

/// Operands `first` to `last` as numbers; nothing where one is no f32 vector of `count`.
std::optional<std::vector<Reals>> Vectors(const Operands& operand, std::size_t first,
                                          std::size_t last, std::int64_t count) {
  std::vector<Reals> vectors;
  for (std::size_t i = first; i <= last; ++i) {
    const Value* value = operand(i);
    if (value == nullptr || !value->present() || value->dtype() != DType::kF32 ||
        !value->is_plain() || value->shape() != Shape{count}) {
      return std::nullopt;
    }
    vectors.push_back(RealsOf(*value));
  }
  return vectors;
}

/// (x - mean) / sqrt(variance + epsilon) * scale + bias
ChannelAffine Normalising(const Reals& mean, const Reals& variance, double factor, double epsilon,
                          const Reals& scale, const Reals& bias) {
  ChannelAffine affine;
  for (std::size_t c = 0; c < mean.size(); ++c) {
    const double slope = scale[c] / std::sqrt(variance[c] * factor + epsilon);
    affine.scale.push_back(slope);
    affine.shift.push_back(bias[c] - mean[c] * factor * slope);
  }
  return affine;
}

std::optional<ChannelAffine> CaffeBatchNorm(const NetworkNode& node, const Operands& operand,
                                            std::int64_t channels) {
  const auto moments = Vectors(operand, 1, 2, channels);
  const auto factor = Vectors(operand, 3, 3, 1);
  if (!moments || !factor) return std::nullopt;
  const double divisor = (*factor)[0][0];
  const auto count = static_cast<std::size_t>(channels);
  return Normalising((*moments)[0], (*moments)[1], divisor == 0 ? 0 : 1 / divisor,
                     RealOf(node, "eps", kDefaultEpsilon), Reals(count, 1), Reals(count, 0));
}

}  // namespace

bool IsChannelAffine(const NetworkNode& node) {
  if (node.domain.empty()) {
    return node.op == "BatchNormalization" && node.outputs.size() == 1 &&
           WholeOf(node, "training_mode", 0) == 0;
  }
  if (node.domain != "caffe") return false;
  if (node.op == "BatchNorm") return true;
  return (node.op == "Scale" || node.op == "Bias") && WholeOf(node, "axis", 1) == 1;
}

std::optional<ChannelAffine> ReadChannelAffine(const NetworkNode& node, const Operands& operand,
                                               std::int64_t channels) {
  if (node.op == "BatchNorm") return CaffeBatchNorm(node, operand, channels);
  if (node.op == "BatchNormalization") {
    const auto four = Vectors(operand, 1, 4, channels);
    if (!four) return std::nullopt;
    return Normalising((*four)[2], (*four)[3], 1, RealOf(node, "epsilon", kDefaultEpsilon),
                       (*four)[0], (*four)[1]);
  }
  const auto first = Vectors(operand, 1, 1, channels);
  if (!first) return std::nullopt;
  const auto count = static_cast<std::size_t>(channels);
  if (node.op == "Bias") return ChannelAffine{Reals(count, 1), (*first)[0]};
  if (operand(2) == nullptr || !operand(2)->present()) {
    return ChannelAffine{(*first)[0], Reals(count, 0)};
  }
  const auto second = Vectors(operand, 2, 2, channels);
  if (!second) return std::nullopt;
  return ChannelAffine{(*first)[0], (*second)[0]};
}

std::optional<ChannelAffine> ReadOneAChannel(const Value& other, bool is_factor,
                                             std::int64_t channels, std::size_t rank) {
  Shape wanted(rank, 1);  // [1, C, 1, 1], or with fewer axes in front
  wanted[1] = channels;
  Shape shape = other.shape();
  if (shape.size() > rank || other.dtype() != DType::kF32 || !other.is_plain()) {
    return std::nullopt;
  }
  shape.insert(shape.begin(), rank - shape.size(), 1);
  if (shape != wanted) return std::nullopt;
  const auto count = static_cast<std::size_t>(channels);
  if (is_factor) return ChannelAffine{RealsOf(other), Reals(count, 0)};
  return ChannelAffine{Reals(count, 1), RealsOf(other)};
}

}  // namespace dlv::kernels
