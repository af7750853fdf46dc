#pragma once
/// \file
/// Another name for a model.

#include <string_view>

#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::RenameModel.
Status RenameModel(Store& store, std::string_view from, std::string_view to);

}  // namespace dlv::store
