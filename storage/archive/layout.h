#pragma once
/// \file
/// The layout of a snapshot: keys, dtypes and shapes of its tensors, without their values. A blob,
/// shared by all versions of a network (docs/format/archive.md, "Layout").

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/result.h"
#include "dlv/tensor.h"

namespace dlv::archive {

/// A tensor of a layout. The stored tensor is always C order and little-endian; order and byte
/// order say how the file had it.
struct LayoutTensor {
  std::uint32_t file = 0;  ///< ordinal among the files of the snapshot
  TensorRole role = TensorRole::kParameter;
  std::string name;
  DType dtype = DType::kF32;
  std::string foreign_dtype;  ///< kOpaque: what the file calls it; else empty
  Shape shape;
  bool fortran_order = false;
  bool big_endian = false;
  bool in_strip = false;  ///< stored side by side with others (storage/archive/strips.h)
  bool operator==(const LayoutTensor&) const = default;
};

struct Layout {
  std::vector<LayoutTensor> tensors;
  bool operator==(const Layout&) const = default;
};

/// Returns the canonical bytes; the layout's id is HashBlob of them.
/// Errors: kInvalidArgument for negative or overflowing extents, two tensors with one key, too long
/// names.
Result<std::vector<std::byte>> EncodeLayout(const Layout& layout);
/// Errors: kCorruption, kUnsupported.
Result<Layout> DecodeLayout(std::span<const std::byte> bytes);

/// Returns the number of elements, checked against overflow and kMaxElementCount.
Result<std::uint64_t> ElementCount(const Shape& shape);

}  // namespace dlv::archive
