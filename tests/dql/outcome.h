#pragma once
/// \file
/// What a statement gives, as lines of a language file.

#include <string>
#include <vector>

#include "dlv/query.h"

namespace dlv::query {

/// Returns the rows ("a | 1 | [x, y]"), or the networks ("s of net:v1: conv1 relu1"); errors as
/// "error LINE:COLUMN message" and "hint ...". Comments give values of parameters, a line each:
/// "-- :limit = 0.9", "-- :name = "lenet"", "-- :list = [1, 2]".
std::vector<std::string> Outcome(QuerySession& session, const std::string& text);

/// Returns the lines of an error as far as `expected` says them; other lines as they are.
std::vector<std::string> AsFarAs(const std::vector<std::string>& expected,
                                 std::vector<std::string> lines);

}  // namespace dlv::query
