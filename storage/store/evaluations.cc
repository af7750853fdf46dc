#include "storage/store/evaluations.h"

#include "storage/archive/operation_log.h"
#include "storage/store/alias_tag.h"

namespace dlv::store {

Status SaveEvaluations(Store& store, const std::vector<VersionResults>& results) {
  return store.Write("dlv eval", [&](Change& change) -> Status {
    for (const VersionResults& result : results) {
      DLV_ASSIGN(const auto version, change.catalog.FindById(result.id));
      if (!version) {
        return Error{ErrorCode::kNotFound,
                     "version @" + result.id.Hex(12) + " was removed while it was evaluated"};
      }
      for (const SavedEvaluation& value : result.values) {
        catalog::EvaluationRow row;
        row.version = version->row;
        row.created = change.now;
        row.dataset = value.data;
        row.name = value.metric;
        row.value = value.value;
        row.attributes = value.attributes;
        DLV_TRY(change.transaction.InsertEvaluation(row));
        change.log.emplace_back(archive::EvaluationRecord{result.id, value.data, value.metric,
                                                          value.value, value.attributes});
      }
      if (result.preprocess) {
        DLV_TRY(SetTagsIn(change, *version, {{std::string(kPreprocessTag), *result.preprocess}}));
      }
    }
    return Ok();
  });
}

Result<std::string> RememberedPreprocess(const catalog::Catalog& catalog,
                                         const catalog::VersionRow& version) {
  catalog::VersionRow at = version;
  while (true) {
    const auto tag = at.summary.tags.find(std::string(kPreprocessTag));
    if (tag != at.summary.tags.end()) return tag->second;
    if (at.summary.parents.empty()) return std::string();
    DLV_ASSIGN(auto parent, catalog.FindById(at.summary.parents.front().id));
    if (!parent || parent->model != version.model || parent->row >= at.row) return std::string();
    at = std::move(*parent);
  }
}

}  // namespace dlv::store
