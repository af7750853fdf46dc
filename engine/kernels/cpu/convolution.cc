// Convolution by oneDNN, with what follows it: weights are packed once, in f32, after the scales of
// a normalisation are multiplied in; sums and activations are done while results are in registers.

#include <algorithm>

#include "engine/kernels/cpu/channel_affine.h"
#include "engine/kernels/cpu/post_ops.h"
#include "engine/kernels/cpu/rows.h"
#include "engine/kernels/reference/convolution_operands.h"

namespace dlv::kernels {
namespace {

/// The last `count` axes of a window, as oneDNN wants them.
struct CpuWindow {
  memory::dims strides, dilations, before, after;
};
CpuWindow CpuWindowOf(const Window& window, std::size_t count) {
  CpuWindow cpu;
  for (std::size_t i = window.size() - count; i < window.size(); ++i) {
    cpu.strides.push_back(window[i].stride);
    cpu.dilations.push_back(window[i].dilation - 1);
    cpu.before.push_back(window[i].before);
    cpu.after.push_back(window[i].after);
  }
  return cpu;
}

/// oneDNN has no cut-off borders and no empty values.
bool CpuCanConvolve(const Call& call, const ConvOperands& conv) {
  if (call.In(0).dtype() != DType::kF32 || CountOf(conv.out) == 0) return false;
  if (call.In(0).count() == 0 || call.In(1).count() == 0) return false;
  for (const WindowAxis& axis : conv.window) {
    if (axis.before < 0 || axis.after < 0) return false;
  }
  return true;
}

/// [groups, channels out / groups, channels in / groups, kernel...], or without groups.
memory::dims WeightDims(const Shape& weight, std::int64_t groups) {
  if (groups == 1) return weight;
  memory::dims dims = {groups, weight[0] / groups};
  dims.insert(dims.end(), weight.begin() + 1, weight.end());
  return dims;
}

/// What the followers do, as far as oneDNN can.
struct Tail {
  std::vector<ChannelAffine> affines;
  std::vector<std::optional<Activation>> ops;  ///< one a follower; nothing: another kind
  std::size_t sum = SIZE_MAX;                  ///< the follower that adds
  std::size_t count = 0;

  /// Whether the first `count` do more than scale and shift.
  bool HasOps(std::size_t taken) const { return taken > affines.size(); }
};

const Value* Addend(const Follower& follower) { return follower.operands[1 - follower.fed]; }

/// The scale and shift of a follower that has no other kind before it.
std::optional<ChannelAffine> AffineOf(const Follower& follower, const ConvOperands& conv,
                                      const Tail& tail) {
  if (tail.affines.size() + 1 != tail.ops.size()) return std::nullopt;
  return ReadAffine(follower, conv.channels.out, conv.out.size());
}

/// Whether the kernel can do the next follower too; adds it.
bool Extend(const Call& call, const Follower& follower, const ConvOperands& conv, Tail& tail) {
  tail.ops.emplace_back();
  if (auto affine = AffineOf(follower, conv, tail)) {
    tail.affines.push_back(std::move(*affine));
    return call.IsFixed(1) && (!call.Has(2) || call.IsFixed(2));
  }
  if (IsSum(*follower.node)) {
    const Value* addend = Addend(follower);
    if (tail.sum != SIZE_MAX || follower.is_fixed) return false;
    tail.sum = tail.ops.size() - 1;
    return addend != nullptr && addend->present() && addend->dtype() == DType::kF32 &&
           addend->shape() == conv.out;
  }
  tail.ops.back() = ReadActivation(*follower.node, OperandsOf(follower));
  return tail.ops.back().has_value() && call.all_finite();
}

Tail TailOf(const Call& call, const ConvOperands& conv) {
  Tail tail;
  for (const Follower& follower : call.followers()) {
    if (!Extend(call, follower, conv, tail)) break;
    ++tail.count;
  }
  return tail;
}

dnnl::primitive_attr AttributesOf(const Tail& tail, std::size_t count) {
  dnnl::post_ops ops;
  for (std::size_t i = 0; i < count; ++i) {
    if (i == tail.sum) ops.append_sum(1);
    if (tail.ops[i])
      ops.append_eltwise(1, tail.ops[i]->algorithm, tail.ops[i]->alpha, tail.ops[i]->beta);
  }
  dnnl::primitive_attr attributes = KeptAttributes();
  attributes.set_post_ops(ops);
  return attributes;
}

/// The shape of what a follower adds; decides with the input whether kept work fits.
Shape AddendShape(const Call& call) {
  for (const Follower& follower : call.followers()) {
    if (!IsSum(*follower.node) || follower.is_fixed) continue;
    const Value* addend = Addend(follower);
    return addend == nullptr || !addend->present() ? Shape() : addend->shape();
  }
  return {};
}

struct ConvWork : KeptWork {
  memory::desc input, src, weight_desc, bias_desc, dst, scratch;
  Shape addend;
  unsigned threads = 1;
  bool all_finite = false;
  std::size_t absorbed = 0;
  std::size_t affines = 0;  ///< that are in weights and bias
  std::size_t sum = SIZE_MAX;
  dnnl::convolution_forward primitive;
  Value weights, bias;  ///< not present where they are not fixed
  ConvOperands conv;
};

std::vector<float> Scaled(std::span<const float> weights,
                          const std::vector<ChannelAffine>& affines) {
  std::vector<float> scaled(weights.begin(), weights.end());
  if (affines.empty()) return scaled;
  const std::size_t each = scaled.size() / affines[0].scale.size();
  for (std::size_t i = 0; i < scaled.size(); ++i) {
    double value = scaled[i];
    for (const ChannelAffine& affine : affines) value *= affine.scale[i / each];
    scaled[i] = static_cast<float>(value);
  }
  return scaled;
}

std::vector<float> Shifted(const Value& bias, const std::vector<ChannelAffine>& affines) {
  std::vector<float> shifted(affines[0].shift.size());
  for (std::size_t i = 0; i < shifted.size(); ++i) {
    double value = bias.present() ? bias.As<float>()[i] : 0;
    for (const ChannelAffine& affine : affines) value = value * affine.scale[i] + affine.shift[i];
    shifted[i] = static_cast<float>(value);
  }
  return shifted;
}

Result<Value> Packed(const memory::desc& from, const std::vector<float>& elements,
                     const memory::desc& wanted, const Shape& shape, Memory& room) {
  DLV_ASSIGN(Value packed, MakeOrdered(room, shape, wanted));
  Reorder(View(from, reinterpret_cast<const std::byte*>(elements.data())),
          View(wanted, packed.data()));
  return packed;
}

/// Takes over what another batch size has packed in the same way. Returns whether there was any.
bool TakePacked(const Call& call, ConvWork& work) {
  if (call.state() == nullptr) return false;
  const auto other = call.state()->Find<ConvWork>([&](const ConvWork& kept) {
    return kept.affines == work.affines && kept.weight_desc == work.weight_desc;
  });
  if (other == nullptr) return false;
  work.weights = other->weights;
  work.bias = other->bias;
  return true;
}

/// Weights and bias in the order that the primitive wants, where they are fixed.
Status PackWeights(const Call& call, const Tail& tail, ConvWork& work) {
  const auto dims = WeightDims(call.In(1).shape(), work.conv.channels.groups);
  std::vector<ChannelAffine> affines = tail.affines;
  affines.resize(std::min({affines.size(), work.absorbed, tail.count}));
  work.affines = affines.size();
  if (TakePacked(call, work)) return Ok();
  if (call.IsFixed(1)) {
    const bool as_is = affines.empty() && work.weight_desc == PlainDesc(dims);
    work.weights = call.In(1);
    if (!as_is) {
      DLV_ASSIGN(work.weights, Packed(PlainDesc(dims), Scaled(call.In(1).As<float>(), affines),
                                      work.weight_desc, call.In(1).shape(), call.memory()));
    }
  }
  if (affines.empty()) return Ok();
  const Shape shape = {work.conv.channels.out};
  DLV_ASSIGN(work.bias, Packed(PlainDesc(shape), Shifted(call.In(2), affines), PlainDesc(shape),
                               shape, call.memory()));
  return Ok();
}

/// `order`: of what it reads and makes, for given dims.
dnnl::convolution_forward::primitive_desc ChooseIn(memory::desc (*order)(const memory::dims&),
                                                   const Call& call, const ConvOperands& conv,
                                                   const Tail& tail, std::size_t count) {
  const bool has_bias = call.Has(2) || (count > 0 && tail.count > 0 && !tail.affines.empty());
  const memory::desc bias = has_bias ? PlainDesc({conv.channels.out}) : memory::desc();
  const Shape& in = call.In(0).shape();
  const CpuWindow window = CpuWindowOf(conv.window, in.size() - 2);
  const dnnl::convolution_forward::desc wanted(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, order(in),
      AnyDesc(WeightDims(call.In(1).shape(), conv.channels.groups)), bias, order(conv.out),
      window.strides, window.dilations, window.before, window.after);
  return {wanted, AttributesOf(tail, count), CpuEngine()};
}

dnnl::convolution_forward::primitive_desc Choose(const Call& call, const ConvOperands& conv,
                                                 const Tail& tail, std::size_t count) {
  auto chosen = ChooseIn(AnyDesc, call, conv, tail, count);
  // Without code of its own for groups of 1 x 1, a product of matrices a group is twice as fast.
  const bool is_point = call.In(1).count() == call.In(1).shape()[0] * call.In(1).shape()[1];
  if (is_point && conv.channels.groups > 1 && chosen.impl_info_str() == std::string("jit:avx2")) {
    chosen = ChooseIn(PlainDesc, call, conv, tail, count);
  }
  return chosen;
}

/// Convolutions by products of whole matrices add and activate element by element afterwards, at
/// several times the cost of a node of its own.
bool EndsSlowly(const dnnl::convolution_forward::primitive_desc& chosen) {
  return std::string_view(chosen.impl_info_str()).find("gemm") != std::string_view::npos;
}

/// The primitive that takes most of the followers along without being a slow one; else, whatever
/// there is for the convolution alone.
std::shared_ptr<const ConvWork> MakeConvWork(const Call& call, const ConvOperands& conv) {
  const Tail tail = TailOf(call, conv);
  auto work = std::make_shared<ConvWork>();
  for (std::size_t count = tail.count + 1; count-- > 0;) {
    const bool fits = Tried([&] {
      const auto chosen = Choose(call, conv, tail, count);
      if (count > 0 && (IsSlow(chosen) || (tail.HasOps(count) && EndsSlowly(chosen)))) return;
      work->src = chosen.src_desc();
      work->weight_desc = chosen.weights_desc();
      work->bias_desc = chosen.bias_desc();
      work->dst = chosen.dst_desc();
      work->scratch = chosen.scratchpad_desc();
      work->primitive = dnnl::convolution_forward(chosen);
    });
    if (!fits || !work->primitive) continue;
    work->input = DescOf(call.In(0));
    work->addend = AddendShape(call);
    work->threads = call.threads();
    work->all_finite = call.all_finite();
    work->absorbed = count;
    work->sum = tail.sum < count ? tail.sum : SIZE_MAX;
    work->conv = conv;
    return PackWeights(call, tail, *work).ok() ? work : nullptr;
  }
  return nullptr;
}

bool Fits(const Call& call, const ConvWork& work) {
  return work.threads == call.threads() && work.all_finite == call.all_finite() &&
         work.input == DescOf(call.In(0)) && work.addend == AddendShape(call);
}

/// Where the result goes: over what is added to it, or a copy of that, or new room.
Status MakeResult(Call& call, const ConvWork& work) {
  if (work.sum == SIZE_MAX) {
    DLV_TRY(MakeOutput(call, work.conv.out, work.dst));
    return Ok();
  }
  const Follower& follower = call.followers()[work.sum];
  const Value* addend = Addend(follower);
  if (addend == follower.spare && addend->is_only_copy() && DescOf(*addend) == work.dst) {
    call.Share(0, std::move(*follower.spare));
    return Ok();
  }
  DLV_ASSIGN(Value * out, MakeOutput(call, work.conv.out, work.dst));
  Reorder(View(*addend), View(work.dst, out->data()));
  return Ok();
}

Status Convolve(Call& call, const ConvWork& work) {
  DLV_ASSIGN(const Value x, Reordered(call.In(0), work.src, call.memory()));
  Value weights = work.weights;
  if (!weights.present()) {
    DLV_ASSIGN(weights, MakeOrdered(call.memory(), call.In(1).shape(), work.weight_desc));
    const auto plain = PlainDesc(WeightDims(call.In(1).shape(), work.conv.channels.groups));
    Reorder(View(plain, call.In(1).data()), View(work.weight_desc, weights.data()));
  }
  DLV_TRY(MakeResult(call, work));
  Arguments arguments = {{DNNL_ARG_SRC, View(work.src, x.data())},
                         {DNNL_ARG_WEIGHTS, View(work.weight_desc, weights.data())},
                         {DNNL_ARG_DST, View(work.dst, call.outputs()[0].data())}};
  const Value& bias = work.bias.present() ? work.bias : call.In(2);
  if (bias.present()) arguments.emplace(DNNL_ARG_BIAS, View(work.bias_desc, bias.data()));
  DLV_TRY(Execute(work.primitive, work.scratch, std::move(arguments), call.memory()));
  call.Absorb(work.absorbed);
  return Ok();
}

std::int64_t Channels(const Call& call) {
  return call.In(0).rank() < 2 ? 1 : call.In(0).shape()[1];
}

Status CpuConv(Call& call) {
  DLV_TRY(call.CheckCancelled());
  DLV_TRY(call.MakePlain(1));  // weights and bias, where they are computed at each run
  const std::int64_t plane =
      CountOf(call.In(0).shape()) / std::max<std::int64_t>(Channels(call), 1);
  const ThreadCount threads(ThreadsFor(call, plane * call.In(1).count()));
  const auto work = KeptOrMade<ConvWork>(
      call, [&](const ConvWork& kept) { return Fits(call, kept); },
      [&]() -> std::shared_ptr<const ConvWork> {
        const auto conv = ReadConv(call);
        return conv.ok() && CpuCanConvolve(call, *conv) ? MakeConvWork(call, *conv) : nullptr;
      });
  if (work == nullptr) return RunReference(call);
  Status status = Ok();
  if (!Tried([&] { status = Convolve(call, *work); })) return RunReference(call);
  return status;
}

constexpr KernelRow kCpuConvolutionKernels[] = {{"", "Conv", CpuConv, true, true}};

}  // namespace

std::span<const KernelRow> CpuConvolutionKernels() { return kCpuConvolutionKernels; }

}  // namespace dlv::kernels
