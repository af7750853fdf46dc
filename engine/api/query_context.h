#pragma once
/// \file
/// What the query engine needs, over a store.

#include <memory>

#include "engine/query/context.h"
#include "storage/store/store.h"

namespace dlv::api {

/// `store` must outlive it. Remembers the last states that it loaded, as long as nobody changes the
/// repository.
std::unique_ptr<query::QueryContext> MakeQueryContext(store::Store& store);

}  // namespace dlv::api
