#pragma once
/// \file
/// Operations in words.

#include <string>

#include "dlv/operations.h"

namespace dlv::cli {

/// "alias best: lenet:v3 -> lenet:v5"; printable.
std::string ChangeText(const OperationChange& change);

/// The first `most` changes (0: all), with how many there are more.
std::string ChangesText(const std::vector<OperationChange>& changes, std::size_t most);

}  // namespace dlv::cli
