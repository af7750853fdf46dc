#pragma once
/// \file
/// Where bytes are, as the screens of show and desc say it.

#include <vector>

#include "cli/output.h"
#include "dlv/tensor_report.h"

namespace dlv::cli {

/// Prints a table of coded bytes by planes and codec. Planes are put together in bands (sign and
/// exponent of f32, the rest of its high half, its low half, and what lies below); `all` prints
/// every group.
void PrintPlaneGroups(Output& out, const std::vector<PlaneGroup>& groups, bool all);

/// Prints a version's storage as fields and the table.
void PrintStorage(Output& out, const StorageReport& report, bool all);

}  // namespace dlv::cli
