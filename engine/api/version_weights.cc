#include "engine/api/version_weights.h"

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

Result<kernels::Value> VersionWeights::Read(const NetworkParameter& parameter, DType real,
                                            kernels::Memory& memory) {
  DLV_ASSIGN(const TensorInfo* const tensor, tensors_.Find(parameter));
  std::vector<std::byte> bytes;
  DLV_TRY(ReadBytes(store_, tensor->id, planes_, bytes));
  auto value = kernels::FromBytes(tensor->dtype, ParameterTensors::ShapeOf(parameter, *tensor),
                                  bytes, real, memory);
  if (value.ok()) return value;
  Error error = value.error();
  error.message = "parameter " + parameter.name + ": " + error.message;
  return error;
}

}  // namespace dlv::api
