// GRU and RNN: ONNX, operator versions 7 and 14; without clip, sequence_lens and layout 1.
// Sources: Cho and others, Learning Phrase Representations, 2014 (linear_before_reset 0 as there, 1
// as cuDNN has it); Elman, Finding Structure in Time, 1990.

#include <cmath>
#include <vector>

#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/recurrent_operands.h"
#include "engine/kernels/reference/rows.h"

namespace dlv::kernels {
namespace {

using GateFunction = double (*)(double);

double RectifiedOf(double x) { return std::isnan(x) || x > 0 ? x : 0; }
double TangentOf(double x) { return std::tanh(x); }

/// Null where there is none of the name.
GateFunction ActivationCalled(std::string_view name) {
  if (name == "sigmoid") return &LogisticOf;
  if (name == "tanh") return &TangentOf;
  return name == "relu" ? &RectifiedOf : nullptr;
}

Result<std::vector<GateFunction>> ActivationsOf(const Call& call, std::int64_t directions,
                                                std::initializer_list<const char*> defaults) {
  DLV_ASSIGN(const auto names, ReadActivations(call, directions, defaults));
  std::vector<GateFunction> activations;
  for (const std::string& name : names) {
    const GateFunction one = ActivationCalled(name);
    if (one == nullptr)
      return call.Unsupported("activation " + name + ", want sigmoid, tanh or relu");
    activations.push_back(one);
  }
  return activations;
}

/// The weights of one direction, and the state of one example, in double until it is given.
template <class T>
class Unit {
 public:
  Unit(const Call& call, const RecurrentSizes& sizes, std::int64_t gates, std::int64_t direction)
      : features_(sizes.features),
        hidden_(sizes.hidden),
        gates_(gates),
        weight_(call.In(1).As<T>().data() + direction * gates * hidden_ * features_),
        recurrent_(call.In(2).As<T>().data() + direction * gates * hidden_ * hidden_),
        bias_(call.Has(3) ? call.In(3).As<T>().data() + direction * 2 * gates * hidden_ : nullptr),
        state(static_cast<std::size_t>(hidden_)) {}

  /// W x + its bias, and R h + its bias, of one row; a bias that is left out is 0.
  Sum<T> OfInput(std::int64_t row, const T* x) const {
    return Row(weight_ + row * features_, features_, bias_ == nullptr ? nullptr : bias_ + row,
               [&](std::int64_t k) { return static_cast<Sum<T>>(x[k]); });
  }
  template <class State>
  Sum<T> OfState(std::int64_t row, const State& h) const {
    return Row(recurrent_ + row * hidden_, hidden_,
               bias_ == nullptr ? nullptr : bias_ + gates_ * hidden_ + row,
               [&](std::int64_t k) { return h[static_cast<std::size_t>(k)]; });
  }
  std::int64_t hidden() const { return hidden_; }

 private:
  template <class Read>
  static Sum<T> Row(const T* row, std::int64_t count, const T* bias, Read&& read) {
    Sum<T> sum = bias == nullptr ? Sum<T>(0) : static_cast<Sum<T>>(*bias);
    for (std::int64_t k = 0; k < count; ++k) sum += static_cast<Sum<T>>(row[k]) * read(k);
    return sum;
  }

  std::int64_t features_, hidden_, gates_;
  const T *weight_, *recurrent_, *bias_;

 public:
  std::vector<Sum<T>> state;
};

/// Gates: update z, reset r, new state h.
template <class T>
void StepGru(Unit<T>& unit, const T* x, bool linear_before_reset, const GateFunction* activations) {
  const std::int64_t hidden = unit.hidden();
  std::vector<Sum<T>> update(unit.state.size()), reset(update), next(update);
  for (std::int64_t i = 0; i < hidden; ++i) {
    const auto at = static_cast<std::size_t>(i);
    update[at] = activations[0](unit.OfInput(i, x) + unit.OfState(i, unit.state));
    reset[at] = activations[0](unit.OfInput(hidden + i, x) + unit.OfState(hidden + i, unit.state));
  }
  std::vector<Sum<T>> scaled(unit.state);
  for (std::size_t i = 0; i < scaled.size(); ++i) scaled[i] *= reset[i];
  for (std::int64_t i = 0; i < hidden; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::int64_t row = 2 * hidden + i;
    const Sum<T> before =
        linear_before_reset ? reset[at] * unit.OfState(row, unit.state) : unit.OfState(row, scaled);
    next[at] = activations[1](unit.OfInput(row, x) + before);
  }
  for (std::size_t i = 0; i < next.size(); ++i)
    unit.state[i] = (1 - update[i]) * next[i] + update[i] * unit.state[i];
}

template <class T>
void StepRnn(Unit<T>& unit, const T* x, GateFunction activation) {
  std::vector<Sum<T>> next(unit.state.size());
  for (std::size_t i = 0; i < next.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    next[i] = activation(unit.OfInput(row, x) + unit.OfState(row, unit.state));
  }
  unit.state = std::move(next);
}

/// Calls `step(unit, x, direction)` for every step of every example.
template <class T, class Step>
Status RunUnits(const Call& call, const RecurrentSizes& s, std::int64_t gates, Value& y,
                Value& last, Step&& step) {
  const T* x = call.In(0).As<T>().data();
  const auto put = [](const std::vector<Sum<T>>& from, T* to) {
    for (const Sum<T>& one : from) *to++ = static_cast<T>(one);
  };
  for (std::int64_t d = 0; d < s.directions; ++d) {
    Unit<T> unit(call, s, gates, d);
    for (std::int64_t b = 0; b < s.batch; ++b) {
      DLV_TRY(call.CheckCancelled());
      const std::int64_t place = (d * s.batch + b) * s.hidden;
      for (std::size_t i = 0; i < unit.state.size(); ++i) {
        unit.state[i] =
            call.Has(5)
                ? static_cast<Sum<T>>(call.In(5).As<T>()[static_cast<std::size_t>(place) + i])
                : Sum<T>(0);
      }
      for (std::int64_t i = 0; i < s.steps; ++i) {
        const std::int64_t at = s.IsBackward(d) ? s.steps - 1 - i : i;
        step(unit, x + (at * s.batch + b) * s.features, d);
        put(unit.state, y.As<T>().data() + ((at * s.directions + d) * s.batch + b) * s.hidden);
      }
      put(unit.state, last.As<T>().data() + place);
    }
  }
  return Ok();
}

/// Makes both outputs; `run(type, y, last)` fills them.
template <class Run>
Status GiveStates(Call& call, const RecurrentSizes& s, Run&& run) {
  const DType dtype = call.In(0).dtype();
  DLV_ASSIGN(Value y, call.memory().Make(dtype, {s.steps, s.directions, s.batch, s.hidden}));
  DLV_ASSIGN(Value last, call.memory().Make(dtype, {s.directions, s.batch, s.hidden}));
  const Status done = OnReal(call, dtype, [&](auto type) { return run(type, y, last); });
  call.Share(0, std::move(y));
  call.Share(1, std::move(last));
  return done;
}

Status Gru(Call& call) {
  constexpr std::int64_t kGates = 3;
  DLV_ASSIGN(const RecurrentSizes s, ReadRecurrent(call, kGates));
  DLV_ASSIGN(const auto activations, ActivationsOf(call, s.directions, {"sigmoid", "tanh"}));
  const bool linear_before_reset = call.Flag("linear_before_reset");
  return GiveStates(call, s, [&](auto type, Value& y, Value& last) {
    using T = typename decltype(type)::type;
    return RunUnits<T>(call, s, kGates, y, last, [&](auto& unit, const T* x, std::int64_t d) {
      StepGru<T>(unit, x, linear_before_reset, activations.data() + 2 * d);
    });
  });
}

Status Rnn(Call& call) {
  DLV_ASSIGN(const RecurrentSizes s, ReadRecurrent(call, 1));
  DLV_ASSIGN(const auto activations, ActivationsOf(call, s.directions, {"tanh"}));
  return GiveStates(call, s, [&](auto type, Value& y, Value& last) {
    using T = typename decltype(type)::type;
    return RunUnits<T>(call, s, 1, y, last, [&](auto& unit, const T* x, std::int64_t d) {
      StepRnn<T>(unit, x, activations[static_cast<std::size_t>(d)]);
    });
  });
}

constexpr KernelRow kGatedUnitKernels[] = {
    {"", "GRU", Gru},
    {"", "RNN", Rnn},
};

}  // namespace

std::span<const KernelRow> GatedUnitKernels() { return kGatedUnitKernels; }

}  // namespace dlv::kernels
