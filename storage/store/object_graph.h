#pragma once
/// \file
/// Every stored object with its coded size and its base: what usage, rm and gc reckon with.

#include <cstdint>
#include <vector>

#include "dlv/result.h"
#include "storage/catalog/rows.h"
#include "storage/store/store.h"

namespace dlv::store {

struct ObjectNode {
  catalog::ObjectNumber number = 0;
  catalog::ObjectKind kind = catalog::ObjectKind::kTensor;
  catalog::Row section = 0;
  std::uint32_t entry = 0;
  std::uint64_t coded_bytes = 0;     ///< a member of a cluster counts by its share
  std::vector<std::uint32_t> needs;  ///< places in `nodes`: bases, prefixes, members of the same
                                     ///< cluster, other parts; all live as long as this one does
};

/// A consistent picture of the repository's objects.
class ObjectGraph {
 public:
  /// Reads every directory. Memory: about 150 bytes an object.  Errors: kCorruption, kIo.
  static Result<ObjectGraph> Load(Store& store);

  const std::vector<ObjectNode>& nodes() const { return nodes_; }

  /// Returns the places of `roots` and of everything that they need, each once, in no order.
  /// Numbers without an object are passed over.
  std::vector<std::uint32_t> Closure(const std::vector<catalog::ObjectNumber>& roots) const;

 private:
  std::vector<ObjectNode> nodes_;               // ascending by number
  mutable std::vector<std::uint32_t> visited_;  // stamp of the last closure that came by
  mutable std::uint32_t stamp_ = 0;
};

}  // namespace dlv::store
