#include "storage/dataset/data_source.h"

#include <algorithm>

#include "storage/dataset/preprocess.h"

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

Status DataSource::AddToHash(std::uint64_t first, std::uint64_t count, io::Sha256& hash) const {
  constexpr std::uint64_t kSomeBytes = 4U << 20;
  const std::uint64_t one = description_.example_bytes();
  const std::uint64_t step =
      std::max<std::uint64_t>(kSomeBytes / std::max<std::uint64_t>(one, 1), 1);
  std::vector<std::byte> bytes;
  for (std::uint64_t at = 0; at < count; at += step) {
    const std::uint64_t now = std::min(step, count - at);
    bytes.resize(static_cast<std::size_t>(now * one));
    DLV_TRY(Read(first + at, bytes));
    hash.Update(bytes);
  }
  return Ok();
}

Result<std::optional<FittedData>> DataSource::Fitted(const Preprocess&) const {
  return std::optional<FittedData>();
}

Result<std::uint64_t> DataSource::ExamplesIn(std::size_t bytes) const {
  const std::uint64_t one = description_.example_bytes();
  if (one != 0 && bytes % one == 0) return bytes / one;
  return Error{ErrorCode::kInvalidArgument, std::to_string(bytes) + " bytes, want a multiple of " +
                                                std::to_string(one) + ", the size of an example"};
}

}  // namespace dlv::dataset
