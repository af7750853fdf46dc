#pragma once
/// \file
/// Cuts a text into statements.

#include <string_view>
#include <vector>

#include "dlv/query.h"

namespace dlv::query {

/// Returns the statements of a text, without the `;` and without blanks and comments around them;
/// empty ones are left out. The last one may be unfinished. A quote without partner reaches to the
/// end of its line; where a `;` ends that line it ends the statement, so that a shell does not wait
/// for one that was typed already.
std::vector<QuerySession::Statement> SplitStatements(std::string_view text);

}  // namespace dlv::query
