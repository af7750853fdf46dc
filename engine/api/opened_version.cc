#include "engine/api/opened_version.h"

#include <algorithm>

#include "engine/api/version_network.h"
#include "engine/network/labels.h"
#include "engine/network/normalise.h"
#include "storage/store/version_content.h"

namespace dlv::api {

Error OpenedVersion::Unfit(const std::string& what) const {
  return Error{ErrorCode::kInvalidArgument, reference_ + ": " + what};
}

Error OpenedVersion::Named(Error error) const {
  error.message = reference_ + ": " + error.message;
  return error;
}

void OpenedVersion::SizeParameters() {
  for (NetworkParameter& parameter : report_.network.parameters) {
    const auto tensor = tensors_->Find(parameter);  // whoever reads it tells where there is none
    if (!tensor.ok()) continue;
    NetworkShape shape = ParameterTensors::ShapeOf(parameter, **tensor);
    const bool fits =
        !parameter.shape ||
        std::ranges::equal(*parameter.shape, shape, [](std::int64_t wanted, std::int64_t size) {
          return wanted == kUnknownSize || wanted == size;
        });
    if (fits) parameter.shape = std::move(shape);
  }
}

bool OpenedVersion::has_input_sizes() const {
  const auto& inputs = report_.network.inputs;
  if (inputs.size() != 1 || !inputs[0].shape || inputs[0].shape->empty()) return false;
  const auto& shape = *inputs[0].shape;
  return std::find(shape.begin() + 1, shape.end(), kUnknownSize) == shape.end();
}

Status OpenedVersion::SizeInput(const NetworkShape& example) {
  if (has_input_sizes() || report_.network.inputs.size() != 1) return Ok();
  auto& shape = report_.network.inputs[0].shape;
  const std::int64_t batch = shape && !shape->empty() ? shape->front() : kUnknownSize;
  shape = NetworkShape{batch};
  shape->insert(shape->end(), example.begin(), example.end());
  auto sized = network::Normalise(std::move(report_.network));
  if (!sized.ok()) return Named(sized.error());
  report_.network = std::move(sized->network);
  return Ok();
}

namespace {

/// The network that a query made in the place of its source's.
void TakeMade(const query::NewVersion& made, NetworkReport& report) {
  report.network = made.network;
  report.bindings.clear();
  for (const NetworkParameter& parameter : made.network.parameters) {
    const auto tensor = made.tensors.find(parameter.name);
    if (tensor != made.tensors.end())
      report.bindings.push_back({parameter.name, tensor->second, ParameterMatch::kName});
  }
}

}  // namespace

Result<std::unique_ptr<OpenedVersion>> OpenedVersion::Open(store::Store& store,
                                                           const std::string& reference) {
  return OpenWith(store, reference, nullptr);
}

Result<std::unique_ptr<OpenedVersion>> OpenedVersion::OpenMade(store::Store& store,
                                                               const query::NewVersion& made,
                                                               std::string name) {
  DLV_ASSIGN(auto opened, OpenWith(store, made.source_reference, &made));
  if (opened->id() != made.source)
    return Error{ErrorCode::kNotFound, made.source_reference + " was removed meanwhile"};
  for (const query::NewVersion::Made& one : made.made)
    opened->tensors_->AddMade(one.name, one.dtype, one.shape, one.bytes);
  opened->reference_ = std::move(name);
  return opened;
}

Result<std::unique_ptr<OpenedVersion>> OpenedVersion::OpenWith(store::Store& store,
                                                               const std::string& reference,
                                                               const query::NewVersion* made) {
  DLV_ASSIGN(store::Target target, store::ResolveTarget(store, reference));
  auto opened = std::make_unique<OpenedVersion>();
  opened->fetched_before_ = store.tensors().fetched_bytes();
  opened->reference_ = target.version.summary.reference();
  if (target.step) opened->reference_ += "#" + std::to_string(*target.step);
  DLV_ASSIGN(opened->report_, ReadNetwork(store, reference));
  if (made != nullptr) TakeMade(*made, opened->report_);
  opened->label_layers_ = network::TakeOutLabelLayers(opened->report_.network);
  DLV_ASSIGN(const archive::Manifest manifest, store::ReadVersionManifest(store, target.version));
  store::SnapshotContent content;
  if (!manifest.snapshots.empty()) {  // a network may have no weights
    DLV_ASSIGN(const std::uint32_t ordinal,
               store::FindSnapshot(manifest, target.step, opened->reference_));
    DLV_ASSIGN(content, store::ReadSnapshot(store, manifest, ordinal));
  }
  opened->tensors_ = std::make_unique<ParameterTensors>(manifest, content, opened->report_);
  opened->row_ = std::move(target.version);
  opened->SizeParameters();
  return opened;
}

}  // namespace dlv::api
