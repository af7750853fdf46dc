#pragma once
/// \file
/// Element types that dlv keeps as bytes, but whose blocks it knows: how many elements stand in how
/// many bytes. Their tensors have a shape in bytes; what the network sees follows from it and from
/// the type's name, so that nothing more has to be stored.

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace dlv::interchange {

/// A type of floats that dlv has no DType for, by the names that formats give it. They fill whole
/// bytes in blocks, but need not each.
struct PackedFloat {
  std::string_view name;   ///< in safetensors, and where dlv has to name it
  std::string_view onnx;   ///< empty: none there that fills whole bytes
  std::string_view torch;  ///< empty: none; a shape there counts bytes
  std::uint32_t block_elements = 1;
  std::uint32_t block_bytes = 1;
};
inline constexpr std::array<PackedFloat, 6> kPackedFloats = {
    {{"F4", "", "float4_e2m1fn_x2", 2, 1},
     {"F6_E2M3", "", "", 4, 3},
     {"F6_E3M2", "", "", 4, 3},
     {"F8_E4M3FNUZ", "FLOAT8E4M3FNUZ", "float8_e4m3fnuz", 1, 1},
     {"F8_E5M2FNUZ", "FLOAT8E5M2FNUZ", "float8_e5m2fnuz", 1, 1},
     {"F8_E8M0", "FLOAT8E8M0", "float8_e8m0fnu", 1, 1}}};

/// Returns the type that safetensors or ONNX call so, or null.
const PackedFloat* FindPackedFloat(std::string_view name);

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
