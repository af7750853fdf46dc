#pragma once
/// \file
/// What a word of a statement may become, for shells.

#include <string_view>

#include "dlv/query.h"
#include "engine/query/context.h"

namespace dlv::query {

/// Words that fit at byte `cursor`: keywords, functions and relations; columns and properties
/// behind a dot; aliases behind `@`; inside quotes the names of metrics, hyper-parameters, tags,
/// models, stored queries or nodes, as what stands before them says. Ascending.
/// Errors: kCorruption, kIo.
Result<QueryCompletion> Complete(QueryContext& context, std::string_view text, std::size_t cursor);

}  // namespace dlv::query
