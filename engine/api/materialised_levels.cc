#include "engine/api/materialised_levels.h"

#include <algorithm>
#include <limits>

#include "storage/archive/whole_levels.h"

namespace dlv::api {
namespace {

constexpr unsigned kEveryPlane = std::numeric_limits<unsigned>::max();

}  // namespace

Result<std::vector<progressive::Level>> MaterialisedLevels::Levels(
    const NetworkParameter& parameter) {
  DLV_ASSIGN(const bool is_delta, stored_.IsDelta(parameter));
  if (!is_delta) return stored_.Levels(parameter);
  DLV_ASSIGN(const std::string id, stored_.ContentId(parameter));
  const std::lock_guard lock(mutex_);
  if (const auto known = coded_.find(id); known != coded_.end()) return known->second;
  DLV_ASSIGN(const auto whole, stored_.Read(parameter, kEveryPlane));
  DLV_ASSIGN(const auto coded, archive::WholeLevels(whole.dtype, whole.bytes));
  const unsigned least = LeastPlanes(whole.dtype);
  std::vector<progressive::Level> levels;
  for (const archive::TensorLevel& level : coded) {
    const bool exact = &level == &coded.back();
    if (!exact && (least == 0 || level.planes < least)) continue;
    levels.push_back({level.planes, exact, level.plane_bytes, level.all_bytes});
  }
  return coded_.emplace(id, std::move(levels)).first->second;
}

Result<progressive::LeveledTensor> MaterialisedLevels::Read(const NetworkParameter& parameter,
                                                            unsigned planes) {
  DLV_ASSIGN(const bool is_delta, stored_.IsDelta(parameter));
  if (!is_delta) return stored_.Read(parameter, planes);
  DLV_ASSIGN(const auto levels, Levels(parameter));
  DLV_ASSIGN(auto read, stored_.Read(parameter, kEveryPlane));
  const auto found = std::ranges::find_if(
      levels, [&](const progressive::Level& level) { return level.planes >= planes; });
  const progressive::Level& level = found == levels.end() ? levels.back() : *found;
  read.planes = level.planes;
  read.exact = level.exact;
  if (!level.exact) KeepLeadingBits(read.bytes, SizeOf(read.dtype), level.planes);
  return read;
}

}  // namespace dlv::api
