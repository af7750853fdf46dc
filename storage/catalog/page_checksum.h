#pragma once
/// \file
/// The checksum in the last bytes of a catalog page.

#include <cstddef>
#include <cstdint>
#include <span>

#include "dlv/result.h"

namespace dlv::catalog {

/// Writes the checksum of page `number` (from 1) into its last 8 bytes. `page` has kPageSize bytes.
void SealPage(std::uint64_t number, std::span<std::byte> page);
/// Returns whether the last 8 bytes are right for the page.
bool IsPageSound(std::uint64_t number, std::span<const std::byte> page);

}  // namespace dlv::catalog
