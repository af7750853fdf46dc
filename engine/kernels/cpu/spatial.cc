// Pad with zeros and Resize to the nearest place, in the order that their input has; Softmax over
// the last axis by oneDNN.

#include <cstring>

#include "engine/kernels/cpu/onednn.h"
#include "engine/kernels/cpu/rows.h"
#include "engine/kernels/reference/pad_operands.h"
#include "engine/kernels/reference/resize_operands.h"
#include "engine/kernels/reference/softmax_axis.h"

namespace dlv::kernels {
namespace {

bool IsFixedBehind(const Call& call, std::size_t first) {
  for (std::size_t i = first; i < call.input_count(); ++i) {
    if (call.Has(i) && !call.IsFixed(i)) return false;
  }
  return true;
}

// ---- Pad -----------------------------------------------------------------------------------

struct PadWork : KeptWork {
  memory::desc input, dst, inner;
  unsigned threads = 1;
  Shape out;
  KeptPrimitive reorder;
};

bool FillsWithZeros(const Call& call) {
  const auto filler = ReadFiller(call, DType::kF32);
  return call.Text("mode", "constant") == "constant" && filler.ok() && filler->As<float>()[0] == 0;
}

/// Null where channels or the batch are padded, or anything is cut off.
std::shared_ptr<const PadWork> MakePadWork(const Call& call, const NamedOrder& order) {
  const Value& in = call.In(0);
  const auto pads = ReadPads(call, in.rank());
  if (!pads.ok() || !FillsWithZeros(call)) return nullptr;
  for (std::size_t i = 0; i < in.rank(); ++i) {
    if (pads->before[i] < 0 || pads->after[i] < 0) return nullptr;
    if (i < 2 && (pads->before[i] != 0 || pads->after[i] != 0)) return nullptr;
  }
  const auto out = PaddedShape(call, *pads, in.shape());
  if (!out.ok()) return nullptr;
  auto work = std::make_shared<PadWork>();
  work->input = DescOf(in);
  work->threads = call.threads();
  work->out = *out;
  work->dst = memory::desc(*out, memory::data_type::f32, order.tag);
  work->inner = work->dst.submemory_desc(in.shape(), pads->before);
  const dnnl::reorder::primitive_desc chosen(CpuEngine(), work->input, CpuEngine(), work->inner,
                                             KeptAttributes());
  work->reorder = KeptPrimitive(dnnl::reorder(chosen), chosen);
  return work;
}

Status CpuPad(Call& call) {
  const auto order = call.Has(0) ? NamedOrderOf(call.In(0)) : std::nullopt;
  if (!order || call.In(0).shape()[1] % order->block != 0 || !IsFixedBehind(call, 1)) {
    return RunReference(call);
  }
  const ThreadCount threads(ThreadsFor(call, 16 * call.In(0).count()));
  const auto work = KeptOrMade<PadWork>(
      call,
      [&](const PadWork& kept) {
        return kept.threads == call.threads() && kept.input == DescOf(call.In(0));
      },
      [&] { return MakePadWork(call, *order); });
  if (work == nullptr) return RunReference(call);
  DLV_ASSIGN(Value * out, MakeOutput(call, work->out, work->dst));
  std::memset(out->data(), 0, out->size_bytes());
  Status status = Ok();
  const bool done = Tried([&] {
    status = work->reorder.Run(
        {{DNNL_ARG_FROM, work->input, call.In(0).data()}, {DNNL_ARG_TO, work->inner, out->data()}},
        call.memory());
  });
  return done ? status : RunReference(call);
}

// ---- Resize --------------------------------------------------------------------------------

/// y[o, h, w, i] = x[o, rows[h], columns[w], i]
/// Shapes: x [outer, height, width, inner], y [outer, rows, columns, inner].
struct NearestImage {
  std::int64_t outer = 1, height = 1, width = 1, inner = 1;
};
void ResizeNearest(const float* x, const NearestImage& image, const Wholes& rows,
                   const Wholes& columns, float* y) {
  const auto inner = static_cast<std::size_t>(image.inner);
  const std::size_t row_floats = columns.size() * inner;
  for (std::int64_t o = 0; o < image.outer; ++o) {
    for (std::size_t h = 0; h < rows.size(); ++h, y += row_floats) {
      if (h > 0 && rows[h] == rows[h - 1]) {
        std::memcpy(y, y - row_floats, row_floats * sizeof(float));
        continue;
      }
      const float* row = x + (o * image.height + rows[h]) * image.width * image.inner;
      for (std::size_t w = 0; w < columns.size(); ++w) {
        const float* from = row + columns[w] * image.inner;
        for (std::size_t i = 0; i < inner; ++i) y[w * inner + i] = from[i];
      }
    }
  }
}

struct ResizeWork : KeptWork {
  Shape in;
  std::vector<Wholes> places;
};

bool IsIdentity(const Wholes& places) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i] != static_cast<std::int64_t>(i)) return false;
  }
  return true;
}

std::shared_ptr<const ResizeWork> MakeResizeWork(const Call& call) {
  auto places = ReadNearestPlaces(call);
  const Shape& in = call.In(0).shape();
  if (!places.ok() || !*places) return nullptr;
  for (std::size_t i = 0; i < 4; ++i) {
    const bool is_whole = static_cast<std::int64_t>((**places)[i].size()) == in[i];
    if ((**places)[i].empty() || (i < 2 && !(is_whole && IsIdentity((**places)[i])))) {
      return nullptr;
    }
  }
  auto work = std::make_shared<ResizeWork>();
  work->in = in;
  work->places = std::move(**places);
  return work;
}

/// Of images, by whole rows and columns.
Status CpuResize(Call& call) {
  const Value& in = call.In(0);
  if (!call.Has(0) || in.dtype() != DType::kF32 || in.rank() != 4 || in.count() == 0 ||
      !IsFixedBehind(call, 1)) {
    return RunReference(call);
  }
  const auto order = NamedOrderOf(in);
  if (!in.is_plain() && !order) return RunReference(call);
  const auto work = KeptOrMade<ResizeWork>(
      call, [&](const ResizeWork& kept) { return kept.in == in.shape(); },
      [&] { return MakeResizeWork(call); });
  if (work == nullptr) return RunReference(call);
  Shape shape = in.shape();
  for (std::size_t i = 2; i < 4; ++i) shape[i] = static_cast<std::int64_t>(work->places[i].size());
  memory::desc desc = PlainDesc(shape);
  if (order) desc = memory::desc(shape, memory::data_type::f32, order->tag);
  DLV_ASSIGN(Value * out, MakeOutput(call, shape, desc));
  NearestImage image{1, in.shape()[2], in.shape()[3], order ? order->block : 1};
  image.outer = static_cast<std::int64_t>(in.size_bytes() / sizeof(float)) /
                (image.height * image.width * image.inner);
  ResizeNearest(reinterpret_cast<const float*>(in.data()), image, work->places[2], work->places[3],
                reinterpret_cast<float*>(out->data()));
  return Ok();
}

// ---- Softmax -------------------------------------------------------------------------------

struct SoftmaxWork : KeptWork {
  memory::desc desc;
  unsigned threads = 1;
  KeptPrimitive primitive;
};

std::shared_ptr<const SoftmaxWork> MakeSoftmaxWork(const Call& call, const memory::desc& desc) {
  auto work = std::make_shared<SoftmaxWork>();
  work->desc = desc;
  work->threads = call.threads();
  const dnnl::softmax_v2_forward::desc wanted(dnnl::prop_kind::forward_inference,
                                              dnnl::algorithm::softmax_accurate, desc, desc, 1);
  const dnnl::softmax_v2_forward::primitive_desc chosen(wanted, KeptAttributes(), CpuEngine());
  if (IsSlow(chosen)) return nullptr;
  work->primitive = KeptPrimitive(dnnl::softmax_v2_forward(chosen), chosen);
  return work;
}

/// oneDNN's exponentials lose NaN.
Status CpuSoftmax(Call& call) {
  const auto axis = ReadSoftmaxAxis(call);
  const Value& in = call.In(0);
  if (!axis.ok() || axis->inner != 1 || in.dtype() != DType::kF32 || in.count() == 0 ||
      !call.all_finite()) {
    return RunReference(call);
  }
  const memory::desc desc = PlainDesc({axis->outer, axis->size});
  const ThreadCount threads(ThreadsFor(call, 16 * in.count()));
  const auto work = KeptOrMade<SoftmaxWork>(
      call,
      [&](const SoftmaxWork& kept) { return kept.threads == call.threads() && kept.desc == desc; },
      [&] { return MakeSoftmaxWork(call, desc); });
  if (work == nullptr) return RunReference(call);
  DLV_ASSIGN(Value * out, call.Make(0, DType::kF32, in.shape()));
  Status status = Ok();
  const bool done = Tried([&] {
    status = work->primitive.Run(
        {{DNNL_ARG_SRC, work->desc, in.data()}, {DNNL_ARG_DST, work->desc, out->data()}},
        call.memory());
  });
  return done ? status : RunReference(call);
}

constexpr KernelRow kCpuSpatialKernels[] = {
    {"", "Pad", CpuPad, true},
    {"", "Resize", CpuResize, true},
    {"", "Softmax", CpuSoftmax},
    {"", "Upsample", CpuResize, true},
};

}  // namespace

std::span<const KernelRow> CpuSpatialKernels() { return kCpuSpatialKernels; }

}  // namespace dlv::kernels
