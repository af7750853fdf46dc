#pragma once
/// \file
/// Networks of versions, joined with their tensors.

#include <string>
#include <string_view>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"
#include "storage/archive/manifest.h"
#include "storage/store/store.h"

namespace dlv::api {

/// Bodies of Repository::ReadNetwork and DiffNetworks.
Result<NetworkReport> ReadNetwork(store::Store& store, std::string_view reference);
Result<NetworkDiff> DiffNetworks(store::Store& store, std::string_view before,
                                 std::string_view after);

/// Fills in how the parameters of the report's network are joined with the tensors of snapshot
/// `step` (nothing: the last one) of a version.  Guesses count only where the commit accepted them.
Status JoinTensors(store::Store& store, const archive::Manifest& manifest,
                   const std::optional<std::int64_t>& step, const std::string& reference,
                   NetworkReport& report);

/// What a commit says of the network that it was given: how many parameters found their tensor and
/// how, which did not, and which tensors nothing uses.
std::vector<std::string> GraphNotes(const NetworkReport& report);

}  // namespace dlv::api
