#pragma once
/// \file
/// Training steps read from the names of a series of checkpoints.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"

namespace dlv::cli {

/// Returns the step of each name, in the order given.
///
/// All names must be alike but for their numbers. Of the numbers that vary, the last one that
/// follows a word for training time is taken ("step-4000", "_iter_10000", "epoch_020", "v03"), else
/// the last one; parts of a decimal fraction ("loss0.25") only where nothing else varies. One name
/// alone: the same choice among all its numbers. "1e3" is 1,000. Errors: kInvalidArgument (a name
/// without a number, or not like most others; all of one step: "run3_step5", "run4_step5").
Result<std::vector<std::int64_t>> StepsFromNames(std::span<const std::string> names);

/// Returns `name` with every number replaced by "#": names of a series agree in it.
std::string NamePattern(std::string_view name);

}  // namespace dlv::cli
