#pragma once
/// \file
/// Whether gc may judge a pack: only what was read and understood whole is known to be garbage.

#include <string>

#include "storage/store/store.h"

namespace dlv::store {

/// Returns why pack `name` cannot be read and understood whole (its frame, every section, every
/// directory record, manifest and envelope); empty where it can, or where it is gone.
std::string WhyNotUnderstood(Store& store, const std::string& name);

}  // namespace dlv::store
