#include "storage/store/rename.h"

#include "storage/store/names.h"
#include "storage/store/resolve.h"

namespace dlv::store {
namespace {

Error Taken(const catalog::Catalog& catalog, const std::string& name) {
  const auto model = catalog.FindModel(name);
  if (model.ok() && model->has_value() && (*model)->version_count != 0) {
    return Error{ErrorCode::kConflict, "there is a model " + Quoted(name) + " already",
                 "choose another name"};
  }
  return Error{ErrorCode::kConflict,
               "there was a model " + Quoted(name) +
                   "; its numbers stay with it, as its versions may be restored",
               "choose another name"};
}

}  // namespace

Status RenameModel(Store& store, std::string_view from, std::string_view to) {
  DLV_TRY(CheckModelName(from));
  DLV_TRY(CheckModelName(to));
  if (from == to) {
    return Error{ErrorCode::kInvalidArgument, "the model is called " + Quoted(from) + " already"};
  }
  return store.Write("dlv mv", [&](Change& change) -> Status {
    const std::string old_name(from), new_name(to);
    DLV_ASSIGN(const auto model, change.catalog.FindModel(from));
    if (!model || model->version_count == 0) return NoModel(change.catalog, old_name);
    const Status renamed = change.transaction.RenameModel(from, to);
    if (!renamed.ok() && renamed.error().code == ErrorCode::kConflict)
      return Taken(change.catalog, new_name);
    DLV_TRY(renamed);
    change.log.emplace_back(archive::RenameRecord{old_name, new_name});
    return Ok();
  });
}

}  // namespace dlv::store
