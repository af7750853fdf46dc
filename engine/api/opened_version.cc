#include "engine/api/opened_version.h"

#include "engine/api/version_network.h"
#include "storage/store/version_content.h"

namespace dlv::api {

Error OpenedVersion::Unfit(const std::string& what) const {
  return Error{ErrorCode::kInvalidArgument, reference_ + ": " + what};
}

Error OpenedVersion::Named(Error error) const {
  error.message = reference_ + ": " + error.message;
  return error;
}

Result<std::unique_ptr<OpenedVersion>> OpenedVersion::Open(store::Store& store,
                                                           const std::string& reference) {
  DLV_ASSIGN(store::Target target, store::ResolveTarget(store, reference));
  auto opened = std::make_unique<OpenedVersion>();
  opened->fetched_before_ = store.tensors().fetched_bytes();
  opened->reference_ = target.version.summary.reference();
  if (target.step) opened->reference_ += "#" + std::to_string(*target.step);
  DLV_ASSIGN(opened->report_, ReadNetwork(store, reference));
  DLV_ASSIGN(const archive::Manifest manifest, store::ReadVersionManifest(store, target.version));
  DLV_ASSIGN(const std::uint32_t ordinal,
             store::FindSnapshot(manifest, target.step, opened->reference_));
  DLV_ASSIGN(const store::SnapshotContent content, store::ReadSnapshot(store, manifest, ordinal));
  opened->tensors_ = std::make_unique<ParameterTensors>(manifest, content, opened->report_);
  opened->row_ = std::move(target.version);
  return opened;
}

}  // namespace dlv::api
