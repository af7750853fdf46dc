#pragma once
/// \file
/// Element types that dlv keeps as bytes, but whose blocks it knows: how many elements stand in how
/// many bytes. Their tensors have a shape in bytes; what the network sees follows from it and from
/// the type's name, so that nothing more has to be stored.

#include <cstdint>
#include <string_view>
#include <vector>

namespace dlv::interchange {

/// Returns the shape in bytes of blocks laid along the last axis: {4096, 4096} of Q4_0 is
/// {4096, 2304}. {bytes} where blocks are not whole there.
std::vector<std::int64_t> ShapeOfBlocks(const std::vector<std::int64_t>& elements,
                                        std::uint64_t block_elements, std::uint64_t block_bytes,
                                        std::uint64_t bytes);

/// Returns the shape in elements of a tensor of `type` whose bytes have shape `bytes`. Empty where
/// the type is not known, or leaves more than one answer.
std::vector<std::int64_t> ShapeOfElements(std::string_view type,
                                          const std::vector<std::int64_t>& bytes);

}  // namespace dlv::interchange
