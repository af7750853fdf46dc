#pragma once
/// \file
/// The proof before a commit: what is stored gives the files back byte for byte.

#include <string>
#include <vector>

#include "dlv/commit.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/store/file_pass.h"
#include "storage/store/store.h"
#include "storage/store/stored_file.h"

namespace dlv::store {

/// A file as it was stored.
struct StoredInput {
  FileInput request;
  std::string change_key;  ///< of the file when it was read
  archive::ManifestFile entry;
  std::vector<TensorId> tensors;
  PassedTensors passed = {};  ///< what was seen while its SHA-256 was taken
};

/// Makes the file again, or its pieces, and compares them with the source (PiecewiseProof where
/// that will do). Returns whether they are the same. `written`: what was proved of chunks when they
/// were coded (CheckedChunks). Errors: kConflict (the source was written to), kCorruption, kIo,
/// kCancelled.
Result<bool> GivesFileBack(Store& store, Readers readers, const archive::CheckedTensors& written,
                           const StoredInput& input, const Operation& operation);

}  // namespace dlv::store
