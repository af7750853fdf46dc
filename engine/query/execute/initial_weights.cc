#include "engine/query/execute/initial_weights.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <numbers>

#include "engine/network/initializer.h"

namespace dlv::query {
namespace {

/// More elements than a layer that somebody adds by hand will have.
constexpr std::int64_t kMostElements = std::int64_t{1} << 30;

/// Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014.
class SplitMix {
 public:
  explicit SplitMix(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
  }
  /// In (0, 1].
  double Uniform() { return static_cast<double>((Next() >> 11) + 1) * 0x1p-53; }
  double Normal() {
    const double radius = std::sqrt(-2 * std::log(Uniform()));
    return radius * std::cos(2 * std::numbers::pi * Uniform());
  }

 private:
  std::uint64_t state_;
};

struct Fans {
  double in = 1, out = 1;
};

/// Elements that one output reads, and that one input reaches.
Fans FansOf(const NetworkShape& shape) {
  if (shape.size() < 2) return {shape.empty() ? 1.0 : static_cast<double>(shape[0]), 1};
  double field = 1;
  for (std::size_t i = 2; i < shape.size(); ++i) field *= static_cast<double>(shape[i]);
  return {static_cast<double>(shape[1]) * field, static_cast<double>(shape[0]) * field};
}

/// Element by element: `mean + spread * normal`, or uniform in [low, high].
struct Rule {
  bool normal = false;
  double first = 0, second = 0;
};

double Argument(const network::Initializer& made, std::size_t place, double otherwise) {
  return place < made.arguments.size() ? made.arguments[place] : otherwise;
}

Rule RuleOf(const network::Initializer& made, const NetworkShape& shape) {
  const Fans fans = FansOf(shape);
  if (made.name == "normal") return {true, Argument(made, 0, 0), Argument(made, 1, 1)};
  if (made.name == "uniform") return {false, Argument(made, 0, 0), Argument(made, 1, 1)};
  if (made.name == "kaiming") return {true, 0, std::sqrt(2 / fans.in)};
  if (made.name == "xavier") {
    const double bound = std::sqrt(6 / (fans.in + fans.out));
    return {false, -bound, bound};
  }
  const double constant = made.name == "ones" ? 1 : Argument(made, 0, 0);
  return {false, constant, constant};
}

Error Wrong(const NetworkParameter& parameter, const std::string& what) {
  return Error{ErrorCode::kInvalidArgument, "parameter " + parameter.name + ": " + what};
}

Result<std::int64_t> ElementsOf(const NetworkParameter& parameter) {
  if (!parameter.shape) return Wrong(parameter, "its shape is not known");
  std::int64_t count = 1;
  for (const std::int64_t size : *parameter.shape) {
    if (size < 0) return Wrong(parameter, "its shape is not known");
    if (__builtin_mul_overflow(count, size, &count) || count > kMostElements) {
      return Wrong(parameter, "it has over 2^30 elements");
    }
  }
  return count;
}

}  // namespace

Result<std::vector<std::byte>> MakeInitialWeights(const NetworkParameter& parameter) {
  DLV_ASSIGN(const std::int64_t count, ElementsOf(parameter));
  DLV_ASSIGN(const network::Initializer made, network::ParseInitializer(parameter.initializer));
  if (parameter.dtype.value_or(DType::kF32) != DType::kF32) {
    return Wrong(parameter, "only f32 can be initialised");
  }
  const Rule rule = RuleOf(made, *parameter.shape);
  SplitMix random(made.seed);
  std::vector<std::byte> bytes(static_cast<std::size_t>(count) * sizeof(float));
  for (std::int64_t i = 0; i < count; ++i) {
    const double number = rule.normal ? rule.first + rule.second * random.Normal()
                          : rule.first == rule.second
                              ? rule.first
                              : rule.first + (rule.second - rule.first) * random.Uniform();
    const auto element = static_cast<float>(number);
    std::memcpy(bytes.data() + static_cast<std::size_t>(i) * sizeof element, &element,
                sizeof element);
  }
  return bytes;
}

}  // namespace dlv::query
