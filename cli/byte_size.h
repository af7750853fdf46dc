#pragma once
/// \file
/// Sizes as people write them.

#include <cstdint>
#include <string>

#include "dlv/result.h"

namespace dlv::cli {

/// Returns bytes: "5GiB", "500MB", "1.5g", "4096"; KiB, MiB, GiB, TiB (and k, m, g, t) are powers
/// of 1024, kB, MB, GB, TB powers of 1000. Case does not matter, blanks before the unit neither.
/// Errors: kInvalidArgument (no such size, 0, beyond 2^63), with `option` in the message.
Result<std::uint64_t> ParseByteSize(const std::string& text, const std::string& option);

}  // namespace dlv::cli
