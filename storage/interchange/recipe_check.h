#pragma once
/// \file
/// The laws of recipes that do not depend on their encoding; shared by encoder, decoder and replay.

#include "storage/interchange/recipe.h"

namespace dlv::interchange {

/// Returns the bytes that one instruction makes, without looking inside nested lists (they must
/// have been checked). Overflow cannot happen in a checked recipe; 0 stands for it.
std::uint64_t OutputSizeOf(const Instruction& instruction);

/// Returns the bytes that a checked list makes.
std::uint64_t OutputSizeOf(std::span<const Instruction> list);

}  // namespace dlv::interchange
