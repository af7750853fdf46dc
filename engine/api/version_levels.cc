#include "engine/api/version_levels.h"

#include <algorithm>
#include <cstring>

#include "engine/api/version_weights.h"
#include "storage/io/hash.h"

namespace dlv::api {
namespace {

template <class Bits>
void MaskAll(std::span<std::byte> elements, unsigned planes) {
  const auto mask = static_cast<Bits>(~Bits{0} << (8 * sizeof(Bits) - planes));
  for (std::size_t at = 0; at + sizeof(Bits) <= elements.size(); at += sizeof(Bits)) {
    Bits bits;
    std::memcpy(&bits, elements.data() + at, sizeof bits);
    bits = static_cast<Bits>(bits & mask);
    std::memcpy(elements.data() + at, &bits, sizeof bits);
  }
}

}  // namespace

unsigned LeastPlanes(DType dtype) {
  switch (dtype) {
    case DType::kF64:
      return 12;
    case DType::kF32:
    case DType::kBF16:
      return 9;
    case DType::kF16:
      return 6;
    default:
      return 0;
  }
}

void KeepLeadingBits(std::span<std::byte> elements, std::size_t size, unsigned planes) {
  DLV_CHECK(planes > 0 && planes <= 8 * size, "a part of an element's bits");
  if (size == 8) return MaskAll<std::uint64_t>(elements, planes);
  if (size == 4) return MaskAll<std::uint32_t>(elements, planes);
  if (size == 2) return MaskAll<std::uint16_t>(elements, planes);
  MaskAll<std::uint8_t>(elements, planes);
}

VersionLevels::VersionLevels(store::Store& store, const ParameterTensors& tensors,
                             std::uint64_t kept_bytes)
    : store_(store), tensors_(tensors) {
  store_.tensors().KeepCoded(kept_bytes);
}

VersionLevels::~VersionLevels() { store_.tensors().KeepCoded(0); }

Status VersionLevels::FindReadClusters() {
  if (read_clusters_) return Ok();
  std::set<ClusterKey> found;
  for (const auto& [name, tensor] : tensors_.all()) {
    DLV_ASSIGN(const auto handle, store_.tensors().Open(tensor.id));
    if (handle->strip() == nullptr) continue;
    for (const archive::TensorHandle::Part& part : handle->strip()->parts()) {
      if (part.entry.clustered) found.insert({part.section->place().id, part.entry.cluster});
    }
  }
  read_clusters_ = std::move(found);
  return Ok();
}

bool VersionLevels::IsReadAlready(const archive::TensorHandle& tensor) const {
  return std::ranges::any_of(tensor.parts(), [&](const archive::TensorHandle::Part& part) {
    return part.entry.clustered &&
           read_clusters_->contains({part.section->place().id, part.entry.cluster});
  });
}

Result<const std::vector<progressive::Level>*> VersionLevels::LevelsOf(const TensorInfo& tensor) {
  const std::lock_guard lock(mutex_);
  if (const auto known = levels_.find(tensor.id); known != levels_.end()) return &known->second;
  DLV_ASSIGN(const auto handle, store_.tensors().Open(tensor.id));
  DLV_ASSIGN(const auto steps, store_.tensors().StepsOf(*handle));
  if (!steps.empty()) {
    std::vector<progressive::Level> levels;
    for (const archive::TensorLevel& level : steps) {
      levels.push_back(
          {level.planes, &level == &steps.back(), level.plane_bytes, level.all_bytes, true});
    }
    return &levels_.emplace(tensor.id, std::move(levels)).first->second;
  }
  DLV_ASSIGN(const auto stored, store_.tensors().LevelsOf(*handle));
  const unsigned least = handle->strip() != nullptr ? 0 : LeastPlanes(tensor.dtype);
  DLV_TRY(FindReadClusters());
  const bool is_read = IsReadAlready(*handle);
  std::vector<progressive::Level> levels;
  for (const archive::TensorLevel& level : stored) {
    const bool exact = &level == &stored.back();
    if (!exact && (least == 0 || level.planes < least)) continue;
    const std::uint64_t bytes = is_read ? stored.back().all_bytes : level.all_bytes;
    levels.push_back({level.planes, exact, level.plane_bytes, bytes});
  }
  return &levels_.emplace(tensor.id, std::move(levels)).first->second;
}

Result<std::vector<progressive::Level>> VersionLevels::Levels(const NetworkParameter& parameter) {
  DLV_ASSIGN(const TensorInfo* const tensor, tensors_.Find(parameter));
  if (tensors_.MadeBytes(parameter) != nullptr) {  // in memory: nothing is read for it
    const auto planes = static_cast<unsigned>(8 * SizeOf(tensor->dtype));
    return std::vector<progressive::Level>{{planes, true, 0, 0}};
  }
  DLV_ASSIGN(const auto* const levels, LevelsOf(*tensor));
  return *levels;
}

Result<progressive::LeveledTensor> VersionLevels::Read(const NetworkParameter& parameter,
                                                       unsigned planes) {
  auto read = ReadLevel(parameter, planes);
  if (read.ok()) return read;
  Error error = read.error();
  error.message = "parameter " + parameter.name + ": " + error.message;
  return error;
}

Result<progressive::LeveledTensor> VersionLevels::ReadLevel(const NetworkParameter& parameter,
                                                            unsigned planes) {
  DLV_ASSIGN(const TensorInfo* const tensor, tensors_.Find(parameter));
  if (const auto* made = tensors_.MadeBytes(parameter)) {
    return progressive::LeveledTensor{tensor->dtype, ParameterTensors::ShapeOf(parameter, *tensor),
                                      static_cast<unsigned>(8 * SizeOf(tensor->dtype)), true,
                                      *made};
  }
  DLV_ASSIGN(const auto* const levels, LevelsOf(*tensor));
  const auto found = std::ranges::find_if(
      *levels, [&](const progressive::Level& level) { return level.planes >= planes; });
  const progressive::Level& level = found == levels->end() ? levels->back() : *found;
  progressive::LeveledTensor read;
  read.dtype = tensor->dtype;
  read.shape = ParameterTensors::ShapeOf(parameter, *tensor);
  read.planes = level.planes;
  read.exact = level.exact;
  read.by_significance = level.by_significance;
  if (level.by_significance && !level.exact) return ReadBySignificance(tensor->id, std::move(read));
  DLV_ASSIGN(const unsigned given,
             ReadBytes(store_, tensor->id, level.exact ? 0 : level.planes, read.bytes));
  const unsigned wanted =
      level.exact ? static_cast<unsigned>(8 * SizeOf(read.dtype)) : level.planes;
  if (given < wanted) {
    return Error{ErrorCode::kCorruption, "tensor " + tensor->id.Hex(12) + " gives " +
                                             std::to_string(given) + " planes, want " +
                                             std::to_string(wanted)};
  }
  // Some of its chunks may give more, or a cluster that is kept does.
  if (!level.exact) KeepLeadingBits(read.bytes, SizeOf(read.dtype), level.planes);
  return read;
}

Result<progressive::LeveledTensor> VersionLevels::ReadBySignificance(
    const TensorId& id, progressive::LeveledTensor read) {
  DLV_ASSIGN(const auto handle, store_.tensors().Open(id));
  read.bytes.resize(handle->element_count() * SizeOf(read.dtype));
  DLV_TRY(store_.tensors().ReadToStep(*handle, read.planes, read.bytes));
  return read;
}

Result<bool> VersionLevels::IsDelta(const NetworkParameter& parameter) {
  DLV_ASSIGN(const TensorInfo* const tensor, tensors_.Find(parameter));
  if (tensors_.MadeBytes(parameter) != nullptr) return false;
  DLV_ASSIGN(const auto handle, store_.tensors().Open(tensor->id));
  return handle->depth() > 0;
}

Result<std::string> VersionLevels::ContentId(const NetworkParameter& parameter) {
  DLV_ASSIGN(const TensorInfo* const tensor, tensors_.Find(parameter));
  if (const auto* made = tensors_.MadeBytes(parameter)) {
    io::Sha256 hash;
    hash.Update(*made);
    return hash.Finish<FileDigest>().Hex();
  }
  return tensor->id.Hex();
}

}  // namespace dlv::api
