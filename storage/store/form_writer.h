#pragma once
/// \file
/// Writing tensors in other forms, proving the new forms, and making them count.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/archive/section_writer.h"
#include "storage/store/new_packs.h"
#include "storage/store/rewrite_set.h"
#include "storage/store/stored_forms.h"

namespace dlv::store {

/// One attempt. Dropping this object before Switch has begun removes what was written; old forms
/// are never touched (gc frees them).
class FormWriter {
 public:
  /// `forms` is the state that `rewrites` were made from. Both must outlive this object.
  FormWriter(Store& store, const StoredForms& forms, const std::vector<Rewrite>& rewrites,
             const Operation& operation)
      : store_(store), forms_(forms), rewrites_(rewrites), operation_(operation) {}

  /// Whether these tensors, which are to have no base, get levels by significance. The others keep
  /// those that they have. Before Write.
  void SetLayout(std::unordered_map<TensorId, bool> by_significance) {
    by_significance_ = std::move(by_significance);
  }

  /// Reads every tensor through its present chain, codes it with the best effort and writes it into
  /// new packs. `pack_target_bytes`: 0 for the usual.
  /// Errors: kIo (also: too little free space, before anything is written), kCorruption (naming the
  /// tensor and a version that has it), kCancelled.
  Status Write(std::uint64_t pack_target_bytes = 0);

  /// Moves the packs into place, then decodes every tensor from them, through its new chain, and
  /// compares it with its id.  Errors: kCorruption, kIo, kCancelled.
  Status Prove();

  /// Points the catalog to the new forms, in one transaction. Commits that came meanwhile do no
  /// harm. Errors: kConflict (moved_on() tells whether to begin again), kIo.
  Status Switch(std::string_view command);
  /// The repository has changed in a way that the rewrites do not fit any more.
  bool moved_on() const { return moved_on_; }

  std::uint64_t bytes_before() const;  ///< coded, of the tensors to write
  const std::vector<archive::WrittenObject>& objects() const { return written_.objects; }
  std::uint64_t bytes_after() const { return written_.tensor_coded_bytes; }

 private:
  Result<bool> IsBySignificance(const Rewrite& rewrite) const;
  Status WriteTensor(const Rewrite& rewrite, archive::SectionWriter& writer);
  Status CheckStillFits(const catalog::Catalog& catalog) const;
  Status CheckPlaces(const catalog::Catalog& catalog) const;
  Status CheckNewcomers(const catalog::Catalog& catalog) const;
  Status SwitchAll(Change& change);
  Status SwitchTensor(Change& change, const StoredForm& form,
                      const std::vector<const archive::WrittenObject*>& objects,
                      const std::map<std::pair<std::uint32_t, std::uint64_t>, catalog::Row>& rows);
  Status CheckCancelled() const;

  Store& store_;
  const StoredForms& forms_;
  const std::vector<Rewrite>& rewrites_;
  const Operation operation_;  // a copy: callers write it in place
  std::unordered_map<TensorId, bool> by_significance_;
  std::unique_ptr<NewPacks> packs_;
  archive::WriteResult written_;
  bool moved_on_ = false;
};

/// Returns `error`; where it says that stored bytes are damaged, with the name of the damaged
/// tensor of the chain of `id`, and a version that has it.
Error NameDamaged(Store& store, const TensorId& id, Error error);

}  // namespace dlv::store
