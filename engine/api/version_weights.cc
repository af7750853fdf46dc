#include "engine/api/version_weights.h"

#include <algorithm>

#include "engine/kernels/convert.h"

namespace dlv::api {
namespace {

/// Sizes of the parameter where the network knows all of them, else those of its tensor. Caffe's
/// older files write each shape with four axes, the first of them 1: of these as many as the
/// network wants stay.
NetworkShape ShapeOf(const NetworkParameter& parameter, const TensorInfo& tensor) {
  if (!parameter.shape) return tensor.shape;
  const NetworkShape& wanted = *parameter.shape;
  if (std::ranges::find(wanted, kUnknownSize) == wanted.end()) return wanted;
  const Shape& own = tensor.shape;
  if (own.size() != 4 || wanted.size() >= 4) return own;
  const auto extra = static_cast<std::ptrdiff_t>(4 - wanted.size());
  const bool ones =
      std::all_of(own.begin(), own.begin() + extra, [](std::int64_t size) { return size == 1; });
  return ones ? NetworkShape(own.begin() + extra, own.end()) : own;
}

}  // namespace

VersionWeights::VersionWeights(store::Store& store, const archive::Manifest& manifest,
                               const store::SnapshotContent& content, const NetworkReport& report,
                               unsigned planes)
    : store_(store), report_(report), planes_(planes) {
  const auto files = static_cast<std::uint32_t>(manifest.files.size());
  for (std::size_t i = 0; i < content.ids.size(); ++i) {
    TensorInfo info = content.Info(i, files);
    if (info.role != TensorRole::kParameter && info.role != TensorRole::kBuffer) continue;
    // Of two files with one name, that of the file that describes the network.
    const bool is_own = info.file < files && manifest.files[info.file].path == report.file;
    std::string name = info.name;
    if (is_own) {
      tensors_.insert_or_assign(std::move(name), std::move(info));
    } else {
      tensors_.try_emplace(std::move(name), std::move(info));
    }
  }
  for (const ParameterBinding& binding : report.bindings)
    bindings_.emplace(binding.parameter, &binding);
}

Result<kernels::Value> VersionWeights::Read(const NetworkParameter& parameter, DType real,
                                            kernels::Memory& memory) {
  const auto bound = bindings_.find(parameter.name);
  const bool by_name = bound == bindings_.end() || bound->second->match == ParameterMatch::kNone;
  if (!by_name && bound->second->match == ParameterMatch::kDerived) {
    return Error{ErrorCode::kUnsupported,
                 "parameter " + parameter.name +
                     " is to be computed from a normalisation that was "
                     "folded into it",
                 "commit the file of the network with its own weights"};
  }
  const auto found = tensors_.find(by_name ? parameter.name : bound->second->tensor);
  if (found == tensors_.end()) {
    return Error{
        ErrorCode::kNotFound,
        "parameter " + parameter.name + " of " + report_.file + " has no tensor in the snapshot",
        "see which have: dlv network REF"};
  }
  const TensorInfo& tensor = found->second;
  DLV_ASSIGN(const auto handle, store_.tensors().Open(tensor.id));
  std::vector<std::byte> bytes;
  bytes.reserve(static_cast<std::size_t>(handle->size_bytes()));
  DLV_TRY(store_.tensors().Stream(*handle, planes_, 0, [&](std::span<const std::byte> piece) {
    bytes.insert(bytes.end(), piece.begin(), piece.end());
    return Ok();
  }));
  auto value = kernels::FromBytes(tensor.dtype, ShapeOf(parameter, tensor), bytes, real, memory);
  if (value.ok()) return value;
  Error error = value.error();
  error.message = "parameter " + parameter.name + ": " + error.message;
  return error;
}

}  // namespace dlv::api
