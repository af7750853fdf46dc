// Pad: ONNX, operator versions 1 to 18; constant, reflect and edge.  Negative pads cut off.

#include <algorithm>
#include <cstring>

#include "engine/kernels/convert.h"
#include "engine/kernels/reference/pad_operands.h"
#include "engine/kernels/reference/rows.h"
#include "engine/kernels/walk.h"

namespace dlv::kernels {
Result<Pads> ReadPads(const Call& call, std::size_t rank) {
  const char* name = call.Find("paddings") != nullptr ? "paddings" : "pads";  // version 1
  DLV_ASSIGN(const auto given, call.ListOrOperand(name, 1));
  DLV_ASSIGN(const auto axes, call.ListOrOperand("", 3));
  const std::size_t count = axes ? axes->size() : rank;
  if (!given || given->size() != 2 * count) {
    return call.Bad("pads " + (given ? TextOf(*given) : "none") + ", want " +
                    std::to_string(2 * count) + " numbers");
  }
  Pads pads{Wholes(rank, 0), Wholes(rank, 0)};
  for (std::size_t i = 0; i < count; ++i) {
    DLV_ASSIGN(const std::size_t axis,
               call.Axis(axes ? (*axes)[i] : static_cast<std::int64_t>(i), rank));
    pads.before[axis] = (*given)[i];
    pads.after[axis] = (*given)[i + count];
  }
  return pads;
}

Result<Shape> PaddedShape(const Call& call, const Pads& pads, const Shape& in) {
  Shape shape = in;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const bool sane =
        std::max(std::abs(pads.before[i] / 2), std::abs(pads.after[i] / 2)) < kMaxElements;
    if (sane) shape[i] += pads.before[i] + pads.after[i];
    if (!sane || shape[i] < 0) {
      return call.Bad("pads " + std::to_string(pads.before[i]) + " and " +
                      std::to_string(pads.after[i]) + " on axis " + std::to_string(i) + " of " +
                      TextOf(in));
    }
  }
  return shape;
}

Result<Value> ReadFiller(const Call& call, DType dtype) {
  if (call.Has(2)) {
    if (call.In(2).count() != 1) return call.Bad("constant " + TextOf(call.In(2).shape()));
    return Converted(call.In(2), dtype, call.memory());
  }
  DLV_ASSIGN(Value filler, call.memory().Make(dtype, {}));
  const double value = call.Real("value", 0);
  ConvertElements(DType::kF64, reinterpret_cast<const std::byte*>(&value), dtype, filler.data(), 1);
  return filler;
}

namespace {

void Fill(Value& out, const Value& element) {
  const std::size_t size = SizeOf(out.dtype());
  for (std::int64_t i = 0; i < out.count(); ++i) {
    std::memcpy(out.data() + static_cast<std::size_t>(i) * size, element.data(), size);
  }
}

/// Copies the part of the input that lies in the output.
void CopyInner(const Pads& pads, const Value& in, Value& out) {
  const Strides from = StridesOf(in.shape()), to = StridesOf(out.shape());
  Shape inner;
  std::int64_t first_in = 0, first_out = 0;
  for (std::size_t i = 0; i < in.rank(); ++i) {
    const std::int64_t begin = std::max<std::int64_t>(-pads.before[i], 0);
    const std::int64_t end = in.shape()[i] + std::min<std::int64_t>(pads.after[i], 0);
    if (end <= begin) return;
    inner.push_back(end - begin);
    first_in += begin * from[i];
    first_out += std::max<std::int64_t>(pads.before[i], 0) * to[i];
  }
  const auto element = static_cast<std::int64_t>(SizeOf(in.dtype()));
  CopyElements(inner, SizeOf(in.dtype()), in.data() + first_in * element, from,
               out.data() + first_out * element, to);
}

enum Border : std::uint8_t { kReflect, kEdge, kWrap };

std::int64_t SourceOf(Border mode, std::int64_t place, std::int64_t size) {
  if (mode == Border::kEdge || size == 1) return std::clamp<std::int64_t>(place, 0, size - 1);
  const std::int64_t period = mode == Border::kWrap ? size : 2 * (size - 1);
  const std::int64_t rest = (place % period + period) % period;
  return rest < size ? rest : period - rest;
}

/// Every element of the output comes from a place of the input that each axis decides alone.
Status CopyMapped(const Call& call, const Pads& pads, Border mode, const Value& in, Value& out) {
  const Strides from = StridesOf(in.shape());
  std::vector<Wholes> sources(in.rank());
  for (std::size_t i = 0; i < in.rank(); ++i) {
    if (in.shape()[i] == 0 && out.shape()[i] > 0) return call.Bad("an empty axis has no border");
    for (std::int64_t k = 0; k < out.shape()[i]; ++k) {
      sources[i].push_back(SourceOf(mode, k - pads.before[i], in.shape()[i]) * from[i]);
    }
  }
  const Strides to = StridesOf(out.shape());
  const std::size_t element = SizeOf(in.dtype());
  for (std::int64_t i = 0; i < out.count(); ++i) {
    std::int64_t place = 0;
    for (std::size_t k = 0; k < in.rank(); ++k) {
      place += sources[k][static_cast<std::size_t>(i / to[k] % out.shape()[k])];
    }
    std::memcpy(out.data() + static_cast<std::size_t>(i) * element,
                in.data() + static_cast<std::size_t>(place) * element, element);
  }
  return Ok();
}

Status Pad(Call& call) {
  DLV_TRY(call.Want(1));
  const Value& in = call.In(0);
  DLV_ASSIGN(const Pads pads, ReadPads(call, in.rank()));
  DLV_ASSIGN(const Shape shape, PaddedShape(call, pads, in.shape()));
  const std::string_view mode = call.Text("mode", "constant");
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), shape));
  if (mode == "reflect") return CopyMapped(call, pads, Border::kReflect, in, *out);
  if (mode == "edge") return CopyMapped(call, pads, Border::kEdge, in, *out);
  if (mode == "wrap") return CopyMapped(call, pads, Border::kWrap, in, *out);
  if (mode != "constant") return call.Unsupported("mode " + std::string(mode));
  DLV_ASSIGN(const Value filler, ReadFiller(call, in.dtype()));
  Fill(*out, filler);
  CopyInner(pads, in, *out);
  return Ok();
}

constexpr KernelRow kPadKernels[] = {{"", "Pad", Pad}};

}  // namespace

std::span<const KernelRow> PadKernels() { return kPadKernels; }

}  // namespace dlv::kernels
