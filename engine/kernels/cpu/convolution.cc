// Convolution by oneDNN. The one file that sees its exceptions.

#include <exception>
#include <oneapi/dnnl/dnnl.hpp>

#include "engine/kernels/cpu/one_thread.h"
#include "engine/kernels/cpu/rows.h"
#include "engine/kernels/reference/convolution_operands.h"

namespace dlv::kernels {
namespace {

using dnnl::memory;

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

memory::desc PlainDesc(const memory::dims& dims) {
  return {dims, memory::data_type::f32, StridesOf(dims)};
}
memory::desc AnyDesc(const memory::dims& dims) {
  return {dims, memory::data_type::f32, memory::format_tag::any};
}

/// [groups, channels out / groups, channels in / groups, kernel...], or without groups.
memory::dims WeightDims(const Shape& weight, std::int64_t groups) {
  if (groups == 1) return weight;
  memory::dims dims = {groups, weight[0] / groups};
  dims.insert(dims.end(), weight.begin() + 1, weight.end());
  return dims;
}

/// What a primitive reads where it wants another order than ours.
memory Reordered(memory plain, const memory::desc& wanted, const dnnl::engine& engine,
                 dnnl::stream& stream) {
  if (plain.get_desc() == wanted) return plain;
  memory other(wanted, engine);
  dnnl::reorder(plain, other).execute(stream, plain, other);
  return other;
}

memory View(const memory::desc& desc, const dnnl::engine& engine, const std::byte* data) {
  return {desc, engine, const_cast<std::byte*>(data)};  // only read
}

void Convolve(const Call& call, const ConvOperands& conv, Value& out) {
  const OneThread one_thread;
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  const Shape& in = call.In(0).shape();
  const memory::dims weight_dims = WeightDims(call.In(1).shape(), conv.channels.groups);
  const memory::desc bias = call.Has(2) ? PlainDesc({conv.channels.out}) : memory::desc();
  const CpuWindow window = CpuWindowOf(conv.window, in.size() - 2);
  dnnl::primitive_attr attributes;
  attributes.set_fpmath_mode(dnnl::fpmath_mode::strict);
  const dnnl::convolution_forward::desc wanted(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, AnyDesc(in),
      AnyDesc(weight_dims), bias, AnyDesc(conv.out), window.strides, window.dilations,
      window.before, window.after);
  const dnnl::convolution_forward::primitive_desc chosen(wanted, attributes, engine);
  const memory x =
      Reordered(View(PlainDesc(in), engine, call.In(0).data()), chosen.src_desc(), engine, stream);
  const memory weight = Reordered(View(PlainDesc(weight_dims), engine, call.In(1).data()),
                                  chosen.weights_desc(), engine, stream);
  memory plain(PlainDesc(conv.out), engine, out.data());
  memory y = plain.get_desc() == chosen.dst_desc() ? plain : memory(chosen.dst_desc(), engine);
  std::unordered_map<int, memory> arguments = {
      {DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, weight}, {DNNL_ARG_DST, y}};
  if (call.Has(2)) arguments.emplace(DNNL_ARG_BIAS, View(bias, engine, call.In(2).data()));
  dnnl::convolution_forward(chosen).execute(stream, arguments);
  if (y.get() != plain.get()) dnnl::reorder(y, plain).execute(stream, y, plain);
  stream.wait();
}

Status CpuConv(Call& call) {
  DLV_ASSIGN(const ConvOperands conv, ReadConv(call));
  if (!CpuCanConvolve(call, conv)) {
    return FindKernel(Implementation::kReference, "", "Conv")(call);
  }
  DLV_TRY(call.CheckCancelled());
  DLV_ASSIGN(Value * out, call.Make(0, DType::kF32, conv.out));
  try {
    Convolve(call, conv, *out);
  } catch (const std::exception&) {  // a shape that it has no code for
    return FindKernel(Implementation::kReference, "", "Conv")(call);
  }
  return Ok();
}

constexpr KernelRow kCpuConvolutionKernels[] = {{"", "Conv", CpuConv}};

}  // namespace

std::span<const KernelRow> CpuConvolutionKernels() { return kCpuConvolutionKernels; }

}  // namespace dlv::kernels
