#pragma once
/// \file
/// What the records of the operation log say, as bytes (docs/format/oplog.md, "Types").

#include <optional>
#include <span>
#include <vector>

#include "storage/archive/operation_log.h"

namespace dlv::archive {

std::vector<std::byte> EncodePayload(const LogPayload& payload);

/// Returns nothing for a type that this release does not know.  Errors: kCorruption.
Result<std::optional<LogPayload>> DecodePayload(std::uint16_t type,
                                                std::span<const std::byte> bytes);

}  // namespace dlv::archive
