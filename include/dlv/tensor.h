#pragma once
/// \file
/// Tensors in memory and the sources that a commit reads them from.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/ids.h"
#include "dlv/result.h"

namespace dlv {

using Shape = std::vector<std::int64_t>;

/// What a tensor is for; part of its key.  On disk: do not renumber.
enum class TensorRole : std::uint8_t { kParameter = 0, kBuffer = 1, kOptimizer = 2, kOther = 3 };

/// Returns "parameter", "buffer", "optimizer" or "other".
constexpr std::string_view NameOf(TensorRole role) {
  switch (role) {
    case TensorRole::kParameter:
      return "parameter";
    case TensorRole::kBuffer:
      return "buffer";
    case TensorRole::kOptimizer:
      return "optimizer";
    case TensorRole::kOther:
      return "other";
  }
  return "other";
}

/// A tensor of a snapshot as listings show it.
struct TensorInfo {
  std::string name;  ///< as in the file, e.g. "layer1.0.conv1.weight"
  TensorRole role = TensorRole::kParameter;
  std::uint32_t file = 0;  ///< ordinal of its file among the files of the version
  DType dtype = DType::kF32;
  Shape shape;
  TensorId id;
  std::string foreign_dtype = {};  ///< kOpaque: what the file calls the type ("Q4_0"), if it does
  /// kOpaque: `shape` is that of the bytes. This is the shape in elements, as the network sees it,
  /// where dlv knows how the type packs them ({4096, 4096} for a Q4_0 of {4096, 2304} bytes); else
  /// empty, as it is for all other types.
  Shape logical_shape = {};
  std::uint64_t element_count() const {
    std::uint64_t count = 1;
    for (const std::int64_t extent : shape) count *= static_cast<std::uint64_t>(extent);
    return count;
  }
};

/// A tensor in memory: C order, little-endian.
struct Tensor {
  TensorInfo info;
  std::vector<std::byte> bytes;
  /// Bit planes really read, most significant first; 8 * SizeOf(dtype) when the values are exact.
  /// Below that, bits that were not read are zero.
  unsigned planes = 0;
};

/// Gives a commit its tensors one by one, so that a model never has to be in memory whole.
class TensorSource {
 public:
  virtual ~TensorSource() = default;
  /// Returns the number of tensors.
  virtual std::size_t size() const = 0;
  /// Returns name, role, dtype and shape of tensor `index`; `id` and `file` are ignored.
  virtual TensorInfo Info(std::size_t index) const = 0;
  /// Fills `out` with the bytes of tensor `index` from byte `offset` on (C order, little-endian).
  /// Called several times for one tensor, from several threads.  Errors end the commit and are
  /// passed up.
  virtual Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) = 0;
};

}  // namespace dlv
