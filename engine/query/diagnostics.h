#pragma once
/// \file
/// Errors with their place, as a person reads them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/query.h"
#include "engine/query/syntax_tree.h"

namespace dlv::query {

/// Returns line, column and length (in characters) of a place in `text`.
QueryPlace PlaceIn(std::string_view text, Place place);

/// Returns the error with its place and the message as a terminal shows it:
///
///     line 1, column 23: no metric "val_ac"
///       select m where m.metrics["val_ac"] > 0.9
///                                ^~~~~~~~
///       did you mean "val_acc"?
///
/// The error's message gets the same first line. Control characters are shown as "?", long lines
/// are cut around the place.
QueryDiagnostic Diagnose(std::string_view text, const Error& error, std::optional<Place> place);

/// Returns the names nearest to `wanted` (at most three, best first): those at an edit distance of
/// at most a third of its length, or that begin alike. Case does not count.
std::vector<std::string> Nearest(std::string_view wanted, const std::vector<std::string>& names);

/// Returns `did you mean "a", "b" or "c"?`, or nothing where none is near.
std::string DidYouMean(std::string_view wanted, const std::vector<std::string>& names);

}  // namespace dlv::query
