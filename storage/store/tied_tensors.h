#pragma once
/// \file
/// Which tensors of a version share their storage in the file that it was committed from, and which
/// that file has no name for.

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/manifest.h"
#include "storage/store/store.h"
#include "storage/store/version_content.h"

namespace dlv::store {

/// What the files of a snapshot say of their tensors beyond its layout.
struct TensorTies {
  /// For each tensor the place of the one that it is tied to: itself, or one before it in the
  /// layout with the same file, bytes, dtype and shape whose bytes the file has only once.
  std::vector<std::size_t> tied_to;
  /// Tensors of which their file knows no name: storages that others are views of, and what of a
  /// storage no tensor shows.
  std::set<std::size_t> unnamed;
  std::vector<std::string> warnings;  ///< where that is told by the name alone
};

/// That equal bytes were one storage is known from the file's recipe, which writes tied tensors
/// once, or, where views of other ranges lie in the same storage, from what stands in the file
/// between its tensors; where there is neither (committed from memory, or without optimizer state,
/// or compressed inside, with such views), nothing is tied. Transposed and overlapping views are
/// not ties.
/// Errors: kCorruption, kIo.
Result<TensorTies> FindTies(Store& store, const archive::Manifest& manifest,
                            const SnapshotContent& content);

/// Returns the places in the layout of the tensors that the recipe of a file writes; `file` is its
/// ordinal in the layout, `entry` is made by a recipe. Errors: kCorruption, kIo.
Result<std::set<std::size_t>> WrittenTensors(Store& store, const archive::ManifestFile& entry,
                                             const SnapshotContent& content, std::uint32_t file);

}  // namespace dlv::store
