#pragma once
/// \file
/// A lease: a small file beside something unfinished that says who is working on it, so that gc
/// leaves it alone.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "dlv/result.h"
#include "storage/io/file_system.h"
#include "storage/io/holder.h"

namespace dlv::io {

/// Removed by Release or the destructor.
class Lease {
 public:
  /// Writes the lease at `path` (never seen half written, replaces an old one).  Errors: kIo.
  static Result<std::unique_ptr<Lease>> Create(FileSystem& file_system, const std::string& path,
                                               std::string_view command);
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  Status Release();

 private:
  Lease(FileSystem& file_system, std::string path, Holder holder)
      : file_system_(file_system), path_(std::move(path)), holder_(std::move(holder)) {}

  FileSystem& file_system_;
  std::string path_;
  Holder holder_;
  bool held_ = true;
};

/// Returns false where the holder is proved gone or the content is no lease at all (its writer lost
/// power); true where it lives or nothing can be proved (another host).
bool IsHolderAlive(std::span<const std::byte> lease);
/// The same for a lease file; a missing file has no holder.  Errors: kIo.
Result<bool> IsLeaseAlive(FileSystem& file_system, const std::string& path);

}  // namespace dlv::io
