#pragma once
/// \file
/// The numbers of parameters that a query made, from their initialisers.

#include <cstddef>
#include <string_view>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"

namespace dlv::query {

/// Returns the bytes (f32, C order, little-endian). The same text, name and shape give the same
/// bytes everywhere: the generator is SplitMix64, normal numbers are made by Box and Muller's
/// transform in binary64 (A note on the generation of random normal deviates, 1958).
/// Errors: kInvalidArgument (the shape is not known, or too large; another type than f32), those of
/// network::ParseInitializer.
Result<std::vector<std::byte>> MakeInitialWeights(const NetworkParameter& parameter);

}  // namespace dlv::query
