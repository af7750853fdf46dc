#include "storage/dataset/data_source.h"

namespace dlv::dataset {

std::uint64_t DataDescription::example_elements() const {
  std::uint64_t elements = 1;
  for (const std::int64_t size : example) elements *= static_cast<std::uint64_t>(size);
  return elements;
}

Status DataSource::CheckRange(std::uint64_t first, std::uint64_t count) const {
  if (first <= description_.count && count <= description_.count - first) return Ok();
  return Error{ErrorCode::kInvalidArgument, description_.path + ": examples " +
                                                std::to_string(first) + " to " +
                                                std::to_string(first + count) + ", there are " +
                                                std::to_string(description_.count)};
}

Result<std::uint64_t> DataSource::ExamplesIn(std::size_t bytes) const {
  const std::uint64_t one = description_.example_bytes();
  if (one != 0 && bytes % one == 0) return bytes / one;
  return Error{ErrorCode::kInvalidArgument, std::to_string(bytes) + " bytes, want a multiple of " +
                                                std::to_string(one) + ", the size of an example"};
}

}  // namespace dlv::dataset
