#pragma once
/// \file
/// errno to Error; the only place that knows errno values.

#include <string>

#include "dlv/result.h"

namespace dlv::io {

/// Returns the error for `error_number` of `action` ("open", "write", ...) on `path`: kNotFound,
/// kConflict (exists) or kIo.
Error PosixError(int error_number, const char* action, const std::string& path);

}  // namespace dlv::io
