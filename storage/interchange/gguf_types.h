#pragma once
/// \file
/// Element types of GGUF files: the numbers in the file, and how many bytes a block of elements
/// has.

#include <array>
#include <cstdint>
#include <string_view>

#include "dlv/dtype.h"

namespace dlv::interchange {

struct GgufType {
  std::uint32_t number = 0;
  std::string_view name;
  DType dtype = DType::kOpaque;  ///< kOpaque: quantised blocks
  std::uint32_t block_elements = 1;
  std::uint32_t block_bytes = 1;
};

inline constexpr std::array<GgufType, 32> kGgufTypes = {{{0, "F32", DType::kF32, 1, 4},
                                                         {1, "F16", DType::kF16, 1, 2},
                                                         {2, "Q4_0", DType::kOpaque, 32, 18},
                                                         {3, "Q4_1", DType::kOpaque, 32, 20},
                                                         {6, "Q5_0", DType::kOpaque, 32, 22},
                                                         {7, "Q5_1", DType::kOpaque, 32, 24},
                                                         {8, "Q8_0", DType::kOpaque, 32, 34},
                                                         {9, "Q8_1", DType::kOpaque, 32, 36},
                                                         {10, "Q2_K", DType::kOpaque, 256, 84},
                                                         {11, "Q3_K", DType::kOpaque, 256, 110},
                                                         {12, "Q4_K", DType::kOpaque, 256, 144},
                                                         {13, "Q5_K", DType::kOpaque, 256, 176},
                                                         {14, "Q6_K", DType::kOpaque, 256, 210},
                                                         {15, "Q8_K", DType::kOpaque, 256, 292},
                                                         {16, "IQ2_XXS", DType::kOpaque, 256, 66},
                                                         {17, "IQ2_XS", DType::kOpaque, 256, 74},
                                                         {18, "IQ3_XXS", DType::kOpaque, 256, 98},
                                                         {19, "IQ1_S", DType::kOpaque, 256, 50},
                                                         {20, "IQ4_NL", DType::kOpaque, 32, 18},
                                                         {21, "IQ3_S", DType::kOpaque, 256, 110},
                                                         {22, "IQ2_S", DType::kOpaque, 256, 82},
                                                         {23, "IQ4_XS", DType::kOpaque, 256, 136},
                                                         {24, "I8", DType::kI8, 1, 1},
                                                         {25, "I16", DType::kI16, 1, 2},
                                                         {26, "I32", DType::kI32, 1, 4},
                                                         {27, "I64", DType::kI64, 1, 8},
                                                         {28, "F64", DType::kF64, 1, 8},
                                                         {29, "IQ1_M", DType::kOpaque, 256, 56},
                                                         {30, "BF16", DType::kBF16, 1, 2},
                                                         {34, "TQ1_0", DType::kOpaque, 256, 54},
                                                         {35, "TQ2_0", DType::kOpaque, 256, 66},
                                                         {39, "MXFP4", DType::kOpaque, 32, 17}}};

}  // namespace dlv::interchange
