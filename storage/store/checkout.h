#pragma once
/// \file
/// Getting versions back.

#include <string>
#include <string_view>

#include "dlv/progress.h"
#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::Checkout.
Result<CheckoutResult> Checkout(Store& store, std::string_view reference,
                                const CheckoutOptions& options, const Operation& operation);

/// As Repository::ReadTensor.
Result<Tensor> ReadTensor(Store& store, std::string_view reference, unsigned planes);

}  // namespace dlv::store
