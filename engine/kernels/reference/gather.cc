// Gather (ONNX, operator versions 1 to 13), GatherElements (11, 13), GatherND (11 to 13), ScatterND
// (11 to 18, without reduction).  Places are checked; negative ones count from the
// end.

#include <algorithm>
#include <cstring>

#include "engine/kernels/convert.h"
#include "engine/kernels/reference/rows.h"
#include "engine/kernels/shape.h"

namespace dlv::kernels {
namespace {

Status CheckPlaces(const Call& call, std::size_t operand) {
  if (call.In(operand).dtype() == DType::kI64 || call.In(operand).dtype() == DType::kI32)
    return Ok();
  return call.Bad("places of type " + std::string(NameOf(call.In(operand).dtype())));
}

Error OutOfBounds(const Call& call, std::int64_t place, std::int64_t size) {
  return call.Bad("place " + std::to_string(place) + " on an axis of " + std::to_string(size));
}

/// Puts places into 0 to size - 1.
Status Bound(const Call& call, std::int64_t size, Wholes& places) {
  for (std::int64_t& place : places) {
    if (place < -size || place >= size) return OutOfBounds(call, place, size);
    if (place < 0) place += size;
  }
  return Ok();
}

Status Gather(Call& call) {
  DLV_TRY(call.Want(2));
  DLV_TRY(CheckPlaces(call, 1));
  const Value& in = call.In(0);
  DLV_ASSIGN(const std::size_t axis, call.Axis(call.Whole("axis", 0), in.rank()));
  Wholes places = WholesOf(call.In(1));
  DLV_TRY(Bound(call, in.shape()[axis], places));
  Shape shape(in.shape().begin(), in.shape().begin() + static_cast<std::ptrdiff_t>(axis));
  shape.insert(shape.end(), call.In(1).shape().begin(), call.In(1).shape().end());
  shape.insert(shape.end(), in.shape().begin() + static_cast<std::ptrdiff_t>(axis) + 1,
               in.shape().end());
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), std::move(shape)));
  const auto bytes =
      static_cast<std::size_t>(CountBetween(in.shape(), axis + 1, in.rank())) * SizeOf(in.dtype());
  const std::int64_t outer = out->count() == 0 ? 0 : CountBetween(in.shape(), 0, axis);
  std::byte* to = out->data();
  for (std::int64_t o = 0; o < outer; ++o) {
    for (const std::int64_t place : places) {
      const auto row = static_cast<std::size_t>(o * in.shape()[axis] + place);
      std::memcpy(to, in.data() + row * bytes, bytes);
      to += bytes;
    }
  }
  return Ok();
}

/// out[i, j, k] = in[i, places[i, j, k], k] for axis 1.
Status GatherElements(Call& call) {
  DLV_TRY(call.Want(2));
  DLV_TRY(CheckPlaces(call, 1));
  const Value& in = call.In(0);
  const Shape& shape = call.In(1).shape();
  DLV_ASSIGN(const std::size_t axis, call.Axis(call.Whole("axis", 0), in.rank()));
  bool fits = shape.size() == in.rank();
  for (std::size_t i = 0; fits && i < shape.size(); ++i) {
    fits = i == axis || shape[i] <= in.shape()[i];
  }
  if (!fits) return call.Bad("places " + TextOf(shape) + " for " + TextOf(in.shape()));
  Wholes places = WholesOf(call.In(1));
  DLV_TRY(Bound(call, in.shape()[axis], places));
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), shape));
  const Strides from = StridesOf(in.shape()), own = StridesOf(shape);
  const std::size_t element = SizeOf(in.dtype());
  for (std::size_t i = 0; i < places.size(); ++i) {
    std::int64_t at = places[i] * from[axis];
    for (std::size_t k = 0; k < shape.size(); ++k) {
      if (k != axis) at += static_cast<std::int64_t>(i) / own[k] % shape[k] * from[k];
    }
    std::memcpy(out->data() + i * element, in.data() + static_cast<std::size_t>(at) * element,
                element);
  }
  return Ok();
}

/// How rows of places [..., depth] name parts of a value: its first `depth` axes behind the batch.
struct NdPlaces {
  std::int64_t depth = 0;
  std::size_t rows = 0, part_bytes = 0;
  std::vector<std::size_t> offsets;  ///< in bytes, one a row
};

Result<NdPlaces> ReadNdPlaces(const Call& call, const Value& data, const Value& places,
                              std::size_t batch) {
  const Shape& shape = places.shape();
  const auto depth = shape.empty() ? 0 : shape.back();
  if (shape.empty() || batch >= shape.size() || depth < 0 ||
      batch + static_cast<std::size_t>(depth) > data.rank() ||
      !std::equal(shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(batch),
                  data.shape().begin())) {
    return call.Bad("places " + TextOf(shape) + " for " + TextOf(data.shape()));
  }
  NdPlaces nd;
  nd.depth = depth;
  nd.rows = static_cast<std::size_t>(CountBetween(shape, 0, shape.size() - 1));
  const std::size_t end = batch + static_cast<std::size_t>(depth);
  nd.part_bytes =
      static_cast<std::size_t>(CountBetween(data.shape(), end, data.rank())) * SizeOf(data.dtype());
  const Strides strides = StridesOf(data.shape());
  const Wholes wholes = WholesOf(places);
  const std::int64_t batches = CountBetween(shape, 0, batch);
  const std::int64_t step = CountBetween(data.shape(), batch, data.rank());
  for (std::size_t row = 0; row < nd.rows; ++row) {
    const auto of_batch = static_cast<std::int64_t>(row) /
                          std::max<std::int64_t>(static_cast<std::int64_t>(nd.rows) / batches, 1);
    std::int64_t at = of_batch * step;
    for (std::int64_t k = 0; k < depth; ++k) {
      const std::size_t axis = batch + static_cast<std::size_t>(k);
      Wholes place = {wholes[row * static_cast<std::size_t>(depth) + static_cast<std::size_t>(k)]};
      DLV_TRY(Bound(call, data.shape()[axis], place));
      at += place[0] * strides[axis];
    }
    nd.offsets.push_back(static_cast<std::size_t>(at) * SizeOf(data.dtype()));
  }
  return nd;
}

Status GatherNd(Call& call) {
  DLV_TRY(call.Want(2));
  DLV_TRY(CheckPlaces(call, 1));
  const Value& in = call.In(0);
  const std::int64_t batch = call.Whole("batch_dims", 0);
  if (batch < 0 || batch >= static_cast<std::int64_t>(in.rank())) return call.Bad("batch_dims");
  DLV_ASSIGN(const NdPlaces nd,
             ReadNdPlaces(call, in, call.In(1), static_cast<std::size_t>(batch)));
  Shape shape(call.In(1).shape().begin(), call.In(1).shape().end() - 1);
  shape.insert(shape.end(), in.shape().begin() + batch + nd.depth, in.shape().end());
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), std::move(shape)));
  if (out->count() == 0) return Ok();
  for (std::size_t row = 0; row < nd.rows; ++row) {
    std::memcpy(out->data() + row * nd.part_bytes, in.data() + nd.offsets[row], nd.part_bytes);
  }
  return Ok();
}

Status ScatterNd(Call& call) {
  DLV_TRY(call.Want(3));
  DLV_TRY(CheckPlaces(call, 1));
  if (call.Text("reduction", "none") != "none") return call.Unsupported("reduction");
  const Value& in = call.In(0);
  const Value& updates = call.In(2);
  DLV_ASSIGN(const NdPlaces nd, ReadNdPlaces(call, in, call.In(1), 0));
  if (updates.dtype() != in.dtype() || updates.size_bytes() != nd.rows * nd.part_bytes) {
    return call.Bad("updates " + TextOf(updates.shape()) + " for places " +
                    TextOf(call.In(1).shape()));
  }
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  if (in.count() == 0) return Ok();
  std::memcpy(out->data(), in.data(), in.size_bytes());
  for (std::size_t row = 0; row < nd.rows; ++row) {
    std::memcpy(out->data() + nd.offsets[row], updates.data() + row * nd.part_bytes, nd.part_bytes);
  }
  return Ok();
}

constexpr KernelRow kGatherKernels[] = {
    {"", "Gather", Gather},
    {"", "GatherElements", GatherElements},
    {"", "GatherND", GatherNd},
    {"", "ScatterND", ScatterNd},
};

}  // namespace

std::span<const KernelRow> GatherKernels() { return kGatherKernels; }

}  // namespace dlv::kernels
