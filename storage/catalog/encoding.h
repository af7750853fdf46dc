#pragma once
/// \file
/// The blobs in catalog columns. On disk: docs/decisions/0002 and the comments here.

#include <span>
#include <vector>

#include "dlv/result.h"
#include "dlv/version_info.h"
#include "storage/catalog/rows.h"

namespace dlv::catalog {

/// varint count, then per number the signed varint of its distance to the one before plus 1:
/// neighbours cost one byte.
std::vector<std::byte> EncodeNumbers(std::span<const ObjectNumber> numbers);
Result<std::vector<ObjectNumber>> DecodeNumbers(std::span<const std::byte> bytes);

/// varint count, then name and value as strings, in order of names.
std::vector<std::byte> EncodeKeyValues(const KeyValues& values);
Result<KeyValues> DecodeKeyValues(std::span<const std::byte> bytes);

/// varint count, all steps as signed varint distances, then all values as binary64.
std::vector<std::byte> EncodePoints(std::span<const MetricPoint> points);
Result<std::vector<MetricPoint>> DecodePoints(std::span<const std::byte> bytes);

}  // namespace dlv::catalog
