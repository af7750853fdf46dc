#pragma once
/// \file
/// Notes on versions.

#include <string_view>

#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Errors: kInvalidArgument (no UTF-8, too long).
Status CheckNote(std::string_view text);

/// As Repository::SetNote.
Status SetNote(Store& store, std::string_view reference, std::string_view text);

}  // namespace dlv::store
