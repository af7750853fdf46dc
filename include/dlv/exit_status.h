#pragma once
/// \file
/// Exit statuses of the program, and the one table from error codes to them (docs/exit-codes.md).
/// The Python package gives its exceptions the same numbers.

#include "dlv/result.h"

namespace dlv {

/// What `dlv` ends with. Values are part of the API and are never renumbered.
enum ExitStatus : int {
  kExitOk = 0,
  kExitNo = 1,         ///< the answer is "no": differences, a failed check
  kExitUsage = 2,      ///< usage or syntax
  kExitNotFound = 3,   ///< repository, model, version, tensor or file
  kExitConflict = 4,   ///< somebody else holds the lock, or the state has moved on
  kExitIntegrity = 5,  ///< stored bytes are not what was written
  kExitIo = 6,         ///< the local file system refused, or is full
  kExitRemote = 7,     ///< another machine
  kExitDenied = 8,     ///< authentication or authorisation
  kExitUnsafe = 9,     ///< unsafe input refused
  kExitInternal = 70,  ///< a defect of dlv, or something that this release does not do
  kExitInterrupted = 130,
};

/// Returns the status with which a command that failed with `code` ends.
constexpr int ExitStatusOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return kExitUsage;
    case ErrorCode::kSyntax:
      return kExitUsage;
    case ErrorCode::kNotFound:
      return kExitNotFound;
    case ErrorCode::kConflict:
      return kExitConflict;
    case ErrorCode::kCorruption:
      return kExitIntegrity;
    case ErrorCode::kIo:
      return kExitIo;
    case ErrorCode::kRemote:
      return kExitRemote;
    case ErrorCode::kDenied:
      return kExitDenied;
    case ErrorCode::kUnsafe:
      return kExitUnsafe;
    case ErrorCode::kCancelled:
      return kExitInterrupted;
    case ErrorCode::kUnsupported:
      return kExitInternal;
    case ErrorCode::kDevice:
      return kExitInternal;
    case ErrorCode::kInternal:
      return kExitInternal;
  }
  return kExitInternal;
}

}  // namespace dlv
