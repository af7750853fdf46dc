#pragma once
/// \file
/// From a reference to a version.

#include <optional>
#include <string>
#include <string_view>

#include "dlv/result.h"
#include "storage/catalog/rows.h"
#include "storage/store/reference.h"
#include "storage/store/store.h"

namespace dlv::store {

struct Target {
  catalog::VersionRow version;
  std::optional<std::int64_t> step;  ///< of the snapshot asked for; it exists
  std::string tensor_pattern;
};

/// Errors: kSyntax; kNotFound with the nearest names as hint; kInvalidArgument where an id prefix
/// fits several versions, with the candidates.
Result<Target> ResolveTarget(Store& store, std::string_view reference);
/// The same inside a change, which the reading connection does not see. Takes no `#step` and no
/// tensors.
Result<catalog::VersionRow> ResolveIn(const catalog::Catalog& catalog, std::string_view reference);

/// "no model X", with the nearest names, or the name that it has now, as hint.
Error NoModel(const catalog::Catalog& catalog, const std::string& model);

}  // namespace dlv::store
