// LSTM: ONNX, operator versions 7 and 14, with the activations of the definition; without
// peepholes, clip, sequence_lens and layout 1. Gates: input, output, forget, cell.  Source:
// Hochreiter, Schmidhuber, Long Short-Term Memory, 1997, with the forget gate of Gers, 2000.

#include <cmath>
#include <vector>

#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/recurrent_operands.h"
#include "engine/kernels/reference/rows.h"

namespace dlv::kernels {
namespace {

Result<RecurrentSizes> ReadLstm(const Call& call) {
  DLV_ASSIGN(const RecurrentSizes sizes, ReadRecurrent(call, 4));
  if (call.Flag("input_forget")) return call.Unsupported("input_forget");
  if (call.Has(7)) return call.Unsupported("peepholes");
  DLV_TRY(WantShape(call, 6, {sizes.directions, sizes.batch, sizes.hidden}));
  DLV_ASSIGN(const auto names,
             ReadActivations(call, sizes.directions, {"sigmoid", "tanh", "tanh"}));
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] != (i % 3 == 0 ? "sigmoid" : "tanh"))
      return call.Unsupported("activation " + names[i] + " of a gate");
  }
  return sizes;
}

/// One direction of one example. The state is kept in double, and rounded where it is given.
template <class T>
class LstmRun {
 public:
  LstmRun(const Call& call, const RecurrentSizes& sizes, std::int64_t direction)
      : sizes_(sizes),
        weight_(call.In(1).As<T>().data() + direction * 4 * sizes.hidden * sizes.features),
        recurrent_(call.In(2).As<T>().data() + direction * 4 * sizes.hidden * sizes.hidden),
        bias_(call.Has(3) ? call.In(3).As<T>().data() + direction * 8 * sizes.hidden : nullptr),
        state_(static_cast<std::size_t>(sizes.hidden)),
        cell_(state_.size()),
        gates_(4 * state_.size()) {}

  void Begin(const T* state, const T* cell) {
    for (std::size_t i = 0; i < state_.size(); ++i) {
      state_[i] = state == nullptr ? 0 : static_cast<Sum<T>>(state[i]);
      cell_[i] = cell == nullptr ? 0 : static_cast<Sum<T>>(cell[i]);
    }
  }

  void Step(const T* x) {
    const std::int64_t hidden = sizes_.hidden;
    for (std::int64_t row = 0; row < 4 * hidden; ++row) {
      Sum<T> sum = 0;
      if (bias_ != nullptr) {
        sum = static_cast<Sum<T>>(bias_[row]) + static_cast<Sum<T>>(bias_[4 * hidden + row]);
      }
      for (std::int64_t k = 0; k < sizes_.features; ++k) {
        sum += static_cast<Sum<T>>(weight_[row * sizes_.features + k]) * static_cast<Sum<T>>(x[k]);
      }
      for (std::int64_t k = 0; k < hidden; ++k) {
        sum +=
            static_cast<Sum<T>>(recurrent_[row * hidden + k]) * state_[static_cast<std::size_t>(k)];
      }
      gates_[static_cast<std::size_t>(row)] = sum;
    }
    const std::size_t h = state_.size();
    for (std::size_t i = 0; i < h; ++i) {
      const Sum<T> in = LogisticOf(gates_[i]), forget = LogisticOf(gates_[2 * h + i]);
      cell_[i] = forget * cell_[i] + in * std::tanh(gates_[3 * h + i]);
      state_[i] = LogisticOf(gates_[h + i]) * std::tanh(cell_[i]);
    }
  }

  void PutState(T* to) const { Put(state_, to); }
  void PutCell(T* to) const { Put(cell_, to); }

 private:
  static void Put(const std::vector<Sum<T>>& from, T* to) {
    for (const Sum<T>& one : from) *to++ = static_cast<T>(one);
  }

  const RecurrentSizes& sizes_;
  const T *weight_, *recurrent_, *bias_;
  std::vector<Sum<T>> state_, cell_, gates_;
};

template <class T>
Status RunLstm(const Call& call, const RecurrentSizes& s, Value& y, Value& last, Value& last_cell) {
  const T* x = call.In(0).As<T>().data();
  for (std::int64_t d = 0; d < s.directions; ++d) {
    LstmRun<T> run(call, s, d);
    const bool backward = s.IsBackward(d);
    for (std::int64_t b = 0; b < s.batch; ++b) {
      DLV_TRY(call.CheckCancelled());
      const std::int64_t place = (d * s.batch + b) * s.hidden;
      run.Begin(call.Has(5) ? call.In(5).As<T>().data() + place : nullptr,
                call.Has(6) ? call.In(6).As<T>().data() + place : nullptr);
      for (std::int64_t i = 0; i < s.steps; ++i) {
        const std::int64_t step = backward ? s.steps - 1 - i : i;
        run.Step(x + (step * s.batch + b) * s.features);
        run.PutState(y.As<T>().data() + ((step * s.directions + d) * s.batch + b) * s.hidden);
      }
      run.PutState(last.As<T>().data() + place);
      run.PutCell(last_cell.As<T>().data() + place);
    }
  }
  return Ok();
}

Status Lstm(Call& call) {
  DLV_ASSIGN(const RecurrentSizes s, ReadLstm(call));
  const DType dtype = call.In(0).dtype();
  const Shape state = {s.directions, s.batch, s.hidden};
  DLV_ASSIGN(Value y, call.memory().Make(dtype, {s.steps, s.directions, s.batch, s.hidden}));
  DLV_ASSIGN(Value last, call.memory().Make(dtype, state));
  DLV_ASSIGN(Value last_cell, call.memory().Make(dtype, state));
  const Status done = OnReal(call, dtype, [&](auto type) {
    return RunLstm<typename decltype(type)::type>(call, s, y, last, last_cell);
  });
  call.Share(0, std::move(y));
  call.Share(1, std::move(last));
  call.Share(2, std::move(last_cell));
  return done;
}

constexpr KernelRow kRecurrentKernels[] = {{"", "LSTM", Lstm}};

}  // namespace

std::span<const KernelRow> RecurrentKernels() { return kRecurrentKernels; }

}  // namespace dlv::kernels
