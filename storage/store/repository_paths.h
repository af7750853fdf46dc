#pragma once
/// \file
/// Where things are below .dlv, and the file that says what a repository is.

#include <cstdint>
#include <string>
#include <string_view>

#include "dlv/result.h"
#include "storage/io/file_system.h"

namespace dlv::store {

/// Paths of one repository. docs/architecture.md, "Files of a repository".
struct RepositoryPaths {
  explicit RepositoryPaths(std::string root_folder);

  std::string root;  ///< the work tree
  std::string dlv;   ///< root/.dlv
  std::string format, catalog, log, packs, tmp, trash, stage, lock;

  std::string Pack(std::string_view name) const { return packs + "/" + std::string(name); }
  std::string Temporary(std::string_view name) const { return tmp + "/" + std::string(name); }
};

/// What .dlv/format says.
struct RepositoryFormat {
  std::uint32_t version = 1;
  std::uint64_t features = 0;  ///< required: an unknown bit refuses
};

inline constexpr std::uint32_t kRepositoryVersion = 1;

std::string EncodeFormat(const RepositoryFormat& format);
/// Errors: kCorruption, kUnsupported (newer version or unknown feature).
Result<RepositoryFormat> DecodeFormat(std::string_view text);

/// Reads .dlv/format.  Errors: kNotFound (no repository), and as DecodeFormat.
Result<RepositoryFormat> ReadFormat(io::FileSystem& file_system, const RepositoryPaths& paths);

/// Makes the folders and the format file, which comes last: without it there is no repository.
/// Errors: kConflict (there is one), kIo.
Status MakeFolders(io::FileSystem& file_system, const RepositoryPaths& paths);
Status WriteFormat(io::FileSystem& file_system, const RepositoryPaths& paths);

}  // namespace dlv::store
