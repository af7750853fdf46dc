// Arithmetic of two and more operands: ONNX, operator versions 6 to 14.  Whole numbers wrap around;
// to divide one by 0 is an error.

#include <cmath>
#include <cstring>

#include "engine/kernels/convert.h"
#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/broadcast.h"
#include "engine/kernels/reference/rows.h"

namespace dlv::kernels {
namespace {

// Sums and products of whole numbers are taken without signs, where overflow is defined.
template <class T>
using Wide = std::conditional_t<std::is_floating_point_v<T>, T, std::uint64_t>;

template <class T>
bool DividesBadly(T a, T b) {  // where the quotient does not fit
  return std::is_signed_v<T> && b == static_cast<T>(-1) && a == std::numeric_limits<T>::min();
}

struct Add {
  template <class T>
  T operator()(T a, T b) const {
    return static_cast<T>(static_cast<Wide<T>>(a) + static_cast<Wide<T>>(b));
  }
};
struct Subtract {
  template <class T>
  T operator()(T a, T b) const {
    return static_cast<T>(static_cast<Wide<T>>(a) - static_cast<Wide<T>>(b));
  }
};
struct Multiply {
  template <class T>
  T operator()(T a, T b) const {
    return static_cast<T>(static_cast<Wide<T>>(a) * static_cast<Wide<T>>(b));
  }
};
struct Divide {
  template <class T>
  T operator()(T a, T b) const {
    if constexpr (std::is_floating_point_v<T>) return a / b;
    return DividesBadly(a, b) ? a : static_cast<T>(a / b);  // towards zero
  }
};
/// The rest with the sign of the divisor.
struct Modulo {
  template <class T>
  T operator()(T a, T b) const {
    if constexpr (std::is_floating_point_v<T>) {
      const T rest = std::fmod(a, b);
      return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    } else {
      const T rest = DividesBadly(a, b) ? T(0) : static_cast<T>(a % b);
      return rest != 0 && (rest < 0) != (b < 0) ? static_cast<T>(rest + b) : rest;
    }
  }
};
/// The rest with the sign of the dividend (fmod = 1).
struct Remainder {
  template <class T>
  T operator()(T a, T b) const {
    if constexpr (std::is_floating_point_v<T>) {
      return std::fmod(a, b);
    } else {
      return DividesBadly(a, b) ? T(0) : static_cast<T>(a % b);
    }
  }
};
struct RaisedTo {
  template <class T>
  T operator()(T a, T b) const {
    if constexpr (std::is_floating_point_v<T>) {
      return static_cast<T>(std::pow(static_cast<double>(a), static_cast<double>(b)));
    } else {
      if (b < 0) return a == 1 ? T(1) : T(0);
      std::uint64_t result = 1, factor = static_cast<std::uint64_t>(a);
      for (auto left = static_cast<std::uint64_t>(b); left > 0; left >>= 1) {
        if ((left & 1) != 0) result *= factor;
        factor *= factor;
      }
      return static_cast<T>(result);
    }
  }
};
struct Least {  // NaN, where one is NaN
  template <class T>
  T operator()(T a, T b) const {
    return IsNan(a) || a < b ? a : b;
  }
};
struct Greatest {
  template <class T>
  T operator()(T a, T b) const {
    return IsNan(a) || a > b ? a : b;
  }
};

Status RefuseZeros(const Call& call, const Value& divisors) {
  if (IsFloat(divisors.dtype())) return Ok();
  return OnNumber(call, divisors.dtype(), [&](auto type) -> Status {
    for (const auto one : divisors.As<typename decltype(type)::type>()) {
      if (one == 0) return call.Bad("division of whole numbers by 0");
    }
    return Ok();
  });
}

template <class Function>
Status Arithmetic(Call& call) {
  DLV_ASSIGN(const Pair pair, ReadPair(call, 0, 1));
  DLV_ASSIGN(Value * out, call.Make(0, call.In(0).dtype(), pair.out));
  return OnNumber(call, call.In(0).dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    Combine(pair, call.In(0).As<T>().data(), call.In(1).As<T>().data(), out->As<T>().data(),
            Function());
    return Ok();
  });
}

Status Division(Call& call) {
  DLV_TRY(call.Want(2));
  DLV_TRY(RefuseZeros(call, call.In(1)));
  return Arithmetic<Divide>(call);
}

Status Mod(Call& call) {
  DLV_TRY(call.Want(2));
  DLV_TRY(RefuseZeros(call, call.In(1)));
  return call.Flag("fmod") ? Arithmetic<Remainder>(call) : Arithmetic<Modulo>(call);
}

/// Since version 12 the exponent may have another type; the result has that of the base.
Status Pow(Call& call) {
  DLV_TRY(call.Want(2));
  const Value& base = call.In(0);
  if (!IsFloat(base.dtype()) && IsFloat(call.In(1).dtype())) {
    return call.Unsupported("a whole number to a power that is a real one");
  }
  DLV_ASSIGN(const Value exponent, Converted(call.In(1), base.dtype(), call.memory()));
  DLV_ASSIGN(const Pair pair, PairOf(call, base.shape(), exponent.shape()));
  DLV_ASSIGN(Value * out, call.Make(0, base.dtype(), pair.out));
  return OnNumber(call, base.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    Combine(pair, base.As<T>().data(), exponent.As<T>().data(), out->As<T>().data(), RaisedTo());
    return Ok();
  });
}

// ---- one operand and more ------------------------------------------------------------------

Result<Shape> ShapeOfAll(const Call& call) {
  DLV_TRY(call.Want(std::max<std::size_t>(call.input_count(), 1)));
  Shape shape = call.In(0).shape();
  for (std::size_t i = 1; i < call.input_count(); ++i) {
    if (call.In(i).dtype() != call.In(0).dtype()) {
      return call.Bad("operands of types " + std::string(NameOf(call.In(0).dtype())) + " and " +
                      std::string(NameOf(call.In(i).dtype())));
    }
    DLV_ASSIGN(const Pair pair, PairOf(call, shape, call.In(i).shape()));
    shape = pair.out;
  }
  return shape;
}

/// Real sums are kept in double and rounded once; `scale`: by how many operands to divide.
template <class T, class Function, class Total>
void Accumulate(const Call& call, const Shape& shape, Total scale, T* out) {
  std::vector<Total> totals(static_cast<std::size_t>(CountOf(shape)));
  for (std::size_t k = 0; k < call.input_count(); ++k) {
    const Value& in = call.In(k);
    const T* x = in.As<T>().data();
    ForEachRun<2>(shape, {BroadcastStrides(in.shape(), shape), StridesOf(shape)},
                  [&](const Places<2>& at, const Places<2>& step, std::int64_t count) {
                    for (std::int64_t i = 0; i < count; ++i) {
                      Total& total = totals[static_cast<std::size_t>(at[1] + i * step[1])];
                      const auto next = static_cast<Total>(x[at[0] + i * step[0]]);
                      total = k == 0 ? next : Function()(total, next);
                    }
                  });
  }
  for (const Total& total : totals) *out++ = static_cast<T>(total / scale);
}

template <class Function, bool Mean>
Status OfAll(Call& call) {
  DLV_ASSIGN(const Shape shape, ShapeOfAll(call));
  if (call.input_count() == 1) {
    call.Share(0, call.In(0));
    return Ok();
  }
  DLV_ASSIGN(Value * out, call.Make(0, call.In(0).dtype(), shape));
  return OnNumber(call, call.In(0).dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    using Total = std::conditional_t<std::is_floating_point_v<T>, Sum<T>, T>;
    const auto scale = static_cast<Total>(Mean ? call.input_count() : 1);
    Accumulate<T, Function, Total>(call, shape, scale, out->As<T>().data());
    return Ok();
  });
}

constexpr KernelRow kBinaryKernels[] = {
    {"", "Add", Arithmetic<Add>},        {"", "Div", Division},
    {"", "Max", OfAll<Greatest, false>}, {"", "Mean", OfAll<Add, true>},
    {"", "Min", OfAll<Least, false>},    {"", "Mod", Mod},
    {"", "Mul", Arithmetic<Multiply>},   {"", "Pow", Pow},
    {"", "Sub", Arithmetic<Subtract>},   {"", "Sum", OfAll<Add, false>},
};

}  // namespace

std::span<const KernelRow> BinaryKernels() { return kBinaryKernels; }

}  // namespace dlv::kernels
