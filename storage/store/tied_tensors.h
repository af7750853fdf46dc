#pragma once
/// \file
/// Which tensors of a version share their storage in the file that it was committed from.

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/manifest.h"
#include "storage/store/store.h"
#include "storage/store/version_content.h"

namespace dlv::store {

/// Returns for each tensor of the snapshot the place of the one that it is tied to: itself, or one
/// before it in the layout with the same file, bytes, dtype and shape whose bytes the file has only
/// once. That equal bytes were one storage is known from the file's recipe, which writes tied
/// tensors once; where there is no recipe (committed from memory, or without optimizer state),
/// nothing is tied. Transposed and overlapping views are not ties.
/// Errors: kCorruption, kIo.
Result<std::vector<std::size_t>> FindTiedTensors(Store& store, const archive::Manifest& manifest,
                                                 const SnapshotContent& content);

/// Returns the places in the layout of the tensors that the recipe of a file writes; `file` is its
/// ordinal in the layout, `entry` is made by a recipe. Errors: kCorruption, kIo.
Result<std::set<std::size_t>> WrittenTensors(Store& store, const archive::ManifestFile& entry,
                                             const SnapshotContent& content, std::uint32_t file);

}  // namespace dlv::store
