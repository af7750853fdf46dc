#pragma once
/// \file
/// Lossy versions that run as the exact ones do.

#include <string_view>

#include "dlv/progress.h"
#include "dlv/quantize.h"
#include "storage/store/store.h"

namespace dlv::api {

/// As Repository::Quantize: store::Quantize, with the network and the preprocessing of the version.
Result<QuantizeResult> Quantize(store::Store& store, std::string_view reference,
                                const QuantizeOptions& options, const Operation& operation);

}  // namespace dlv::api
