// Convolution by oneDNN, with what follows it: weights are packed once, in f32, after the scales of
// a normalisation are multiplied in; sums and activations are done while results are in registers.

#include <algorithm>

#include "engine/kernels/cpu/plane_convolution.h"
#include "engine/kernels/cpu/rows.h"

namespace dlv::kernels {
namespace {

/// Channels of a block with AVX-512.
constexpr std::int64_t kChannelBlock = 16;

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

dnnl::primitive_attr AttributesOf(const ConvolutionTail& tail, std::size_t count) {
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

struct ConvWork : ConvolutionWork {
  memory::desc src, weight_desc, bias_desc, dst;
  std::size_t affines = 0;  ///< that are in weights and bias
  std::size_t sum = SIZE_MAX;
  KeptPrimitive primitive;
  Value weights, bias;  ///< not present where they are not fixed

  Status Convolve(Call& call) const override;
};

Result<Value> Packed(const memory::desc& from, const std::vector<float>& elements,
                     const memory::desc& wanted, const Shape& shape, Memory& room) {
  DLV_ASSIGN(Value packed, MakeOrdered(room, shape, wanted));
  DLV_TRY(Reorder(from, reinterpret_cast<const std::byte*>(elements.data()), wanted, packed.data(),
                  room));
  return packed;
}

/// Takes over what another batch size has packed in the same way. Returns whether there was any.
bool TakePacked(const Call& call, ConvWork& work) {
  if (call.state() == nullptr) return false;
  const ConvWork* other = nullptr;
  const auto holder = call.state()->Find<ConvolutionWork>([&](const ConvolutionWork& kept) {
    other = dynamic_cast<const ConvWork*>(&kept);
    return other != nullptr && other->affines == work.affines &&
           other->weight_desc == work.weight_desc;
  });
  if (holder == nullptr) return false;
  work.weights = other->weights;
  work.bias = other->bias;
  return true;
}

/// Weights and bias in the order that the primitive wants, where they are fixed.
Status PackWeights(const Call& call, const ConvolutionTail& tail, ConvWork& work) {
  const auto dims = WeightDims(call.In(1).shape(), work.conv.channels.groups);
  const std::vector<ChannelAffine> affines = tail.AffinesOf(work.absorbed);
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

/// `src`, `dst`: the orders of what it reads and makes, or any.
dnnl::convolution_forward::primitive_desc ChooseIn(const memory::desc& src, const memory::desc& dst,
                                                   const Call& call, const ConvOperands& conv,
                                                   const ConvolutionTail& tail, std::size_t count) {
  const bool has_bias = call.Has(2) || (count > 0 && tail.count > 0 && !tail.affines.empty());
  const memory::desc bias = has_bias ? PlainDesc({conv.channels.out}) : memory::desc();
  const CpuWindow window = CpuWindowOf(conv.window, conv.out.size() - 2);
  const dnnl::convolution_forward::desc wanted(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, src,
      AnyDesc(WeightDims(call.In(1).shape(), conv.channels.groups)), bias, dst, window.strides,
      window.dilations, window.before, window.after);
  return {wanted, AttributesOf(tail, count), CpuEngine()};
}

/// Pictures, for which there is code of their own.
bool ReadsColours(const ConvOperands& conv) { return conv.channels.in <= 4; }

/// Images whose channels fill blocks.
bool FillsBlocks(const ConvOperands& conv) {
  return conv.out.size() == 4 && conv.channels.out % kChannelBlock == 0 &&
         (conv.channels.in % kChannelBlock == 0 || ReadsColours(conv));
}

/// What oneDNN chooses. With AVX-512 it rather has channels last; in blocks convolutions are as
/// fast or faster, and what is put together from several values is one piece of memory each.
dnnl::convolution_forward::primitive_desc Choose(const Call& call, const ConvOperands& conv,
                                                 const ConvolutionTail& tail, std::size_t count) {
  using tag = memory::format_tag;
  const Shape& in = call.In(0).shape();
  auto chosen = ChooseIn(AnyDesc(in), AnyDesc(conv.out), call, conv, tail, count);
  const memory::data_type f32 = memory::data_type::f32;
  if (!FillsBlocks(conv) || chosen.dst_desc() != memory::desc(conv.out, f32, tag::nhwc)) {
    return chosen;
  }
  Tried([&] {
    const memory::desc src = ReadsColours(conv) ? AnyDesc(in) : memory::desc(in, f32, tag::nChw16c);
    const memory::desc dst(conv.out, f32, tag::nChw16c);
    auto in_blocks = ChooseIn(src, dst, call, conv, tail, count);
    if (std::string_view(in_blocks.impl_info_str()).starts_with("jit")) chosen = in_blocks;
  });
  return chosen;
}

/// Convolutions by products of whole matrices add and activate element by element afterwards, at
/// several times the cost of a node of its own.
bool EndsSlowly(const dnnl::convolution_forward::primitive_desc& chosen) {
  return std::string_view(chosen.impl_info_str()).find("gemm") != std::string_view::npos;
}

/// The primitive that takes most of the followers along without being a slow one; else, whatever
/// there is for the convolution alone.
std::shared_ptr<ConvolutionWork> MakeConvWork(const Call& call, const ConvOperands& conv,
                                              const ConvolutionTail& tail) {
  auto work = std::make_shared<ConvWork>();
  for (std::size_t count = tail.count + 1; count-- > 0;) {
    const bool fits = Tried([&] {
      const auto chosen = Choose(call, conv, tail, count);
      if (count > 0 && (IsSlow(chosen) || (tail.HasOps(count) && EndsSlowly(chosen)))) return;
      work->src = chosen.src_desc();
      work->weight_desc = chosen.weights_desc();
      work->bias_desc = chosen.bias_desc();
      work->dst = chosen.dst_desc();
      work->primitive = KeptPrimitive(dnnl::convolution_forward(chosen), chosen);
    });
    if (!fits || !work->primitive) continue;
    work->absorbed = count;
    work->sum = tail.sum < count ? tail.sum : SIZE_MAX;
    work->conv = conv;
    return PackWeights(call, tail, *work).ok() ? work : nullptr;
  }
  return nullptr;
}

/// On whole planes, where that is better; else by oneDNN.
std::shared_ptr<const ConvolutionWork> MakeWork(const Call& call) {
  const auto conv = ReadConv(call);
  if (!conv.ok() || !CpuCanConvolve(call, *conv)) return nullptr;
  const ConvolutionTail tail = ReadConvolutionTail(call, *conv);
  std::shared_ptr<ConvolutionWork> work = MakePlaneConvolution(call, *conv, tail);
  if (work == nullptr) work = MakeConvWork(call, *conv, tail);
  if (work != nullptr) work->fit = FitOf(call);
  return work;
}

/// Where the result goes: over what is added to it, or a copy of that, or new room.
Status MakeResult(Call& call, const ConvWork& work) {
  if (work.sum == SIZE_MAX) {
    DLV_TRY(MakeOutput(call, work.conv.out, work.dst));
    return Ok();
  }
  const Follower& follower = call.followers()[work.sum];
  const Value* addend = Addend(follower);
  const memory::desc order = DescOf(*addend);
  if (addend == follower.spare && addend->is_only_copy() && order == work.dst) {
    call.Share(0, std::move(*follower.spare));
    return Ok();
  }
  DLV_ASSIGN(Value * out, MakeOutput(call, work.conv.out, work.dst));
  return Reorder(order, addend->data(), work.dst, out->data(), call.memory());
}

Status ConvWork::Convolve(Call& call) const {
  DLV_ASSIGN(const Value x, Reordered(call.In(0), src, call.memory()));
  Value packed = weights;
  if (!packed.present()) {
    DLV_ASSIGN(packed, MakeOrdered(call.memory(), call.In(1).shape(), weight_desc));
    const auto plain = PlainDesc(WeightDims(call.In(1).shape(), conv.channels.groups));
    DLV_TRY(Reorder(plain, call.In(1).data(), weight_desc, packed.data(), call.memory()));
  }
  call.Absorb(absorbed);
  DLV_TRY(MakeResult(call, *this));
  const Value& summand = bias.present() ? bias : call.In(2);
  return primitive.Run({{DNNL_ARG_SRC, src, x.data()},
                        {DNNL_ARG_WEIGHTS, weight_desc, packed.data()},
                        {DNNL_ARG_BIAS, bias_desc, summand.data()},
                        {DNNL_ARG_DST, dst, call.outputs()[0].data()}},
                       call.memory());
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
  const auto work = KeptOrMade<ConvolutionWork>(
      call, [&](const ConvolutionWork& kept) { return kept.fit == FitOf(call); },
      [&] { return MakeWork(call); });
  if (work == nullptr) return RunReference(call);
  Status status = Ok();
  if (!Tried([&] { status = work->Convolve(call); })) return RunReference(call);
  return status;
}

constexpr KernelRow kCpuConvolutionKernels[] = {{"", "Conv", CpuConv, true, true}};

}  // namespace

std::span<const KernelRow> CpuConvolutionKernels() { return kCpuConvolutionKernels; }

}  // namespace dlv::kernels
