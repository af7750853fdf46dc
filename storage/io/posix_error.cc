#include "storage/io/posix_error.h"

#include <cerrno>
#include <system_error>

namespace dlv::io {

Error PosixError(int error_number, const char* action, const std::string& path) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return Error{ErrorCode::kNotFound, path + ": no such file or directory"};
    case EEXIST:
      return Error{ErrorCode::kConflict, path + ": exists already"};
    case ENOSPC:
      return Error{ErrorCode::kIo,
                   "no space left on device, at " + std::string(action) + " " + path,
                   "free some space and try again; nothing that was stored before is lost"};
    case EMFILE:
      return Error{ErrorCode::kIo,
                   path + ": " + action + ": this program may not have more files open at a time",
                   "allow more (ulimit -n), or put fewer files into one version"};
    case EFBIG:
      return Error{ErrorCode::kIo,
                   path + ": " + action + ": the file would be larger than files may be here",
                   "allow larger ones (ulimit -f), or use a file system that does"};
    case EDQUOT:
      return Error{ErrorCode::kIo,
                   "no space left on device (quota), at " + std::string(action) + " " + path,
                   "free some space and try again; nothing that was stored before is lost"};
    default:
      return Error{ErrorCode::kIo,
                   path + ": " + action + ": " + std::generic_category().message(error_number)};
  }
}

}  // namespace dlv::io
