#pragma once
/// \file
/// How every tensor of a repository is stored now: its base, its recorded depth, and which tensors
/// it shares a unit with. What decides which forms may be changed, and what has to change with
/// them.

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/ids.h"
#include "dlv/result.h"
#include "storage/archive/directory.h"
#include "storage/catalog/rows.h"
#include "storage/store/store.h"

namespace dlv::store {

/// The stored form of a tensor (or strip).
struct StoredForm {
  TensorId id;
  DType dtype = DType::kOpaque;
  std::uint64_t element_count = 0;
  unsigned depth = 0;  ///< recorded
  std::optional<TensorId> base, second_base;
  std::uint64_t coded_bytes = 0;             ///< a member of a cluster counts by its share
  std::optional<std::uint32_t> cluster;      ///< number in clusters()
  std::vector<catalog::ObjectPlace> places;  ///< the tensor's, or its parts' in order
  std::uint64_t size_bytes() const { return element_count * SizeOf(dtype); }
};

/// A unit that several tensors stand in. It is decoded as a whole.
struct StoredCluster {
  unsigned depth = 0;
  std::uint64_t coded_bytes = 0;
  std::vector<std::uint32_t> members;  ///< forms that the catalog finds here
  std::vector<TensorId> bases;         ///< of all members, also of those that it finds elsewhere
};

/// One state of the catalog. Memory: about 250 bytes a tensor.
class StoredForms {
 public:
  /// Reads every directory.  Errors: kCorruption, kIo.
  static Result<StoredForms> Load(Store& store);

  const std::vector<StoredForm>& forms() const { return forms_; }
  const std::vector<StoredCluster>& clusters() const { return clusters_; }
  std::optional<std::uint32_t> Find(const TensorId& id) const;
  const StoredForm* FindForm(const TensorId& id) const {
    const auto number = Find(id);
    return number ? &forms_[*number] : nullptr;
  }
  /// Numbers that objects had up to here: what is above has come since.
  catalog::ObjectNumber last_number() const { return last_number_; }
  /// Log record that this state contains.
  std::uint64_t sequence() const { return sequence_; }

 private:
  struct Loader;

  std::vector<StoredForm> forms_;
  std::vector<StoredCluster> clusters_;
  std::unordered_map<TensorId, std::uint32_t> by_id_;
  catalog::ObjectNumber last_number_ = 0;
  std::uint64_t sequence_ = 0;
};

/// Opens the section in which `catalog` has a row, also inside a change.
/// Errors: kCorruption (no such rows), those of opening it.
Result<std::shared_ptr<const archive::SectionReader>> OpenSectionOf(Store& store,
                                                                    const catalog::Catalog& catalog,
                                                                    catalog::Row section);

}  // namespace dlv::store
