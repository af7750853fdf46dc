#pragma once
/// \file
/// What the store needs of networks, by the engine.

#include "storage/store/network_importer.h"

namespace dlv::api {

/// Returns the one importer; it has no state.
const store::NetworkImporter& EngineImporter();

}  // namespace dlv::api
