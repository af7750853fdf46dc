#pragma once
/// \file
/// Which contexts of an integer delta share a table, and what that takes.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace dlv::codec {

using SymbolCounts = std::array<std::uint32_t, 256>;

/// Contexts in a row share a table where one of their own would cost more than it saves.
struct IntegerTables {
  std::vector<std::uint8_t> table_of;  ///< by context; rises by at most one from each to the next
  std::vector<SymbolCounts> counts;    ///< by table
  std::uint64_t bits = 0;              ///< of all symbols at their entropy, tables included

  /// `by_context`: how often each symbol occurs in each context, at least once in all.
  void Choose(std::span<const SymbolCounts> by_context);
};

/// Limits between values of the base, so that about as many units lie between two as between any
/// other two. `counts`: of the values, in their order. Writes ascending limits, returns how many.
std::size_t ChooseLimits(const SymbolCounts& counts, std::span<std::uint8_t> limits);

}  // namespace dlv::codec
