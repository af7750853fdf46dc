#include "storage/store/chosen_tensors.h"

#include "storage/store/names.h"
#include "storage/store/resolve.h"
#include "storage/store/tensor_slice.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

Status OpenAll(Store& store, ChosenTensors& chosen) {
  DLV_ASSIGN(const auto view, store.HoldView());
  for (ChosenTensor& tensor : chosen.tensors) {
    DLV_ASSIGN(tensor.handle, store.tensors().Open(tensor.info.id));
    if (tensor.handle->element_count() != tensor.info.element_count() ||
        tensor.handle->dtype() != tensor.info.dtype) {
      return Error{ErrorCode::kCorruption,
                   tensor.info.name + ": the stored tensor has another type or size"};
    }
  }
  return Ok();
}

}  // namespace

Result<ChosenTensors> ChooseTensors(Store& store, std::string_view reference,
                                    bool all_without_pattern) {
  DLV_ASSIGN(const Target target, ResolveTarget(store, reference));
  ChosenTensors chosen;
  chosen.reference = target.version.summary.reference();
  if (target.tensor_pattern.empty() && !all_without_pattern) {
    return Error{ErrorCode::kInvalidArgument, Quoted(reference) + ": names no tensor",
                 "as in " + chosen.reference + "/conv1.weight"};
  }
  const auto [name, slice] = SplitSlice(target.tensor_pattern);
  chosen.has_slice = slice.has_value();
  chosen.slice = slice.value_or("");
  std::optional<TensorPattern> pattern;
  if (!name.empty()) {
    DLV_ASSIGN(pattern, TensorPattern::Parse(name));
  }
  DLV_ASSIGN(const archive::Manifest manifest, ReadVersionManifest(store, target.version));
  DLV_ASSIGN(const std::uint32_t ordinal, FindSnapshot(manifest, target.step, chosen.reference));
  DLV_ASSIGN(const SnapshotContent content, ReadSnapshot(store, manifest, ordinal));
  std::vector<std::string> names;
  for (std::size_t i = 0; i < content.ids.size(); ++i) {
    TensorInfo info = content.Info(i, static_cast<std::uint32_t>(manifest.files.size()));
    std::string file = FilePathOf(manifest, info);
    names.push_back(info.name);
    if (pattern && !pattern->Matches(info.role, file, info.name)) continue;
    chosen.tensors.push_back({std::move(info), std::move(file), nullptr});
  }
  if (chosen.tensors.empty() && pattern) {
    return Error{ErrorCode::kNotFound,
                 chosen.reference + " has no tensor that fits " + Quoted(name),
                 DidYouMean(name, names)};
  }
  DLV_TRY(OpenAll(store, chosen));
  return chosen;
}

}  // namespace dlv::store
