#pragma once
/// \file
/// CRC-32 as zip and zlib have it, at memory speed.

#include <cstddef>
#include <cstdint>
#include <span>

namespace dlv::interchange {

/// Returns the CRC-32 of what `crc` (0 at first) stands for followed by `bytes`: equal to zlib's
/// crc32. Uses carry-less multiplication where the processor has it (about ten times as fast as
/// zlib 1.2.13).
std::uint32_t UpdateCrc32(std::uint32_t crc, std::span<const std::byte> bytes);

}  // namespace dlv::interchange
