#include "storage/codec/integer_delta_model.h"

#include <algorithm>
#include <bit>

#include "storage/codec/delta_format.h"
#include "storage/codec/integer_delta_format.h"
#include "storage/codec/log2_table.h"

namespace dlv::codec {
namespace {

// What a table takes in the file, about (docs/format/codec.md §5.2): two bits for the class of a
// symbol, and its frequency below the leading one.
std::uint64_t TableBits(const SymbolCounts& counts, std::uint64_t total) {
  std::uint64_t bits = 16;
  std::uint64_t skipped = 0;
  bool has_begun = false;
  for (const std::uint32_t count : counts) {
    if (count == 0) {
      skipped += has_begun ? 1 : 0;
      continue;
    }
    const std::uint64_t frequency = (std::uint64_t{count} << kDeltaTableBits) / total;
    bits += skipped + 1 + std::max<std::uint64_t>(std::bit_width(frequency), 1);
    skipped = 0;
    has_begun = true;
  }
  return bits;
}

std::uint64_t TotalOf(const SymbolCounts& counts) {
  std::uint64_t total = 0;
  for (const std::uint32_t count : counts) total += count;
  return total;
}

std::uint64_t CostOf(const SymbolCounts& counts, std::uint64_t total) {
  return EntropyBits(counts) + TableBits(counts, total);
}

}  // namespace

void IntegerTables::Choose(std::span<const SymbolCounts> by_context) {
  table_of.clear();
  counts.clear();
  bits = by_context.size();
  std::uint64_t open_cost = 0;
  for (const SymbolCounts& own : by_context) {
    const std::uint64_t total = TotalOf(own);
    if (total != 0 && counts.empty()) {
      counts.push_back(own);
      open_cost = CostOf(own, total);
    } else if (total != 0) {
      SymbolCounts joined = counts.back();
      for (std::size_t symbol = 0; symbol < joined.size(); ++symbol) joined[symbol] += own[symbol];
      const std::uint64_t own_cost = CostOf(own, total);
      const std::uint64_t joined_cost = CostOf(joined, TotalOf(joined));
      if (joined_cost > open_cost + own_cost && counts.size() < kMostIntegerTables) {
        bits += open_cost;
        counts.push_back(own);
        open_cost = own_cost;
      } else {
        counts.back() = joined;
        open_cost = joined_cost;
      }
    }
    table_of.push_back(static_cast<std::uint8_t>(counts.empty() ? 0 : counts.size() - 1));
  }
  bits += open_cost;
}

std::size_t ChooseLimits(const SymbolCounts& counts, std::span<std::uint8_t> limits) {
  std::uint64_t left = TotalOf(counts);
  std::uint64_t gathered = 0;
  std::size_t chosen = 0;
  for (unsigned value = 0; value + 1 < counts.size() && chosen < limits.size(); ++value) {
    gathered += counts[value];
    const std::uint64_t parts = limits.size() + 1 - chosen;
    if (gathered == 0 || gathered * parts < left || gathered == left) continue;
    limits[chosen++] = static_cast<std::uint8_t>(value + 1);
    left -= gathered;
    gathered = 0;
  }
  return chosen;
}

}  // namespace dlv::codec
