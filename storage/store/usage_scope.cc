#include "storage/store/usage_scope.h"

#include <algorithm>
#include <set>

#include "storage/store/resolve.h"

namespace dlv::store {
namespace {

/// A bare name is a model; whatever else names one version.
Result<std::set<catalog::Row>> RowsOf(const catalog::Catalog& catalog,
                                      const std::vector<catalog::VersionRow>& versions,
                                      const std::vector<std::string>& references) {
  std::set<catalog::Row> rows;
  for (const std::string& reference : references) {
    DLV_ASSIGN(const auto model, catalog.FindLatest(reference));
    if (!model) {
      DLV_ASSIGN(const catalog::VersionRow version, ResolveIn(catalog, reference));
      rows.insert(version.row);
      continue;
    }
    for (const catalog::VersionRow& version : versions) {
      if (version.summary.model == reference) rows.insert(version.row);
    }
  }
  return rows;
}

}  // namespace

Result<UsageScope> FindScope(Store& store, const std::vector<std::string>& references) {
  return store.Read([&](const catalog::Catalog& catalog) -> Result<UsageScope> {
    DLV_ASSIGN(auto versions, catalog.ListVersions());
    std::reverse(versions.begin(), versions.end());  // oldest first
    DLV_ASSIGN(const std::set<catalog::Row> rows, RowsOf(catalog, versions, references));
    UsageScope scope;
    for (catalog::VersionRow& version : versions) {
      DLV_ASSIGN(auto roots, catalog.ReferencedObjects(version.row));
      if (references.empty() || rows.contains(version.row)) {
        scope.versions.push_back({std::move(version), std::move(roots)});
      } else {
        scope.others.insert(scope.others.end(), roots.begin(), roots.end());
      }
    }
    return scope;
  });
}

}  // namespace dlv::store
