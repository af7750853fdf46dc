#pragma once
/// \file
/// The gate of `dlv check`: where requirements meet a repository.

#include <string_view>

#include "dlv/progress.h"
#include "dlv/result.h"
#include "dlv/tensor_report.h"
#include "storage/store/store.h"

namespace dlv::api {

/// As Repository::Check.
Result<CheckResult> CheckVersion(store::Store& store, std::string_view reference,
                                 const CheckOptions& options, const Operation& operation);

}  // namespace dlv::api
