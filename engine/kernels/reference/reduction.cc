// Reduce* (ONNX, operator versions 1 to 18), ArgMax, ArgMin (1 to 13).

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/rows.h"
#include "engine/kernels/walk.h"

namespace dlv::kernels {
namespace {

/// A value with its axes in two groups: those that stay and those that are summed over.
struct Reduction {
  Shape kept, gone;
  Strides kept_strides, gone_strides;
  Shape out;
};

Result<Reduction> ReadReduction(const Call& call, const std::vector<bool>& is_gone) {
  const Shape& in = call.In(0).shape();
  const Strides strides = StridesOf(in);
  const bool keep = call.Flag("keepdims", true);
  Reduction reduction;
  for (std::size_t i = 0; i < in.size(); ++i) {
    (is_gone[i] ? reduction.gone : reduction.kept).push_back(in[i]);
    (is_gone[i] ? reduction.gone_strides : reduction.kept_strides).push_back(strides[i]);
    if (!is_gone[i] || keep) reduction.out.push_back(is_gone[i] ? 1 : in[i]);
  }
  return reduction;
}

Result<std::vector<bool>> ReadAxes(const Call& call) {
  DLV_TRY(call.Want(1));
  const std::size_t rank = call.In(0).rank();
  DLV_ASSIGN(const auto axes, call.ListOrOperand("axes", 1));
  if (!axes || axes->empty()) return std::vector(rank, !call.Flag("noop_with_empty_axes"));
  std::vector<bool> is_gone(rank);
  for (const std::int64_t one : *axes) {
    DLV_ASSIGN(const std::size_t axis, call.Axis(one, rank));
    is_gone[axis] = true;
  }
  return is_gone;
}

/// Calls `visit(element)` for all elements that go into one of the output, in C order.
template <class T, class Visit>
void ForEachElement(const Reduction& reduction, const T* first, Visit&& visit) {
  ForEachRun<1>(reduction.gone, {reduction.gone_strides},
                [&](const Places<1>& at, const Places<1>& step, std::int64_t count) {
                  for (std::int64_t i = 0; i < count; ++i) visit(first[at[0] + i * step[0]]);
                });
}

/// Calls `reduce(place of the first element)` for every element of the output, in C order.
template <class Reduce>
void ForEachResult(const Reduction& reduction, Reduce&& reduce) {
  ForEachRun<1>(reduction.kept, {reduction.kept_strides},
                [&](const Places<1>& at, const Places<1>& step, std::int64_t count) {
                  for (std::int64_t i = 0; i < count; ++i) reduce(at[0] + i * step[0]);
                });
}

// Each is begun, takes elements, and gives the result. Sums of reals are double; of whole numbers
// they wrap around.
template <class T>
using Total = std::conditional_t<std::is_floating_point_v<T>, Sum<T>, std::uint64_t>;

template <class T>
struct SumOf {
  Total<T> sum = 0;
  void Take(T x) { sum += static_cast<Total<T>>(x); }
  T Result(std::int64_t) const { return static_cast<T>(sum); }
};
template <class T>
struct MeanOf {
  double sum = 0;
  void Take(T x) { sum += static_cast<double>(x); }
  T Result(std::int64_t count) const { return FromSum<T>(sum / static_cast<double>(count)); }
};
template <class T>
struct ProductOf {
  Total<T> product = 1;
  void Take(T x) { product *= static_cast<Total<T>>(x); }
  T Result(std::int64_t) const { return static_cast<T>(product); }
};
template <class T>
struct LeastOf {
  T best = std::numeric_limits<T>::has_infinity ? std::numeric_limits<T>::infinity()
                                                : std::numeric_limits<T>::max();
  void Take(T x) { best = x < best || IsNan(x) ? x : best; }
  T Result(std::int64_t) const { return best; }
};
template <class T>
struct GreatestOf {
  T best = std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                                : std::numeric_limits<T>::lowest();
  void Take(T x) { best = x > best || IsNan(x) ? x : best; }
  T Result(std::int64_t) const { return best; }
};
template <class T>
struct L1Of {
  double sum = 0;
  void Take(T x) { sum += std::fabs(static_cast<double>(x)); }
  T Result(std::int64_t) const { return FromSum<T>(sum); }
};
template <class T>
struct SquaresOf {
  double sum = 0;
  void Take(T x) { sum += static_cast<double>(x) * static_cast<double>(x); }
  T Result(std::int64_t) const { return FromSum<T>(sum); }
};
template <class T>
struct L2Of : SquaresOf<T> {
  T Result(std::int64_t) const { return FromSum<T>(std::sqrt(this->sum)); }
};
template <class T>
struct LogSumOf : MeanOf<T> {
  T Result(std::int64_t) const { return FromSum<T>(std::log(this->sum)); }
};
/// The greatest so far is kept outside of the sum, so that nothing overflows.
template <class T>
struct LogSumExpOf {
  double greatest = -std::numeric_limits<double>::infinity(), sum = 0;
  void Take(T element) {
    const double x = static_cast<double>(element);
    if (x > greatest) {
      sum = sum * std::exp(greatest - x) + 1;
      greatest = x;
    } else if (std::isnan(x) || !std::isinf(greatest)) {
      sum += std::exp(x - greatest);
    }
  }
  T Result(std::int64_t) const { return FromSum<T>(greatest + std::log(sum)); }
};

template <template <class> class Kind>
Status Reduce(Call& call) {
  DLV_ASSIGN(const auto is_gone, ReadAxes(call));
  if (std::find(is_gone.begin(), is_gone.end(), true) == is_gone.end() && call.In(0).rank() > 0) {
    call.Share(0, call.In(0));
    return Ok();
  }
  DLV_ASSIGN(const Reduction reduction, ReadReduction(call, is_gone));
  const Value& in = call.In(0);
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), reduction.out));
  const std::int64_t count = CountOf(reduction.gone);
  return OnNumber(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    T* y = out->As<T>().data();
    ForEachResult(reduction, [&](std::int64_t first) {
      Kind<T> total;
      ForEachElement(reduction, in.As<T>().data() + first, [&](T x) { total.Take(x); });
      *y++ = total.Result(count);
    });
    return Ok();
  });
}

template <bool Greatest>
Status ArgOfBest(Call& call) {
  DLV_TRY(call.Want(1));
  const Value& in = call.In(0);
  DLV_ASSIGN(const std::size_t axis, call.Axis(call.Whole("axis", 0), in.rank()));
  std::vector<bool> is_gone(in.rank());
  is_gone[axis] = true;
  DLV_ASSIGN(const Reduction reduction, ReadReduction(call, is_gone));
  if (in.shape()[axis] == 0) return call.Bad("the greatest of nothing: " + TextOf(in.shape()));
  DLV_ASSIGN(Value * out, call.Make(0, DType::kI64, reduction.out));
  const bool takes_last = call.Flag("select_last_index");
  return OnNumber(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    std::int64_t* y = out->As<std::int64_t>().data();
    ForEachResult(reduction, [&](std::int64_t first) {
      const T* x = in.As<T>().data() + first;
      T best = *x;
      std::int64_t place = 0, at = 0;
      ForEachElement(reduction, x, [&](T value) {
        const bool better = Greatest ? value > best : value < best;
        if (better || (takes_last && value == best)) {
          best = value;
          place = at;
        }
        ++at;
      });
      *y++ = place;
    });
    return Ok();
  });
}

constexpr KernelRow kReductionKernels[] = {
    {"", "ArgMax", ArgOfBest<true>},        {"", "ArgMin", ArgOfBest<false>},
    {"", "ReduceL1", Reduce<L1Of>},         {"", "ReduceL2", Reduce<L2Of>},
    {"", "ReduceLogSum", Reduce<LogSumOf>}, {"", "ReduceLogSumExp", Reduce<LogSumExpOf>},
    {"", "ReduceMax", Reduce<GreatestOf>},  {"", "ReduceMean", Reduce<MeanOf>},
    {"", "ReduceMin", Reduce<LeastOf>},     {"", "ReduceProd", Reduce<ProductOf>},
    {"", "ReduceSum", Reduce<SumOf>},       {"", "ReduceSumSquare", Reduce<SquaresOf>},
};

}  // namespace

std::span<const KernelRow> ReductionKernels() { return kReductionKernels; }

}  // namespace dlv::kernels
