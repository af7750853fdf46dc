#pragma once
/// \file
/// Sizes in messages.

#include <cstdint>
#include <string>

namespace dlv::io {

/// "812 B", "244.1 KiB", "1.2 GiB".
std::string ByteCount(std::uint64_t bytes);

}  // namespace dlv::io
