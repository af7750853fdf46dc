// Functions of one element, and sums and products of two values, by oneDNN, in any order; powers.

#include <cmath>

#include "engine/kernels/cpu/post_ops.h"
#include "engine/kernels/cpu/rows.h"

namespace dlv::kernels {
namespace {

// ---- one element ---------------------------------------------------------------------------

struct UnaryWork : KeptWork {
  memory::desc desc;
  unsigned threads = 1;
  float alpha = 0, beta = 0;
  KeptPrimitive primitive;
};

std::shared_ptr<const UnaryWork> MakeUnaryWork(const Call& call, const Activation& activation) {
  auto work = std::make_shared<UnaryWork>();
  work->desc = DescOf(call.In(0));
  work->threads = call.threads();
  work->alpha = activation.alpha;
  work->beta = activation.beta;
  const dnnl::eltwise_forward::desc wanted(dnnl::prop_kind::forward_inference, activation.algorithm,
                                           work->desc, activation.alpha, activation.beta);
  const dnnl::eltwise_forward::primitive_desc chosen(wanted, KeptAttributes(), CpuEngine());
  if (IsSlow(chosen)) return nullptr;
  work->primitive = KeptPrimitive(dnnl::eltwise_forward(chosen), chosen);
  return work;
}

/// oneDNN's functions lose NaN.
Status CpuUnary(Call& call) {
  if (call.In(0).dtype() != DType::kF32 || call.In(0).count() == 0 || !call.all_finite()) {
    return RunReference(call);
  }
  const auto activation = ReadActivation(
      call.node(), [&](std::size_t i) { return call.Has(i) ? &call.In(i) : nullptr; });
  if (!activation) return RunReference(call);
  if (!activation->keeps_zero) DLV_TRY(call.MakePlain());
  const ThreadCount threads(ThreadsFor(call, 16 * call.In(0).count()));
  const auto work = KeptOrMade<UnaryWork>(
      call,
      [&](const UnaryWork& kept) {
        return kept.threads == call.threads() && kept.desc == DescOf(call.In(0)) &&
               kept.alpha == activation->alpha && kept.beta == activation->beta;
      },
      [&] { return MakeUnaryWork(call, *activation); });
  if (work == nullptr) return RunReference(call);
  DLV_ASSIGN(const Value* out, MakeOutput(call, call.In(0).shape(), work->desc));
  Status status = Ok();
  const bool done = Tried([&] {
    status = work->primitive.Run(
        {{DNNL_ARG_SRC, work->desc, call.In(0).data()}, {DNNL_ARG_DST, work->desc, out->data()}},
        call.memory());
  });
  return done ? status : RunReference(call);
}

// ---- two values ----------------------------------------------------------------------------

struct BinaryWork : KeptWork {
  memory::desc first, second, dst;
  unsigned threads = 1;
  bool all_finite = false;
  std::size_t absorbed = 0;
  KeptPrimitive primitive;
};

std::optional<dnnl::algorithm> BinaryAlgorithm(std::string_view op) {
  if (op == "Add" || op == "Sum") return dnnl::algorithm::binary_add;
  if (op == "Mul") return dnnl::algorithm::binary_mul;
  if (op == "Sub") return dnnl::algorithm::binary_sub;
  if (op == "Div") return dnnl::algorithm::binary_div;
  return std::nullopt;
}

/// The operands as oneDNN wants them: as many axes, the second one broadcast to the first.
struct BinaryOperands {
  Value first, second;
  memory::desc second_desc;
};

/// Nothing where it is the first that repeats.
std::optional<BinaryOperands> Arranged(const Value& first, const Value& second) {
  if (BroadcastShape(first.shape(), second.shape()) != first.shape()) return std::nullopt;
  if (second.rank() == first.rank()) return BinaryOperands{first, second, DescOf(second)};
  if (!second.is_plain()) return std::nullopt;
  Shape longer(first.rank() - second.rank(), 1);
  longer.insert(longer.end(), second.shape().begin(), second.shape().end());
  return BinaryOperands{first, second, PlainDesc(longer)};
}

Result<std::optional<BinaryOperands>> Arrange(Call& call) {
  const bool swaps = call.node().op == "Add" || call.node().op == "Sum" || call.node().op == "Mul";
  auto operands = Arranged(call.In(0), call.In(1));
  if (!operands && swaps) operands = Arranged(call.In(1), call.In(0));
  if (!operands || operands->first.rank() == 0 ||
      operands->first.shape() != operands->second.shape()) {
    return operands;
  }
  // Both whole: one order for both, rather the fast one.
  const Value& leader = operands->first.is_plain() ? operands->second : operands->first;
  const memory::desc order = DescOf(leader);
  DLV_ASSIGN(operands->first, Reordered(operands->first, order, call.memory()));
  DLV_ASSIGN(operands->second, Reordered(operands->second, order, call.memory()));
  operands->second_desc = order;
  return operands;
}

std::shared_ptr<const BinaryWork> MakeBinaryWork(const Call& call, const BinaryOperands& operands,
                                                 dnnl::algorithm algorithm) {
  dnnl::post_ops ops;
  auto work = std::make_shared<BinaryWork>();
  for (const Follower& follower : call.followers()) {
    const auto activation = ReadActivation(*follower.node, OperandsOf(follower));
    if (!activation || !call.all_finite()) break;
    if (!activation->keeps_zero && !operands.first.is_plain()) break;
    ops.append_eltwise(1, activation->algorithm, activation->alpha, activation->beta);
    ++work->absorbed;
  }
  dnnl::primitive_attr attributes = KeptAttributes();
  attributes.set_post_ops(ops);
  work->first = work->dst = DescOf(operands.first);
  work->second = operands.second_desc;
  work->threads = call.threads();
  work->all_finite = call.all_finite();
  const dnnl::binary::desc wanted(algorithm, work->first, work->second, work->dst);
  const dnnl::binary::primitive_desc chosen(wanted, attributes, CpuEngine());
  if (IsSlow(chosen)) return nullptr;
  work->primitive = KeptPrimitive(dnnl::binary(chosen), chosen);
  return work;
}

Status CpuBinary(Call& call) {
  const bool simple = call.input_count() == 2 && call.Has(0) && call.Has(1) &&
                      call.In(0).dtype() == DType::kF32 && call.In(1).dtype() == DType::kF32 &&
                      call.In(0).count() > 0 && call.In(1).count() > 0;
  const auto algorithm = BinaryAlgorithm(call.node().op);
  if (!simple || !algorithm) return RunReference(call);
  DLV_TRY(call.CheckCancelled());
  std::optional<BinaryOperands> operands;
  Tried([&] {
    auto arranged = Arrange(call);
    if (arranged.ok()) operands = std::move(*arranged);
  });
  // Room between elements is not divided by, nor given anything else than zero.
  const bool gaps = operands && !operands->first.is_plain();
  if (!operands || operands->first.rank() == 0 || (gaps && call.node().op == "Div")) {
    return RunReference(call);
  }
  const ThreadCount threads(ThreadsFor(call, 16 * operands->first.count()));
  const auto work = KeptOrMade<BinaryWork>(
      call,
      [&](const BinaryWork& kept) {
        return kept.threads == call.threads() && kept.all_finite == call.all_finite() &&
               kept.first == DescOf(operands->first) && kept.second == operands->second_desc;
      },
      [&] { return MakeBinaryWork(call, *operands, *algorithm); });
  if (work == nullptr) return RunReference(call);
  DLV_ASSIGN(const Value* out, MakeOutput(call, operands->first.shape(), work->dst));
  Status status = Ok();
  const bool done = Tried([&] {
    status = work->primitive.Run({{DNNL_ARG_SRC_0, work->first, operands->first.data()},
                                  {DNNL_ARG_SRC_1, work->second, operands->second.data()},
                                  {DNNL_ARG_DST, work->dst, out->data()}},
                                 call.memory());
  });
  if (!done) return RunReference(call);
  call.Absorb(work->absorbed);
  return status;
}

// ---- powers --------------------------------------------------------------------------------

/// y = x^power. Shapes: x, y [count].
void PowerOf(const float* x, float power, std::int64_t count, float* y) {
  if (power == 0.5F) {
    for (std::int64_t i = 0; i < count; ++i) y[i] = std::sqrt(x[i]);
  } else if (power == 0.75F) {  // of local response normalisation
    for (std::int64_t i = 0; i < count; ++i) y[i] = std::sqrt(x[i]) * std::sqrt(std::sqrt(x[i]));
  } else if (power == 2) {
    for (std::int64_t i = 0; i < count; ++i) y[i] = x[i] * x[i];
  } else {
    for (std::int64_t i = 0; i < count; ++i) y[i] = std::pow(x[i], power);
  }
}

/// One exponent for all elements; others are the reference's.
Status CpuPow(Call& call) {
  DLV_TRY(call.Want(2));
  const Value &in = call.In(0), &power = call.In(1);
  if (in.dtype() != DType::kF32 || power.dtype() != DType::kF32 || power.count() != 1 ||
      power.rank() > in.rank() || !call.all_finite()) {
    return RunReference(call);
  }
  DLV_ASSIGN(Value * out, call.Make(0, DType::kF32, in.shape()));
  PowerOf(in.As<float>().data(), power.As<float>()[0], in.count(), out->As<float>().data());
  return Ok();
}

constexpr KernelRow kCpuElementKernels[] = {
    {"", "Add", CpuBinary, true},
    {"", "Clip", CpuUnary, true},
    {"", "Div", CpuBinary, true},
    {"", "Elu", CpuUnary, true},
    {"", "Exp", CpuUnary, true},
    {"", "HardSwish", CpuUnary, true},
    {"", "LeakyRelu", CpuUnary, true},
    {"", "Mul", CpuBinary, true},
    {"", "Pow", CpuPow},
    {"", "Relu", CpuUnary, true},
    {"", "Sigmoid", CpuUnary, true},
    {"", "Sub", CpuBinary, true},
    {"", "Sum", CpuBinary, true},
    {"", "Tanh", CpuUnary, true},
};

}  // namespace

std::span<const KernelRow> CpuElementKernels() { return kCpuElementKernels; }

}  // namespace dlv::kernels
