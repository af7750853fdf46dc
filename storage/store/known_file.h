#pragma once
/// \file
/// A file that some version has already: nothing of it needs to be read again.

#include <cstdint>
#include <optional>
#include <vector>

#include "dlv/ids.h"
#include "dlv/result.h"
#include "storage/archive/layout.h"
#include "storage/archive/manifest.h"
#include "storage/store/store.h"

namespace dlv::store {

struct KnownFile {
  archive::ManifestFile entry;
  std::vector<archive::LayoutTensor> tensors;  ///< `file` is of the other version
  std::vector<TensorId> ids;
  std::vector<TensorId> strips;  ///< ids of the file's strips, in order
};

/// Returns the file with this content whose bytes can be had back; nothing where there is none.
Result<std::optional<KnownFile>> FindKnownFile(Store& store, const FileDigest& sha256);

}  // namespace dlv::store
