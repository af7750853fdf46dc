#pragma once
/// \file
/// The parts of a rewrite that can be switched one without the other, and what each has gained.

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "dlv/ids.h"
#include "storage/archive/section_writer.h"
#include "storage/store/rewrite_set.h"
#include "storage/store/stored_forms.h"

namespace dlv::store {

/// What a part takes.
struct RewritePart {
  std::vector<std::uint32_t> rewrites;  ///< numbers
  std::uint64_t bytes_before = 0, bytes_after = 0;
  double planned_growth = 0;  ///< bytes that the plan has said it would take more
};
/// By number of a form: what the plan takes its unit to grow by.
using PlannedGrowth = std::unordered_map<std::uint32_t, double>;

/// Tensors are of one part where they share a cluster or a group (half of a group in its new form
/// would rest on two others, which no plan has asked for), or where one is stored against the
/// other, before or after: then the depth of one rests on the form of the other. `written` are the
/// objects that the rewrites became.
std::vector<RewritePart> PartsOf(const StoredForms& forms, const std::vector<Rewrite>& rewrites,
                                 const std::vector<archive::WrittenObject>& written,
                                 const PlannedGrowth& growth = {});

/// Returns the rewrites that are worth it: parts that became smaller, those that were meant to grow
/// (a budget holds because of that), and those with a tensor of `demanded`, which may grow.
std::vector<Rewrite> WorthRewriting(const StoredForms& forms, const std::vector<Rewrite>& rewrites,
                                    const std::vector<RewritePart>& parts,
                                    const std::unordered_set<TensorId>& demanded);

}  // namespace dlv::store
