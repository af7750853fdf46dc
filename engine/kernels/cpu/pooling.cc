// MaxPool, AveragePool and GlobalAveragePool in the order that their input has: images by our own
// loops, what these cannot by oneDNN.

#include <algorithm>

#include "engine/kernels/cpu/onednn.h"
#include "engine/kernels/cpu/parallel.h"
#include "engine/kernels/cpu/plane_kernels.h"
#include "engine/kernels/cpu/rows.h"
#include "engine/kernels/reference/pooling_operands.h"

namespace dlv::kernels {
namespace {

struct PoolWork : KeptWork {
  memory::desc input, src, dst;
  unsigned threads = 1;
  KeptPrimitive primitive;
  Shape out;
  const PlaneKernels* loops = nullptr;  ///< null: by the primitive
  PoolPlanes planes;                    ///< for all planes, without places in memory
};

struct PoolWindow {
  memory::dims strides, kernel, before, after;
};

/// Padding behind the end as far as windows reach, which may be more than the node says
/// (ceil_mode). Nothing where oneDNN cannot: a window of padding alone, dilation, an average that
/// counts part of the padding.
std::optional<PoolWindow> WindowOf(const Window& window, std::size_t count, bool counts_padding) {
  PoolWindow cpu;
  for (std::size_t i = window.size() - count; i < window.size(); ++i) {
    const WindowAxis& axis = window[i];
    const std::int64_t reach = axis.Begin(axis.out - 1) + axis.extent() - axis.in;
    const std::int64_t after = std::max<std::int64_t>(reach, 0);
    const bool beyond = counts_padding && after > axis.after;
    if (axis.dilation != 1 || axis.before < 0 || axis.after < 0 || beyond) return std::nullopt;
    if (axis.before >= axis.kernel || after >= axis.kernel) return std::nullopt;
    cpu.strides.push_back(axis.stride);
    cpu.kernel.push_back(axis.kernel);
    cpu.before.push_back(axis.before);
    cpu.after.push_back(after);
  }
  return cpu;
}

PoolWindow WholeWindow(const Shape& in) {
  const memory::dims sizes(in.begin() + 2, in.end());
  return {memory::dims(sizes.size(), 1), sizes, memory::dims(sizes.size(), 0),
          memory::dims(sizes.size(), 0)};
}

/// Null where oneDNN has no fast code for values in that order.
std::shared_ptr<PoolWork> MakeInOrder(const memory::desc& src, const Shape& out,
                                      const PoolWindow& window, dnnl::algorithm algorithm) {
  const dnnl::pooling_forward::desc wanted(dnnl::prop_kind::forward_inference, algorithm, src,
                                           AnyDesc(out), window.strides, window.kernel,
                                           window.before, window.after);
  const dnnl::pooling_forward::primitive_desc chosen(wanted, KeptAttributes(), CpuEngine());
  if (IsSlow(chosen)) return nullptr;
  auto work = std::make_shared<PoolWork>();
  work->src = chosen.src_desc();
  work->dst = chosen.dst_desc();
  work->primitive = KeptPrimitive(dnnl::pooling_forward(chosen), chosen);
  return work;
}

/// By our own loops, or null.
std::shared_ptr<PoolWork> MakeLoops(const Value& in, const Shape& out, const PoolWindow& window,
                                    dnnl::algorithm algorithm) {
  const auto order = NamedOrderOf(in);
  if (in.rank() != 4 || !(in.is_plain() || order)) return nullptr;
  if (in.is_plain() && window.kernel[1] > kMostKernelWidth) return nullptr;
  const Shape& shape = in.shape();
  auto work = std::make_shared<PoolWork>();
  PoolPlanes& planes = work->planes;
  planes.inner = order ? order->block : 1;
  work->loops = order ? BestPlaneKernels(planes.inner) : &BestPlaneKernels();
  if (work->loops == nullptr) return nullptr;
  planes.count = shape[0] * ((shape[1] + planes.inner - 1) / planes.inner);
  planes.is_max = algorithm == dnnl::algorithm::pooling_max;
  planes.counts_padding = algorithm == dnnl::algorithm::pooling_avg_include_padding;
  planes.window.in_height = shape[2];
  planes.window.in_width = shape[3];
  planes.window.out_height = out[2];
  planes.window.out_width = out[3];
  planes.window.kernel_height = window.kernel[0];
  planes.window.kernel_width = window.kernel[1];
  planes.window.stride_height = window.strides[0];
  planes.window.stride_width = window.strides[1];
  planes.window.top = window.before[0];
  planes.window.left = window.before[1];
  if (in.is_plain() && !IsCompact(planes.window)) return nullptr;
  work->src = DescOf(in);
  work->dst = order ? memory::desc(out, memory::data_type::f32, order->tag) : PlainDesc(out);
  return work;
}

/// In the order that the input has; images in C order rather in blocks of channels, for which there
/// is better code.
std::shared_ptr<const PoolWork> MakePoolWork(const Call& call, const Shape& out,
                                             const PoolWindow& window, dnnl::algorithm algorithm) {
  const Value& in = call.In(0);
  std::shared_ptr<PoolWork> work = MakeLoops(in, out, window, algorithm);
  for (const auto tag : {memory::format_tag::nChw16c, memory::format_tag::nChw8c}) {
    if (work != nullptr || !in.is_plain() || in.rank() != 4 || in.shape()[1] < 8) continue;
    Tried([&] {
      const memory::desc src(in.shape(), memory::data_type::f32, tag);
      work = MakeInOrder(src, out, window, algorithm);
    });
  }
  if (work == nullptr) work = MakeInOrder(DescOf(in), out, window, algorithm);
  if (work == nullptr) return nullptr;
  work->input = DescOf(in);
  work->threads = call.threads();
  work->out = out;
  return work;
}

Status RunLoops(Call& call, const PoolWork& work) {
  constexpr std::int64_t kAtOnce = 4;  // planes or blocks
  const PlaneWindow& window = work.planes.window;
  const unsigned threads = ThreadsFor(call, 16 * call.In(0).count());
  const std::int64_t each = PoolRoom(window, work.planes.inner);
  DLV_ASSIGN(Value room, call.memory().Make(DType::kF32, {threads, each}));
  DLV_ASSIGN(Value * out, MakeOutput(call, work.out, work.dst));
  const auto* const x = reinterpret_cast<const float*>(call.In(0).data());
  auto* const y = reinterpret_cast<float*>(out->data());
  const std::int64_t parts = (work.planes.count + kAtOnce - 1) / kAtOnce;
  RunParts(threads, parts, [&](std::int64_t part, unsigned worker) {
    const std::int64_t first = part * kAtOnce;
    PoolPlanes some = work.planes;
    some.count = std::min(kAtOnce, work.planes.count - first);
    some.x = x + first * window.in_height * window.in_width * some.inner;
    some.y = y + first * window.out_height * window.out_width * some.inner;
    some.room = room.As<float>().data() + worker * each;
    work.loops->pool(some);
  });
  return Ok();
}

Status Execute(Call& call, const PoolWork& work) {
  if (work.loops != nullptr) return RunLoops(call, work);
  Status status = Ok();
  const bool done = Tried([&] {
    status = [&]() -> Status {
      DLV_ASSIGN(const Value in, Reordered(call.In(0), work.src, call.memory()));
      DLV_ASSIGN(const Value* out, MakeOutput(call, work.out, work.dst));
      return work.primitive.Run(
          {{DNNL_ARG_SRC, work.src, in.data()}, {DNNL_ARG_DST, work.dst, out->data()}},
          call.memory());
    }();
  });
  return done ? status : RunReference(call);
}

template <class ReadOperands>
Status RunPool(Call& call, dnnl::algorithm algorithm, ReadOperands&& read) {
  DLV_TRY(call.CheckCancelled());
  if (call.In(0).dtype() != DType::kF32 || call.In(0).count() == 0) return RunReference(call);
  const ThreadCount threads(ThreadsFor(call, 16 * call.In(0).count()));
  const auto work = KeptOrMade<PoolWork>(
      call,
      [&](const PoolWork& kept) {
        return kept.threads == call.threads() && kept.input == DescOf(call.In(0));
      },
      [&]() -> std::shared_ptr<const PoolWork> {
        std::optional<PoolWindow> window;
        const Result<Shape> out = read(window);
        if (!out.ok() || !window || CountOf(*out) == 0) return nullptr;
        return MakePoolWork(call, *out, *window, algorithm);
      });
  return work == nullptr ? RunReference(call) : Execute(call, *work);
}

Status RunWindow(Call& call, dnnl::algorithm algorithm, bool counts_padding) {
  return RunPool(call, algorithm, [&](std::optional<PoolWindow>& window) -> Result<Shape> {
    DLV_ASSIGN(const PoolOperands pool, ReadPool(call));
    window = WindowOf(pool.window, call.In(0).rank() - 2, counts_padding);
    return pool.out;
  });
}

/// oneDNN's maximum loses NaN.
Status CpuMaxPool(Call& call) {
  if (!call.all_finite() || call.output_count() > 1) return RunReference(call);
  return RunWindow(call, dnnl::algorithm::pooling_max, false);
}

/// Without padding both ways to count are one, also where windows reach beyond the end.
Status CpuAveragePool(Call& call) {
  const Wholes pads = call.List("pads").value_or(Wholes());
  const bool has_padding = std::ranges::any_of(pads, [](std::int64_t pad) { return pad != 0; }) ||
                           call.Text("auto_pad", "").starts_with("SAME");
  const bool counts = call.Flag("count_include_pad") && has_padding;
  return RunWindow(call,
                   counts ? dnnl::algorithm::pooling_avg_include_padding
                          : dnnl::algorithm::pooling_avg_exclude_padding,
                   counts);
}

Status CpuGlobalAveragePool(Call& call) {
  return RunPool(call, dnnl::algorithm::pooling_avg_exclude_padding,
                 [&](std::optional<PoolWindow>& window) -> Result<Shape> {
                   DLV_ASSIGN(const PoolOperands pool, ReadGlobalPool(call));
                   window = WholeWindow(call.In(0).shape());
                   return pool.out;
                 });
}

constexpr KernelRow kCpuPoolingKernels[] = {
    {"", "AveragePool", CpuAveragePool, true},
    {"", "GlobalAveragePool", CpuGlobalAveragePool, true},
    {"", "MaxPool", CpuMaxPool, true},
};

}  // namespace

std::span<const KernelRow> CpuPoolingKernels() { return kCpuPoolingKernels; }

}  // namespace dlv::kernels
