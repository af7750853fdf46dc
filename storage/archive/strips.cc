#include "storage/archive/strips.h"

#include <algorithm>
#include <map>
#include <utility>

#include "storage/archive/format.h"

namespace dlv::archive {
namespace {

/// Layouts are checked when they are read, so shapes have a product.
std::uint64_t CountOf(const LayoutTensor& tensor) {
  const auto count = ElementCount(tensor.shape);
  return count.ok() ? *count : 0;
}

}  // namespace

StripMap::StripMap(std::span<const LayoutTensor> tensors) : places_(tensors.size()) {
  std::map<std::pair<std::uint32_t, DType>, std::size_t> open;  // strip of a file and dtype
  for (std::uint32_t i = 0; i < tensors.size(); ++i) {
    const LayoutTensor& tensor = tensors[i];
    if (!tensor.in_strip) {
      places_[i].stored = static_cast<std::uint32_t>(first_strip_++);
      continue;
    }
    const std::uint64_t count = CountOf(tensor);
    const auto [at, fresh] = open.try_emplace({tensor.file, tensor.dtype}, strips_.size());
    if (fresh || strips_[at->second].element_count + count > kStripElements) {
      at->second = strips_.size();
      strips_.push_back({tensor.dtype, 0, {}});
    }
    Strip& strip = strips_[at->second];
    places_[i] = {static_cast<std::uint32_t>(at->second), strip.element_count};
    strip.element_count += count;
    strip.members.push_back(i);
  }
  for (std::uint32_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].in_strip) places_[i].stored += static_cast<std::uint32_t>(first_strip_);
  }
}

void ChooseStripMembers(std::span<LayoutTensor> tensors_of_file) {
  std::map<DType, std::vector<LayoutTensor*>> small;
  for (LayoutTensor& tensor : tensors_of_file) {
    const std::uint64_t count = CountOf(tensor);
    if (count == 0 || count > kStripMemberBytes / SizeOf(tensor.dtype)) continue;
    small[tensor.dtype].push_back(&tensor);
  }
  for (const auto& [dtype, members] : small) {
    if (members.size() < 2) continue;
    for (LayoutTensor* const member : members) member->in_strip = true;
  }
}

}  // namespace dlv::archive
