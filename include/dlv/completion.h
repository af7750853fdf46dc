#pragma once
/// \file
/// How a reference that is being typed may go on: for shells, editors and pages that offer names.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"

namespace dlv {

/// Returns whole references that begin with `text`, at most `limit`, of the repository at `root`:
///
///     "le"          names of models: lenet, lenet-five
///     "lenet:"      aliases, then versions, newest first: lenet:best, lenet:latest, lenet:v3 ...
///     "lenet:v1"    lenet:v1, lenet:v19 ... lenet:v10, ...
///     "lenet#"      steps of its snapshots: lenet#1000
///     "lenet/conv"  tensors but for optimizer state: lenet/conv1.weight
///
/// Takes milliseconds, however many versions there are, and waits for nobody. Text that nothing
/// begins with has no continuation, which is no error.
/// Errors: kSyntax, kNotFound (what stands in front of '#' or '/'); those of Repository::Open.
Result<std::vector<std::string>> CompleteReference(const std::filesystem::path& root,
                                                   std::string_view text, std::size_t limit = 100);

}  // namespace dlv
