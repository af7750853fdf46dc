#pragma once
/// \file
/// The content blob of a file that is made again from tensors: which recipe, and which blobs are
/// its literals. Files of one structure share recipe and often literals.

#include <cstddef>
#include <span>
#include <vector>

#include "dlv/ids.h"
#include "dlv/result.h"

namespace dlv::store {

/// On disk: docs/format/repository.md, "Assembly".
struct Assembly {
  BlobId recipe;
  std::vector<BlobId> literals;  ///< in the recipe's order
  bool operator==(const Assembly&) const = default;
};

/// Returns the canonical bytes.
std::vector<std::byte> EncodeAssembly(const Assembly& assembly);
/// Errors: kCorruption, kUnsupported (newer version).
Result<Assembly> DecodeAssembly(std::span<const std::byte> bytes);

}  // namespace dlv::store
