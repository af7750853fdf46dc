#pragma once
/// \file
/// Which tensors have to be written again so that some of them get other bases, and at which depth
/// each is afterwards.
///
/// Four rules make this more than the tensors asked for. The recorded depth of a tensor is greater
/// than that of its base (docs/format/archive.md, "Depth"): where a base gets deeper, what is
/// stored against it may have to be written again, with the base that it has. A cluster is one
/// unit: all of its bases count for it. And a cluster is left as a whole or not at all, so that of
/// several packs that hold a tensor the newest always has the form that counts, which is what a
/// rebuilt catalog takes. What stood in one cluster stands in one again (in two where only some of
/// its members get bases), and with nothing else: a snapshot is read as it was committed, without
/// the small tensors of others. What is coded against two bases, the second being that of the
/// first, is written again where the first gets another: loading it takes no chain but the one that
/// the planner knows.

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "dlv/ids.h"
#include "dlv/result.h"
#include "storage/store/stored_forms.h"

namespace dlv::store {

/// Bases that tensors should get; nothing: none.
using WantedBases = std::unordered_map<TensorId, std::optional<TensorId>>;

/// Tensors in the trash that the catalog does not have: of versions that can still be restored.
struct TrashedUnit {
  unsigned depth = 0;
  std::vector<TensorId> bases;
};
/// Packs that cannot be read are passed over.
std::vector<TrashedUnit> LoadTrash(Store& store, const StoredForms& forms);

/// A tensor to write again.
struct Rewrite {
  std::uint32_t form = 0;        ///< number in StoredForms
  std::optional<TensorId> base;  ///< to be stored against
  /// What the base is stored against afterwards, if it is of the same type and size: predictions
  /// from both may be used, for it is decoded on the way to the base anyhow.
  std::optional<TensorId> second_base;
  unsigned depth = 0;       ///< at most, afterwards; above that of the base
  std::uint32_t group = 0;  ///< tensors of one group and depth may share a cluster
  bool is_wanted = false;   ///< asked for; otherwise it follows from the rules
  bool is_cold = false;     ///< to be written in a cold form; for whoever made the set to say
};

/// Returns the tensors to write, bases before what is stored against them, those of a group
/// together where they are as deep: those of `wanted`, those of `again` (which keep their bases),
/// and what follows. Chains that would get longer than `max_depth` are cut by storing a tensor
/// without a base. Where a tensor would get too deep for what is in the trash, the bases that make
/// it so are not changed. Tensors without elements are left alone. Errors: kConflict (a tensor or
/// base is not stored; bases in a circle, because the repository has changed since they were
/// chosen).
Result<std::vector<Rewrite>> MakeRewriteSet(const StoredForms& forms, const WantedBases& wanted,
                                            const std::vector<TensorId>& again, unsigned max_depth,
                                            const std::vector<TrashedUnit>& trash = {},
                                            const std::vector<std::uint32_t>& groups = {});

}  // namespace dlv::store
