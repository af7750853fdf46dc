#pragma once
/// \file
/// Initialisers of parameters that have no tensor yet, as text: "zeros", "ones", "constant(0.1)",
/// "normal(0, 0.02, seed=7)", "uniform(-1, 1, seed=7)", "xavier(seed=7)", "kaiming(seed=7)".

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"

namespace dlv::network {

struct Initializer {
  std::string name;  ///< "normal"
  std::vector<double> arguments;
  std::uint64_t seed = 0;  ///< of those that draw numbers
};

/// Errors: kSyntax, kNotFound (no such initialiser, with what there is), kInvalidArgument (number
/// or range of arguments).
Result<Initializer> ParseInitializer(std::string_view text);

/// Returns the text in its one canonical form, with the seed.
std::string TextOf(const Initializer& initializer);

/// Returns a seed that depends on the name only; below 2^31.
std::uint64_t SeedOf(std::string_view parameter);

}  // namespace dlv::network
