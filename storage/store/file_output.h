#pragma once
/// \file
/// One file of a checkout: hashed while it is written, left alone where it is there already.

#include <functional>
#include <string>

#include "dlv/progress.h"
#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/io/output_folder.h"

namespace dlv::store {

/// Returns whether the folder has exactly these bytes at `path`.
Result<bool> IsThereAlready(const io::OutputFolder& folder, const std::string& path,
                            std::uint64_t size_bytes, const FileDigest& sha256);

/// Errors: kConflict where something is at `path` and `overwrite` is false.
Status CheckFree(const io::OutputFolder& folder, const std::string& shown, const std::string& path,
                 bool overwrite);

/// Writes a file by `write` and returns size and digest, which another thread works out. `want`:
/// the digest that it must have; otherwise kCorruption, and nothing is left behind.
Result<CheckedOutFile> WriteOutput(const io::OutputFolder& folder, const std::string& path,
                                   std::uint32_t mode, const FileDigest* want,
                                   const CancellationToken* cancel,
                                   const std::function<void(std::uint64_t bytes)>& on_progress,
                                   const std::function<Status(io::ByteSink& sink)>& write);

struct ExpectedFile {
  std::uint64_t size_bytes = 0;
  FileDigest sha256;
};

/// Writes a file by `write`, which proves that what it writes is `known`; only the size is
/// compared.
Result<CheckedOutFile> WriteProvedOutput(
    const io::OutputFolder& folder, const std::string& path, std::uint32_t mode,
    const ExpectedFile& known, const CancellationToken* cancel,
    const std::function<void(std::uint64_t bytes)>& on_progress,
    const std::function<Status(io::ByteSink& sink)>& write);

}  // namespace dlv::store
