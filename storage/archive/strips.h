#pragma once
/// \file
/// Strips: small tensors of one file and dtype stored side by side as one tensor, so that none of
/// them costs an id, an entry and a row of its own (docs/format/archive.md, "Strips"). Which
/// tensors do is said by the layout alone.

#include <cstdint>
#include <span>
#include <vector>

#include "dlv/ids.h"
#include "storage/archive/layout.h"

namespace dlv::archive {

/// A strip of a snapshot: consecutive flagged tensors of one file and dtype.
struct Strip {
  DType dtype = DType::kOpaque;
  std::uint64_t element_count = 0;
  std::vector<std::uint32_t> members;  ///< places in the layout
};

/// Where a tensor of a layout is stored.
struct StripPlace {
  std::uint32_t stored = 0;         ///< place in ManifestSnapshot::tensors
  std::uint64_t first_element = 0;  ///< in that tensor; 0 for one that is stored as itself
};

/// What a layout says about strips. Tensors that are stored as themselves come first in the
/// manifest, in the layout's order; then the strips, in the order of their first members.
class StripMap {
 public:
  explicit StripMap(std::span<const LayoutTensor> tensors);

  std::size_t stored_count() const { return first_strip_ + strips_.size(); }
  /// Place of the first strip in ManifestSnapshot::tensors.
  std::size_t first_strip() const { return first_strip_; }
  const std::vector<Strip>& strips() const { return strips_; }
  const StripPlace& place(std::size_t tensor) const { return places_[tensor]; }

 private:
  std::vector<StripPlace> places_;
  std::vector<Strip> strips_;
  std::size_t first_strip_ = 0;
};

/// Chooses which of the tensors of one file stand in strips, by their dtypes and shapes alone, so
/// that all versions of a network share one layout.
void ChooseStripMembers(std::span<LayoutTensor> tensors_of_file);

}  // namespace dlv::archive
