#pragma once
/// \file
/// What numpy's arrays and scalars look like in a pickle.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/interchange/npy_header.h"
#include "storage/interchange/pickle.h"

namespace dlv::interchange {

/// An array of numbers (or of other plain bytes). `type.data_offset` is where its bytes begin in
/// the pickle.
struct NumpyArray {
  NpyHeader type;
  NodeIndex data = kNoNode;  ///< the node of its bytes
  std::uint64_t stored = 0;  ///< how many bytes stand in the pickle
  bool latin1 = false;       ///< they stand there as UTF-8 text
};

/// An array of Python objects: its elements, in C order.
struct NumpyObjects {
  std::vector<std::uint64_t> shape;
  NodeIndex list = kNoNode;
};

/// A numpy.float64 and the like; little-endian bytes.
struct NumpyScalar {
  DType dtype = DType::kF64;
  std::string bytes;
};

/// Returns whether a node stands for a numpy array.
bool IsNumpyArray(const Pickle& pickle, const PickleNode& node);

/// Reads an array of numbers; nothing where the node is one of objects (see NumpyObjectsOf).
/// Errors: kCorruption where type, shape and bytes do not fit together, saying which.
Result<std::optional<NumpyArray>> NumpyArrayOf(const Pickle& pickle, const PickleNode& node);

/// Reads an array of objects.  Errors: kCorruption.
Result<NumpyObjects> NumpyObjectsOf(const Pickle& pickle, const PickleNode& node);

std::optional<NumpyScalar> NumpyScalarOf(const Pickle& pickle, const PickleNode& node);

}  // namespace dlv::interchange
