#include "storage/interchange/placed_tensors.h"

#include <algorithm>
#include <string>

#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {

PlacedPart PlaceWhole(const FileDescription& description, std::uint32_t tensor,
                      std::uint64_t begin) {
  const DescribedTensor& placed = description.tensors[tensor];
  return {begin, tensor, 0, placed.source->size() / SizeOf(placed.dtype)};
}

Status BuildPlacedRecipe(const io::ByteSource& file, std::vector<PlacedPart> parts,
                         std::string_view what, FileDescription& description) {
  std::stable_sort(parts.begin(), parts.end(),
                   [](const PlacedPart& a, const PlacedPart& b) { return a.begin < b.begin; });
  RecipeBuilder builder;
  std::uint64_t at = 0;
  for (const PlacedPart& part : parts) {
    if (part.count == 0) continue;
    const DescribedTensor& tensor = description.tensors[part.tensor];
    const std::uint64_t size = part.count * SizeOf(tensor.dtype);
    if (part.begin < at || part.begin > file.size() || size > file.size() - part.begin) {
      return Error{ErrorCode::kCorruption,
                   std::string(what) + ", offset " + std::to_string(part.begin) + ": tensor '" +
                       Printable(tensor.name) + "' of " + std::to_string(size) + " bytes " +
                       (part.begin < at ? "overlaps another" : "leaves the file")};
    }
    DLV_TRY(builder.FrameRange(file, at, part.begin));
    TensorPart taken;
    taken.tensor = part.tensor;
    taken.element_size = static_cast<std::uint8_t>(SizeOf(tensor.dtype));
    taken.first = part.first;
    taken.count = part.count;
    if (tensor.big_endian) taken.swap_size = SwapSizeOf(tensor.dtype);
    builder.Tensor(std::move(taken));
    at = part.begin + size;
  }
  DLV_TRY(builder.FrameRange(file, at, file.size()));
  builder.Finish(description);
  return Ok();
}

}  // namespace dlv::interchange
