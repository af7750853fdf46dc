#include "engine/api/version_weights.h"

#include <algorithm>

#include "engine/api/version_levels.h"
#include "engine/kernels/convert.h"

namespace dlv::api {

Result<unsigned> ReadBytes(store::Store& store, const TensorId& id, unsigned planes,
                           std::vector<std::byte>& out) {
  DLV_ASSIGN(const auto handle, store.tensors().Open(id));
  out.clear();
  out.reserve(static_cast<std::size_t>(handle->size_bytes()));
  return store.tensors().Stream(*handle, planes, 0, [&](std::span<const std::byte> piece) {
    out.insert(out.end(), piece.begin(), piece.end());
    return Ok();
  });
}

Status VersionWeights::Shorten(const TensorInfo& tensor, std::span<std::byte> bytes) const {
  DLV_ASSIGN(const auto handle, store_.tensors().Open(tensor.id));
  DLV_ASSIGN(const auto levels, store_.tensors().LevelsOf(*handle));
  const auto level = std::ranges::find_if(
      levels, [&](const archive::TensorLevel& one) { return one.planes >= planes_; });
  const unsigned bits = 8 * static_cast<unsigned>(SizeOf(tensor.dtype));
  if (level != levels.end() && level->planes < bits)
    KeepLeadingBits(bytes, SizeOf(tensor.dtype), level->planes);
  return Ok();
}

Result<kernels::Value> VersionWeights::Read(const NetworkParameter& parameter, DType real,
                                            kernels::Memory& memory) {
  DLV_ASSIGN(const TensorInfo* const tensor, tensors_.Find(parameter));
  std::vector<std::byte> bytes;
  if (const auto* made = tensors_.MadeBytes(parameter)) {
    bytes = *made;
  } else {
    DLV_TRY(ReadBytes(store_, tensor->id, planes_, bytes));
    // A small tensor may come with more planes: others of its cluster were read whole.
    if (planes_ != 0 && SizeOf(tensor->dtype) <= 8) DLV_TRY(Shorten(*tensor, bytes));
  }
  auto value = kernels::FromBytes(tensor->dtype, ParameterTensors::ShapeOf(parameter, *tensor),
                                  bytes, real, memory);
  if (value.ok()) return value;
  Error error = value.error();
  error.message = "parameter " + parameter.name + ": " + error.message;
  return error;
}

}  // namespace dlv::api
