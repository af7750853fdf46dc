#pragma once
/// \file
/// Which tensors of a version share their storage in the file that it was committed from.

#include <cstddef>
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

}  // namespace dlv::store
