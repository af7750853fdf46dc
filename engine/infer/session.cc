#include "engine/infer/session.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include "engine/infer/execute.h"
#include "engine/infer/plan.h"
#include "engine/kernels/convert.h"
#include "engine/kernels/threads.h"
#include "engine/network/normalise.h"

namespace dlv::infer {
namespace {

using kernels::Value;

bool Fits(const NetworkShape& wanted, const kernels::Shape& got, bool free_batch) {
  if (wanted.size() != got.size()) return false;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const bool free = wanted[i] == kUnknownSize || (free_batch && i == 0);
    if (!free && wanted[i] != got[i]) return false;
  }
  return true;
}

std::string TypeText(const std::optional<DType>& dtype, const std::optional<NetworkShape>& shape) {
  std::string text(dtype ? NameOf(*dtype) : "?");
  if (!shape) return text;
  text += " [";
  for (std::size_t i = 0; i < shape->size(); ++i) {
    const std::int64_t size = (*shape)[i];
    text += (i == 0 ? "" : ", ") + (size == kUnknownSize ? "?" : std::to_string(size));
  }
  return text + "]";
}

Error DoesNotFit(const std::string& what, const std::optional<DType>& dtype,
                 const std::optional<NetworkShape>& shape, const Value& got) {
  return {ErrorCode::kInvalidArgument,
          what + " is " + TypeText(got.dtype(), got.shape()) + ", want " + TypeText(dtype, shape)};
}

bool SameKind(const std::optional<DType>& wanted, DType got) {
  return !wanted || *wanted == got || (IsFloat(*wanted) && IsFloat(got));
}

// Of two f32: the exponents, full of NaN and the infinite numbers; their last bits; the signs.
constexpr std::uint64_t kExponents = 0x7f8000007f800000, kLastBits = 0x0080000000800000,
                        kSigns = 0x8000000080000000;

/// Whether all f32 elements are numbers. (In f64 sessions nobody asks.)
bool AreFinite(std::span<const Value> values) {
  for (const Value& value : values) {
    if (!value.present() || value.dtype() != DType::kF32) continue;
    const std::span<const float> elements = value.As<float>();
    std::size_t i = 0;
    std::uint64_t carries = 0;  // two at a time: only a full exponent overflows into the sign
    for (; i + 2 <= elements.size(); i += 2) {
      std::uint64_t pair = 0;
      std::memcpy(&pair, elements.data() + i, sizeof pair);
      carries |= (pair & kExponents) + kLastBits;
    }
    const bool last = i == elements.size() || std::isfinite(elements[i]);
    if (!last || (carries & kSigns) != 0) return false;
  }
  return true;
}

std::uint64_t BytesOf(const Plan& plan) {
  std::uint64_t bytes = 0;
  for (const Value& value : plan.fixed) bytes += value.size_bytes();
  for (const Step& step : plan.steps) {
    for (const Body& body : step.branches) {
      if (body.plan != nullptr) bytes += BytesOf(*body.plan);
    }
  }
  return bytes;
}

void CountKernels(const Plan& plan, std::map<std::string, std::size_t>& counts) {
  for (const Step& step : plan.steps) {
    for (const Body& body : step.branches) {
      if (body.plan != nullptr) CountKernels(*body.plan, counts);
    }
    if (step.branches.empty()) {
      ++counts[step.only_weights ? "once" : kernels::NameOf(step.chosen.implementation)];
    }
  }
}

}  // namespace

class Session::Impl {
 public:
  Impl(Network network, const SessionOptions& options)
      : network_(std::move(network)),
        memory_(options.memory_limit_bytes),
        real_(options.precision == Precision::kF64 ? DType::kF64 : DType::kF32),
        threads_(std::max(options.threads, 1U)) {}

  Status Load(WeightSource& weights, const SessionOptions& options) {
    DLV_TRY(network::CheckNetwork(network_));
    const auto candidates = Candidates(real_, options.only_reference);
    has_fast_kernels_ = candidates[0] != kernels::Implementation::kReference;
    DLV_ASSIGN(plan_, MakePlan(network_, candidates));
    DLV_TRY(Fill(*plan_, weights, options.cancel));
    return ComputeOnce(options.cancel);
  }

  Result<std::vector<Value>> Run(const std::vector<Value>& inputs,
                                 const CancellationToken* cancel) const {
    std::optional<kernels::ThreadCount> thread_count;
    if (has_fast_kernels_) thread_count.emplace(1);  // kernels with enough to do take more
    Frame frame = plan_->fixed;
    DLV_TRY(TakeInputs(inputs, frame));
    kernels::Setting setting = SettingOf(cancel);
    setting.all_finite = weights_are_finite_ && AreFinite({frame.data(), inputs.size()});
    DLV_TRY(RunSteps(*plan_, setting, frame));
    std::vector<Value> outputs;
    for (const Slot slot : plan_->outputs) {
      outputs.push_back(slot == kNoSlot ? Value() : frame[slot]);
      DLV_ASSIGN(outputs.back(), kernels::InPlainOrder(outputs.back(), memory_));
      if (outputs.back().present()) continue;
      return Error{ErrorCode::kUnsupported,
                   "output " + network_.outputs[outputs.size() - 1].name + " is not computed"};
    }
    DLV_TRY(CheckBatch(inputs, outputs));
    return outputs;
  }

  SessionReport report() const {
    SessionReport report;
    report.weight_bytes = BytesOf(*plan_);
    report.peak_bytes = memory_.peak_bytes();
    CountKernels(*plan_, report.nodes_by_kernel);
    return report;
  }

  const Network& network() const { return network_; }
  kernels::Memory& memory() const { return memory_; }

 private:
  kernels::Setting SettingOf(const CancellationToken* cancel) const {
    return {real_, &memory_, cancel, threads_};
  }

  /// Parameters and constants of a network and of its subgraphs.
  Status Fill(Plan& plan, WeightSource& weights, const CancellationToken* cancel) {
    plan.fixed.resize(plan.slot_count);
    for (std::size_t i = 0; i < plan.network->parameters.size(); ++i) {
      if (cancel != nullptr && cancel->cancelled()) return Error{ErrorCode::kCancelled, "stopped"};
      const NetworkParameter& parameter = plan.network->parameters[i];
      DLV_ASSIGN(Value value, weights.Read(parameter, real_, memory_));
      const bool fits = SameKind(parameter.dtype, value.dtype()) &&
                        (!parameter.shape || Fits(*parameter.shape, value.shape(), false));
      if (!fits) {
        return DoesNotFit("tensor " + parameter.name, parameter.dtype, parameter.shape, value);
      }
      weights_are_finite_ = weights_are_finite_ && AreFinite({&value, 1});
      plan.fixed[plan.first_parameter + i] = std::move(value);
    }
    for (std::size_t i = 0; i < plan.network->constants.size(); ++i) {
      const NetworkConstant& constant = plan.network->constants[i];
      auto value =
          kernels::FromBytes(constant.dtype, constant.shape, constant.bytes, real_, memory_);
      if (!value.ok()) continue;
      weights_are_finite_ = weights_are_finite_ && AreFinite({&*value, 1});
      plan.fixed[plan.first_constant + i] = std::move(*value);
      // Others, such as texts, are an error of the node that reads them.
    }
    for (Step& step : plan.steps) {
      for (Body& body : step.branches) {
        if (body.plan != nullptr) DLV_TRY(Fill(*body.plan, weights, cancel));
      }
    }
    return Ok();
  }

  /// What depends on weights alone; afterwards goes what only that needed.
  Status ComputeOnce(const CancellationToken* cancel) {
    const kernels::Setting setting = SettingOf(cancel);
    for (const Step& step : plan_->steps) {
      if (step.only_weights) DLV_TRY(RunStep(*plan_, step, setting, plan_->fixed));
    }
    for (Value& value : plan_->fixed) {
      DLV_ASSIGN(value, kernels::InPlainOrder(value, memory_));
    }
    std::vector<bool> is_read(plan_->slot_count);
    const auto read = [&](Slot slot) {
      if (slot != kNoSlot) is_read[slot] = true;
    };
    for (const Slot slot : plan_->outputs) read(slot);
    for (const Step& step : plan_->steps) {
      if (step.only_weights) continue;
      for (const Slot slot : step.reads) read(slot);
      for (const Body& body : step.branches) {
        for (const auto& [theirs, ours] : body.taken) read(theirs);
      }
    }
    for (std::size_t slot = 0; slot < plan_->slot_count; ++slot) {
      if (!is_read[slot]) plan_->fixed[slot] = Value();
    }
    return Ok();
  }

  Status TakeInputs(const std::vector<Value>& inputs, Frame& frame) const {
    if (inputs.size() != network_.inputs.size()) {
      return Error{ErrorCode::kInvalidArgument, std::to_string(inputs.size()) + " inputs, want " +
                                                    std::to_string(network_.inputs.size())};
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const NetworkValue& wanted = network_.inputs[i];
      const bool fits = inputs[i].present() && SameKind(wanted.dtype, inputs[i].dtype()) &&
                        (!wanted.shape || Fits(*wanted.shape, inputs[i].shape(), true));
      if (!fits) return DoesNotFit("input " + wanted.name, wanted.dtype, wanted.shape, inputs[i]);
      const DType working = kernels::Working(inputs[i].dtype(), real_);
      DLV_ASSIGN(frame[i], kernels::Converted(inputs[i], working, memory_));
    }
    return Ok();
  }

  /// A network whose file says one batch size may have it built in: its outputs show that another
  /// one did not go through.
  Status CheckBatch(const std::vector<Value>& inputs, const std::vector<Value>& outputs) const {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const auto& wanted = network_.inputs[i].shape;
      if (!wanted || wanted->empty() || (*wanted)[0] == kUnknownSize) continue;
      const std::int64_t built = (*wanted)[0], given = inputs[i].shape()[0];
      for (std::size_t k = 0; given != built && k < outputs.size(); ++k) {
        const NetworkOperand& source = network_.outputs[k].source;
        if (source.kind != OperandKind::kNode) continue;
        const auto& declared = network_.nodes[source.index].outputs[source.port].shape;
        const bool scales = !declared || declared->empty() || (*declared)[0] != built ||
                            (outputs[k].rank() > 0 && outputs[k].shape()[0] == given);
        if (!scales) {
          return Error{ErrorCode::kInvalidArgument, "the network is made for batches of " +
                                                        std::to_string(built) + ", got " +
                                                        std::to_string(given)};
        }
      }
    }
    return Ok();
  }

  Network network_;
  mutable kernels::Memory memory_;
  DType real_;
  unsigned threads_;
  bool has_fast_kernels_ = false;
  bool weights_are_finite_ = true;
  std::unique_ptr<Plan> plan_;
};

Result<std::unique_ptr<Session>> Session::Make(Network network, WeightSource& weights,
                                               const SessionOptions& options) {
  auto impl = std::make_unique<Impl>(std::move(network), options);
  DLV_TRY(impl->Load(weights, options));
  return std::unique_ptr<Session>(new Session(std::move(impl)));
}

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::~Session() = default;

const Network& Session::network() const { return impl_->network(); }
kernels::Memory& Session::memory() const { return impl_->memory(); }
Result<std::vector<kernels::Value>> Session::Run(const std::vector<kernels::Value>& inputs,
                                                 const CancellationToken* cancel) const {
  return impl_->Run(inputs, cancel);
}
SessionReport Session::report() const { return impl_->report(); }

}  // namespace dlv::infer
