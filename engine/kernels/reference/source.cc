// Values that are made of little: Constant, ConstantOfShape, Shape, Size, Range, Cast,
// CastLike.  ONNX, operator versions 1 to 15.

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/kernels/convert.h"
#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/rows.h"

namespace dlv::kernels {
namespace {

Status ShareBytes(Call& call, DType dtype, const Shape& shape, const void* data,
                  std::size_t bytes) {
  DLV_ASSIGN(Value value, FromBytes(dtype, shape, {static_cast<const std::byte*>(data), bytes},
                                    call.real(), call.memory()));
  call.Share(0, std::move(value));
  return Ok();
}

Status Constant(Call& call) {
  const AttributeValue* value = call.Find("value");
  if (const auto* tensor = value == nullptr ? nullptr : std::get_if<NetworkConstant>(value)) {
    return ShareBytes(call, tensor->dtype, tensor->shape, tensor->bytes.data(),
                      tensor->bytes.size());
  }
  if (const auto wholes = call.List("value_ints")) {
    return ShareBytes(call, DType::kI64, {static_cast<std::int64_t>(wholes->size())},
                      wholes->data(), wholes->size() * sizeof(std::int64_t));
  }
  if (const auto reals = call.Reals("value_floats")) {
    return ShareBytes(call, DType::kF64, {static_cast<std::int64_t>(reals->size())}, reals->data(),
                      reals->size() * sizeof(double));
  }
  if (call.Find("value_int") != nullptr) {
    const std::int64_t whole = call.Whole("value_int", 0);
    return ShareBytes(call, DType::kI64, {}, &whole, sizeof(whole));
  }
  if (call.Find("value_float") != nullptr) {
    const double real = call.Real("value_float", 0);
    return ShareBytes(call, DType::kF64, {}, &real, sizeof(real));
  }
  return call.Unsupported("a value that is no tensor of numbers");
}

/// f32 zeros, unless "value" says another element.
Status ConstantOfShape(Call& call) {
  DLV_TRY(call.Want(1));
  DLV_ASSIGN(const auto shape, call.ListOrOperand("", 0));
  const AttributeValue* value = call.Find("value");
  const auto* given = value == nullptr ? nullptr : std::get_if<NetworkConstant>(value);
  const DType stored = given == nullptr ? DType::kF32 : given->dtype;
  std::vector<std::byte> element(SizeOf(stored));
  if (given != nullptr) element = given->bytes;
  DLV_ASSIGN(const Value one, FromBytes(stored, {}, element, call.real(), call.memory()));
  DLV_ASSIGN(Value * out, call.Make(0, one.dtype(), *shape));
  const std::size_t size = SizeOf(one.dtype());
  for (std::int64_t i = 0; i < out->count(); ++i) {
    std::memcpy(out->data() + static_cast<std::size_t>(i) * size, one.data(), size);
  }
  return Ok();
}

/// Since version 15 a part of the sizes: from axis "start" to before "end".
Status ShapeOf(Call& call) {
  DLV_TRY(call.Want(1));
  const Shape& in = call.In(0).shape();
  const auto rank = static_cast<std::int64_t>(in.size());
  const auto place = [&](const char* name, std::int64_t otherwise) {
    const std::int64_t at = call.Whole(name, otherwise);
    return std::clamp<std::int64_t>(at < 0 ? at + rank : at, 0, rank);
  };
  const std::int64_t start = place("start", 0), end = std::max(place("end", rank), start);
  const Wholes sizes(in.begin() + start, in.begin() + end);
  return ShareBytes(call, DType::kI64, {end - start}, sizes.data(),
                    sizes.size() * sizeof(std::int64_t));
}

Status Size(Call& call) {
  DLV_TRY(call.Want(1));
  const std::int64_t count = call.In(0).count();
  return ShareBytes(call, DType::kI64, {}, &count, sizeof(count));
}

/// start, start + delta, ... to before limit.
Status Range(Call& call) {
  DLV_TRY(call.Want(3));
  for (std::size_t i = 0; i < 3; ++i) {
    if (call.In(i).count() != 1 || call.In(i).dtype() != call.In(0).dtype()) {
      return call.Bad("operand " + std::to_string(i) + " is no single number of one type");
    }
  }
  return OnNumber(call, call.In(0).dtype(), [&](auto type) -> Status {
    using T = typename decltype(type)::type;
    const T start = call.In(0).As<T>()[0], delta = call.In(2).As<T>()[0];
    const double step = static_cast<double>(delta);
    const double room = static_cast<double>(call.In(1).As<T>()[0]) - static_cast<double>(start);
    const double count = step == 0 ? -1 : std::ceil(room / step);
    if (!(step != 0) || std::isnan(count) || count > static_cast<double>(kMaxElements)) {
      return call.Bad("a range in steps of " + std::to_string(step) + " over " +
                      std::to_string(room));
    }
    const auto size = static_cast<std::int64_t>(std::fmax(count, 0));
    DLV_ASSIGN(Value * out, call.Make(0, call.In(0).dtype(), {size}));
    const auto elements = out->As<T>();
    for (std::size_t i = 0; i < elements.size(); ++i) {
      elements[i] = static_cast<T>(start + static_cast<T>(i) * delta);
    }
    return Ok();
  });
}

/// All types of real numbers are the session's: to cast between them does not round.
Status CastTo(Call& call, DType dtype) {
  DLV_ASSIGN(Value out, Converted(call.In(0), Working(dtype, call.real()), call.memory()));
  call.Share(0, std::move(out));
  return Ok();
}

Status Cast(Call& call) {
  DLV_TRY(call.Want(1));
  const auto dtype = TypeOfNumber(call.Whole("to", 0));
  if (!dtype) return call.Unsupported("type " + std::to_string(call.Whole("to", 0)));
  return CastTo(call, *dtype);
}

Status CastLike(Call& call) {
  DLV_TRY(call.Want(2));
  return CastTo(call, call.In(1).dtype());
}

constexpr KernelRow kSourceKernels[] = {
    {"", "Cast", Cast},         {"", "CastLike", CastLike},
    {"", "Constant", Constant}, {"", "ConstantOfShape", ConstantOfShape},
    {"", "Range", Range},       {"", "Shape", ShapeOf},
    {"", "Size", Size},
};

}  // namespace

std::span<const KernelRow> SourceKernels() { return kSourceKernels; }

}  // namespace dlv::kernels
