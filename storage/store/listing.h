#pragma once
/// \file
/// What there is: models, versions, their history.

#include <string_view>
#include <vector>

#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

Result<std::vector<ModelSummary>> ListModels(Store& store, const ListOptions& options);
Result<std::vector<VersionSummary>> ListVersions(Store& store, const ListOptions& options);
Result<std::vector<LogEntry>> Log(Store& store, std::string_view reference,
                                  const LogOptions& options);
Result<VersionDetails> Describe(Store& store, std::string_view reference);

}  // namespace dlv::store
