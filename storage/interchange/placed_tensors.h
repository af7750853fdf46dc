#pragma once
/// \file
/// The recipe of a file in which tensors lie as they are, between bytes that are kept.

#include <cstdint>
#include <vector>

#include "storage/interchange/recipe_builder.h"

namespace dlv::interchange {

/// Elements [first, first + count) of a tensor of the description lie at `begin` of the file.
struct PlacedPart {
  std::uint64_t begin = 0;
  std::uint32_t tensor = 0;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

/// The whole tensor at `begin`.
PlacedPart PlaceWhole(const FileDescription& description, std::uint32_t tensor,
                      std::uint64_t begin);

/// Makes the recipe and the literals of `description`; `parts` in any order.
/// Errors: kCorruption "WHAT, offset N: ..." where parts overlap or leave the file; what the file
/// says.
Status BuildPlacedRecipe(const io::ByteSource& file, std::vector<PlacedPart> parts,
                         std::string_view what, FileDescription& description);

}  // namespace dlv::interchange
