#include "engine/api/parameter_tensors.h"

#include <algorithm>

namespace dlv::api {

NetworkShape ParameterTensors::ShapeOf(const NetworkParameter& parameter,
                                       const TensorInfo& tensor) {
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

ParameterTensors::ParameterTensors(const archive::Manifest& manifest,
                                   const store::SnapshotContent& content,
                                   const NetworkReport& report)
    : report_(report) {
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

void ParameterTensors::AddMade(const std::string& parameter, DType dtype, Shape shape,
                               std::vector<std::byte> bytes) {
  Made made;
  made.info.name = parameter;
  made.info.dtype = dtype;
  made.info.shape = std::move(shape);
  made.bytes = std::move(bytes);
  made_.insert_or_assign(parameter, std::move(made));
}

const std::vector<std::byte>* ParameterTensors::MadeBytes(const NetworkParameter& parameter) const {
  const auto found = made_.find(parameter.name);
  return found == made_.end() ? nullptr : &found->second.bytes;
}

Result<const TensorInfo*> ParameterTensors::Find(const NetworkParameter& parameter) const {
  if (const auto made = made_.find(parameter.name); made != made_.end()) return &made->second.info;
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
  return &found->second;
}

}  // namespace dlv::api
