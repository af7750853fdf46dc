// Operators that make each element of one: ONNX, operator versions 6 to 18.  Real ones are computed
// in double and rounded once.

#include <cmath>
#include <numbers>

#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/rows.h"
#include "engine/kernels/walk.h"

namespace dlv::kernels {
namespace {

// ---- functions with attributes -------------------------------------------------------------

// Attributes are f32 in files; their defaults are the decimal numbers of the definition as f32.
constexpr double kHundredth = 0.01f, kFifth = 0.2f;

struct LeakyRelu {
  double alpha;
  explicit LeakyRelu(const Call& call) : alpha(call.Real("alpha", kHundredth)) {}
  double operator()(double x) const { return x < 0 ? alpha * x : x; }
};
struct Elu {
  double alpha;
  explicit Elu(const Call& call) : alpha(call.Real("alpha", 1)) {}
  double operator()(double x) const { return x < 0 ? alpha * std::expm1(x) : x; }
};
struct Celu {
  double alpha;
  explicit Celu(const Call& call) : alpha(call.Real("alpha", 1)) {}
  double operator()(double x) const { return x < 0 ? alpha * std::expm1(x / alpha) : x; }
};
struct Selu {
  double alpha, gamma;
  explicit Selu(const Call& call)
      : alpha(call.Real("alpha", 1.67326319217681884765625)),
        gamma(call.Real("gamma", 1.05070102214813232421875)) {}
  double operator()(double x) const { return gamma * (x <= 0 ? alpha * std::expm1(x) : x); }
};
struct HardSigmoid {
  double alpha, beta;
  explicit HardSigmoid(const Call& call)
      : alpha(call.Real("alpha", kFifth)), beta(call.Real("beta", 0.5)) {}
  double operator()(double x) const { return std::fmax(0, std::fmin(1, alpha * x + beta)); }
};
struct ThresholdedRelu {
  double alpha;
  explicit ThresholdedRelu(const Call& call) : alpha(call.Real("alpha", 1)) {}
  double operator()(double x) const { return x <= alpha ? 0 : x; }
};
struct Shrink {
  double bias, lambda;
  explicit Shrink(const Call& call) : bias(call.Real("bias", 0)), lambda(call.Real("lambd", 0.5)) {}
  double operator()(double x) const { return x < -lambda ? x + bias : x > lambda ? x - bias : 0; }
};
struct Gelu {
  bool tanh;
  explicit Gelu(const Call& call) : tanh(call.Text("approximate", "none") == "tanh") {}
  double operator()(double x) const {
    if (!tanh) return 0.5 * x * (1 + std::erf(x / std::numbers::sqrt2));
    const double inner = std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x);
    return 0.5 * x * (1 + std::tanh(inner));
  }
};

// ---- functions without ---------------------------------------------------------------------

double SigmoidOf(double x) {
  const double e = std::exp(-std::fabs(x));  // does not overflow
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}
double SoftplusOf(double x) { return std::fmax(x, 0) + std::log1p(std::exp(-std::fabs(x))); }

template <double (*Function)(double)>
struct Plain {
  explicit Plain(const Call&) {}
  double operator()(double x) const { return Function(x); }
};
#define DLV_PLAIN(name, expression) \
  double name(double x) { return expression; }
DLV_PLAIN(Acos, std::acos(x))
DLV_PLAIN(Acosh, std::acosh(x))
DLV_PLAIN(Asin, std::asin(x))
DLV_PLAIN(Asinh, std::asinh(x))
DLV_PLAIN(Atan, std::atan(x))
DLV_PLAIN(Atanh, std::atanh(x))
DLV_PLAIN(Ceil, std::ceil(x))
DLV_PLAIN(Cos, std::cos(x))
DLV_PLAIN(Cosh, std::cosh(x))
DLV_PLAIN(Erf, std::erf(x))
DLV_PLAIN(Exp, std::exp(x))
DLV_PLAIN(Floor, std::floor(x))
DLV_PLAIN(HardSwish, x* std::fmax(0, std::fmin(1, x / 6 + 0.5)))
DLV_PLAIN(Log, std::log(x))
DLV_PLAIN(Mish, x* std::tanh(SoftplusOf(x)))
DLV_PLAIN(Reciprocal, 1 / x)
DLV_PLAIN(Round, std::nearbyint(x))  // halves to even
DLV_PLAIN(Sin, std::sin(x))
DLV_PLAIN(Sinh, std::sinh(x))
DLV_PLAIN(Softsign, x / (1 + std::fabs(x)))
DLV_PLAIN(Sqrt, std::sqrt(x))
DLV_PLAIN(Tan, std::tan(x))
DLV_PLAIN(Tanh, std::tanh(x))
#undef DLV_PLAIN

template <class Function>
Status Unary(Call& call) {
  DLV_TRY(call.Want(1));
  const Value& in = call.In(0);
  const Function function(call);
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  return OnReal(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    const auto x = in.As<T>();
    const auto y = out->As<T>();
    for (std::size_t i = 0; i < x.size(); ++i) {
      y[i] = static_cast<T>(function(static_cast<double>(x[i])));
    }
    return Ok();
  });
}

// ---- for whole numbers too -----------------------------------------------------------------

struct Relu {
  template <class T>
  T operator()(T x) const {
    return x < 0 ? T(0) : x;  // NaN stays
  }
};
struct Absolute {
  template <class T>
  T operator()(T x) const {
    if constexpr (std::is_floating_point_v<T>) return std::fabs(x);
    return x < 0 ? static_cast<T>(std::uint64_t{0} - static_cast<std::uint64_t>(x)) : x;
  }
};
struct Negative {
  template <class T>
  T operator()(T x) const {
    if constexpr (std::is_floating_point_v<T>) return -x;
    return static_cast<T>(std::uint64_t{0} - static_cast<std::uint64_t>(x));
  }
};
struct Sign {
  template <class T>
  T operator()(T x) const {
    return x > 0 ? T(1) : x < 0 ? static_cast<T>(-1) : x;
  }
};

template <class Function>
Status UnaryNumber(Call& call) {
  DLV_TRY(call.Want(1));
  const Value& in = call.In(0);
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  return OnNumber(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    const auto x = in.As<T>();
    const auto y = out->As<T>();
    for (std::size_t i = 0; i < x.size(); ++i) y[i] = Function()(x[i]);
    return Ok();
  });
}

/// Bounds are attributes before version 11, operands since; either may be left out.
Status Clip(Call& call) {
  DLV_TRY(call.Want(1));
  const Value& in = call.In(0);
  DLV_ASSIGN(const auto low, call.RealOrOperand("min", 1));
  DLV_ASSIGN(const auto high, call.RealOrOperand("max", 2));
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  return OnNumber(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    const auto x = in.As<T>();
    const auto y = out->As<T>();
    for (std::size_t i = 0; i < x.size(); ++i) {
      y[i] = x[i];
      if (low && static_cast<double>(y[i]) < *low) y[i] = static_cast<T>(*low);
      if (high && static_cast<double>(y[i]) > *high) y[i] = static_cast<T>(*high);
    }
    return Ok();
  });
}

/// Slopes broadcast to the input; one a channel may be written [C].
Status PRelu(Call& call) {
  DLV_TRY(call.Want(2));
  const Value& in = call.In(0);
  Shape slope = call.In(1).shape();
  if (slope.size() == 1 && in.rank() > 1 && slope[0] == in.shape()[1]) {
    slope.resize(in.rank() - 1, 1);
  }
  if (slope.size() > in.rank() || BroadcastShape(slope, in.shape()) != in.shape() ||
      call.In(1).dtype() != in.dtype()) {
    return call.Bad("slope " + TextOf(call.In(1).shape()) + " does not broadcast to " +
                    TextOf(in.shape()));
  }
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  return OnReal(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    const T* x = in.As<T>().data();
    const T* slopes = call.In(1).As<T>().data();
    T* y = out->As<T>().data();
    ForEachRun<2>(in.shape(), {StridesOf(in.shape()), BroadcastStrides(slope, in.shape())},
                  [&](const Places<2>& at, const Places<2>& step, std::int64_t count) {
                    for (std::int64_t i = 0; i < count; ++i) {
                      const T value = x[at[0] + i * step[0]];
                      y[at[0] + i * step[0]] =
                          value < 0 ? slopes[at[1] + i * step[1]] * value : value;
                    }
                  });
    return Ok();
  });
}

constexpr KernelRow kUnaryKernels[] = {
    {"", "Abs", UnaryNumber<Absolute>},
    {"", "Acos", Unary<Plain<Acos>>},
    {"", "Acosh", Unary<Plain<Acosh>>},
    {"", "Asin", Unary<Plain<Asin>>},
    {"", "Asinh", Unary<Plain<Asinh>>},
    {"", "Atan", Unary<Plain<Atan>>},
    {"", "Atanh", Unary<Plain<Atanh>>},
    {"", "Ceil", Unary<Plain<Ceil>>},
    {"", "Celu", Unary<Celu>},
    {"", "Clip", Clip},
    {"", "Cos", Unary<Plain<Cos>>},
    {"", "Cosh", Unary<Plain<Cosh>>},
    {"", "Elu", Unary<Elu>},
    {"", "Erf", Unary<Plain<Erf>>},
    {"", "Exp", Unary<Plain<Exp>>},
    {"", "Floor", Unary<Plain<Floor>>},
    {"", "Gelu", Unary<Gelu>},
    {"", "HardSigmoid", Unary<HardSigmoid>},
    {"", "HardSwish", Unary<Plain<HardSwish>>},
    {"", "LeakyRelu", Unary<LeakyRelu>},
    {"", "Log", Unary<Plain<Log>>},
    {"", "Mish", Unary<Plain<Mish>>},
    {"", "Neg", UnaryNumber<Negative>},
    {"", "PRelu", PRelu},
    {"", "Reciprocal", Unary<Plain<Reciprocal>>},
    {"", "Relu", UnaryNumber<Relu>},
    {"", "Round", Unary<Plain<Round>>},
    {"", "Selu", Unary<Selu>},
    {"", "Shrink", Unary<Shrink>},
    {"", "Sigmoid", Unary<Plain<SigmoidOf>>},
    {"", "Sign", UnaryNumber<Sign>},
    {"", "Sin", Unary<Plain<Sin>>},
    {"", "Sinh", Unary<Plain<Sinh>>},
    {"", "Softplus", Unary<Plain<SoftplusOf>>},
    {"", "Softsign", Unary<Plain<Softsign>>},
    {"", "Sqrt", Unary<Plain<Sqrt>>},
    {"", "Tan", Unary<Plain<Tan>>},
    {"", "Tanh", Unary<Plain<Tanh>>},
    {"", "ThresholdedRelu", Unary<ThresholdedRelu>},
};

}  // namespace

std::span<const KernelRow> UnaryKernels() { return kUnaryKernels; }

}  // namespace dlv::kernels
