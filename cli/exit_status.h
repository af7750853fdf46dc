#pragma once
/// \file
/// Exit statuses and the words of error messages.

#include "dlv/exit_status.h"
#include "dlv/result.h"

namespace dlv::cli {

/// Returns the word that stands in the brackets of "error[...]".
constexpr const char* ErrorWord(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "usage";
    case ErrorCode::kSyntax:
      return "syntax";
    case ErrorCode::kNotFound:
      return "not-found";
    case ErrorCode::kConflict:
      return "conflict";
    case ErrorCode::kCorruption:
      return "corrupt";
    case ErrorCode::kIo:
      return "io";
    case ErrorCode::kRemote:
      return "remote";
    case ErrorCode::kDenied:
      return "denied";
    case ErrorCode::kUnsafe:
      return "unsafe-input";
    case ErrorCode::kCancelled:
      return "interrupted";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kDevice:
      return "device";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

}  // namespace dlv::cli
