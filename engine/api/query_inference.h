#pragma once
/// \file
/// Networks that run for queries: what predict and evaluate of DQL need, over a store.

#include <memory>
#include <span>
#include <string>

#include "engine/query/context.h"
#include "storage/store/store.h"

namespace dlv::api {

/// The store must outlive what comes back.
Result<std::unique_ptr<query::Predictor>> OpenPredictor(store::Store& store,
                                                        const query::RunSubject& subject,
                                                        const query::PredictionRequest& request,
                                                        const Operation& operation);

/// As `dlv eval` evaluates; nothing is saved.
Result<query::Evaluated> EvaluateSubject(store::Store& store, const query::RunSubject& subject,
                                         const query::RunData& data,
                                         std::span<const std::string> metrics,
                                         const Operation& operation);

/// Records results in the catalog, as `dlv eval --save` does.
/// Errors: kInvalidArgument (of a network that is not stored).
Status SaveResults(store::Store& store, std::span<const query::Evaluated> results);

/// The scalars at the top of a YAML or JSON file, or a prototxt, by name.
Result<KeyValues> ReadSettings(const std::string& path);

}  // namespace dlv::api
