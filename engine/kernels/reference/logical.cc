// Comparisons, logic, Where: ONNX, operator versions 7 to 16.  Truth values are bytes, 0 or 1.

#include <cmath>

#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/broadcast.h"
#include "engine/kernels/reference/rows.h"

namespace dlv::kernels {
namespace {

struct Equal {
  template <class T>
  std::uint8_t operator()(T a, T b) const {
    return a == b;
  }
};
struct Less {
  template <class T>
  std::uint8_t operator()(T a, T b) const {
    return a < b;
  }
};
struct Greater {
  template <class T>
  std::uint8_t operator()(T a, T b) const {
    return a > b;
  }
};
struct LessOrEqual {
  template <class T>
  std::uint8_t operator()(T a, T b) const {
    return a <= b;
  }
};
struct GreaterOrEqual {
  template <class T>
  std::uint8_t operator()(T a, T b) const {
    return a >= b;
  }
};
using Truth = std::uint8_t;
struct And {
  Truth operator()(Truth a, Truth b) const { return a != 0 && b != 0; }
};
struct Or {
  Truth operator()(Truth a, Truth b) const { return a != 0 || b != 0; }
};
struct Xor {
  Truth operator()(Truth a, Truth b) const { return (a != 0) != (b != 0); }
};

template <class Function>
Status Comparison(Call& call) {
  DLV_ASSIGN(const Pair pair, ReadPair(call, 0, 1));
  DLV_ASSIGN(Value * out, call.Make(0, DType::kBool, pair.out));
  return OnNumber(call, call.In(0).dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    Combine(pair, call.In(0).As<T>().data(), call.In(1).As<T>().data(), out->As<Truth>().data(),
            Function());
    return Ok();
  });
}

Status WantTruth(const Call& call, std::size_t operand) {
  if (call.In(operand).dtype() == DType::kBool) return Ok();
  return WrongType(call, call.In(operand).dtype(), "bool");
}

template <class Function>
Status Logic(Call& call) {
  DLV_ASSIGN(const Pair pair, ReadPair(call, 0, 1));
  DLV_TRY(WantTruth(call, 0));
  DLV_ASSIGN(Value * out, call.Make(0, DType::kBool, pair.out));
  Combine(pair, call.In(0).As<Truth>().data(), call.In(1).As<Truth>().data(),
          out->As<Truth>().data(), Function());
  return Ok();
}

Status Not(Call& call) {
  DLV_TRY(call.Want(1));
  DLV_TRY(WantTruth(call, 0));
  DLV_ASSIGN(Value * out, call.Make(0, DType::kBool, call.In(0).shape()));
  const auto in = call.In(0).As<Truth>();
  for (std::size_t i = 0; i < in.size(); ++i) out->As<Truth>()[i] = in[i] == 0;
  return Ok();
}

template <class Test>
Status RealTest(Call& call) {
  DLV_TRY(call.Want(1));
  const Test test(call);
  DLV_ASSIGN(Value * out, call.Make(0, DType::kBool, call.In(0).shape()));
  return OnReal(call, call.In(0).dtype(), [&](auto type) {
    const auto in = call.In(0).As<typename decltype(type)::type>();
    const auto truths = out->As<Truth>();
    for (std::size_t i = 0; i < in.size(); ++i) truths[i] = test(in[i]);
    return Ok();
  });
}

struct IsNanTest {
  explicit IsNanTest(const Call&) {}
  Truth operator()(double x) const { return std::isnan(x); }
};
struct IsInfTest {
  bool positive, negative;
  explicit IsInfTest(const Call& call)
      : positive(call.Flag("detect_positive", true)),
        negative(call.Flag("detect_negative", true)) {}
  Truth operator()(double x) const { return std::isinf(x) && (x > 0 ? positive : negative); }
};

/// Three values laid over each other; elements are moved, whatever their type.
Status Where(Call& call) {
  DLV_ASSIGN(const Pair chosen, ReadPair(call, 1, 2));
  DLV_TRY(WantTruth(call, 0));
  DLV_ASSIGN(const Pair all, PairOf(call, call.In(0).shape(), chosen.out));
  DLV_ASSIGN(Value * out, call.Make(0, call.In(1).dtype(), all.out));
  return OnNumber(call, call.In(1).dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    const Truth* condition = call.In(0).As<Truth>().data();
    const T* yes = call.In(1).As<T>().data();
    const T* no = call.In(2).As<T>().data();
    T* y = out->As<T>().data();
    ForEachRun<4>(all.out,
                  {BroadcastStrides(all.a, all.out), BroadcastStrides(chosen.a, all.out),
                   BroadcastStrides(chosen.b, all.out), StridesOf(all.out)},
                  [&](const Places<4>& at, const Places<4>& step, std::int64_t count) {
                    for (std::int64_t i = 0; i < count; ++i) {
                      y[at[3] + i * step[3]] = condition[at[0] + i * step[0]] != 0
                                                   ? yes[at[1] + i * step[1]]
                                                   : no[at[2] + i * step[2]];
                    }
                  });
    return Ok();
  });
}

constexpr KernelRow kLogicalKernels[] = {
    {"", "And", Logic<And>},
    {"", "Equal", Comparison<Equal>},
    {"", "Greater", Comparison<Greater>},
    {"", "GreaterOrEqual", Comparison<GreaterOrEqual>},
    {"", "IsInf", RealTest<IsInfTest>},
    {"", "IsNaN", RealTest<IsNanTest>},
    {"", "Less", Comparison<Less>},
    {"", "LessOrEqual", Comparison<LessOrEqual>},
    {"", "Not", Not},
    {"", "Or", Logic<Or>},
    {"", "Where", Where},
    {"", "Xor", Logic<Xor>},
};

}  // namespace

std::span<const KernelRow> LogicalKernels() { return kLogicalKernels; }

}  // namespace dlv::kernels
