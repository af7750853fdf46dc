#pragma once
/// \file
/// The strips of one file (or of the tensors from memory) on their way into the packs.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "dlv/ids.h"
#include "storage/archive/layout.h"
#include "storage/io/byte_source.h"
#include "storage/plan/base_choice.h"

namespace dlv::store {

struct StripWork {
  plan::TensorKey key;  ///< that of the first member, with the elements of the whole strip
  std::vector<std::uint32_t> members;      ///< places among the tensors of the file
  std::vector<std::uint64_t> first;        ///< first element of each member, then the end
  std::unique_ptr<io::ByteSource> source;  ///< null: the file is stored already
  TensorId id;

  std::uint64_t FirstElement(std::size_t member) const { return first[member]; }
  std::uint64_t ElementCount(std::size_t member) const { return first[member + 1] - first[member]; }
};

/// Returns the strips of tensors of one file. `sources` (which must outlive the result) has the
/// bytes of each tensor, or is empty.
std::vector<StripWork> StripsOf(std::span<const archive::LayoutTensor> tensors,
                                std::span<const io::ByteSource* const> sources);

}  // namespace dlv::store
