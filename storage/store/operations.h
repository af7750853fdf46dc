#pragma once
/// \file
/// The operation log as users see it.

#include <vector>

#include "dlv/operations.h"
#include "dlv/result.h"
#include "storage/store/history.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::Operations.
Result<std::vector<OperationInfo>> ListOperations(Store& store, const OperationLogOptions& options);

/// Returns every operation of a history, the first one first.
std::vector<OperationInfo> Operations(const History& history);

/// Says what records do. `model_before` are values that the records do not have: of tags and notes.
OperationChange DescribeRecord(const History& history, const archive::LogPayload& payload,
                               std::size_t version, std::uint64_t sequence);

}  // namespace dlv::store
