#pragma once
/// \file
/// Stores the tensors and blobs of a commit: finds what is there already, writes what is not.

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/archive/section_writer.h"
#include "storage/store/new_packs.h"
#include "storage/store/object_lookup.h"
#include "storage/store/store.h"

namespace dlv::store {

/// A tensor that a new one may be coded against.
struct BaseTensor {
  TensorId id;
  const io::ByteSource* bytes = nullptr;  ///< null: read from the store
};

/// A blob that a new one may be coded against.
struct PrefixBlob {
  BlobId id;
  const io::ByteSource* bytes = nullptr;  ///< null: read from the store
};

/// The objects of one commit. Not thread-safe; parallel inside.
class CommitWriter {
 public:
  static Result<std::unique_ptr<CommitWriter>> Begin(Store& store, std::string_view command,
                                                     archive::WriterOptions options);

  /// Stores a tensor that was hashed from `raw`.
  Status AddTensor(const archive::TensorHash& hash, DType dtype, std::uint64_t element_count,
                   const std::optional<BaseTensor>& base, const io::ByteSource& raw);
  /// As archive::SectionWriter.
  Status EndClusters() { return writer_->EndClusters(); }
  /// Stores a blob with the id that it has. `prefix`: a similar blob that is stored or was added.
  Status AddBlob(const BlobId& id, const io::ByteSource& bytes,
                 std::optional<PrefixBlob> prefix = std::nullopt);
  Result<BlobId> AddBlob(std::span<const std::byte> bytes);
  /// The same for a strip, which counts as its `members` tensors.
  Status AddStrip(const archive::TensorHash& hash, DType dtype, std::uint64_t element_count,
                  const std::optional<BaseTensor>& base, const io::ByteSource& raw,
                  std::size_t members);
  /// Says that the version needs an object that is stored already.
  Status NeedTensor(const TensorId& id);
  Status NeedBlob(const BlobId& id);
  Status NeedStrip(const TensorId& id, std::size_t members);

  bool HasTensor(const TensorId& id) const { return new_tensors_.contains(id); }

  /// Finishes the packs; afterwards `locator` finds what was written.
  Status Finish(std::vector<std::byte> manifest, const archive::Envelope& envelope);
  /// Finds the objects of this commit, then those of the store. After Finish only.
  archive::ObjectLocator& locator() { return *locator_; }

  const archive::WriteResult& result() const { return result_; }
  NewPacks& packs() { return *packs_; }

  /// Numbers of stored objects that this commit relies on, by id. Publishing checks that they are
  /// still there.
  const std::unordered_map<TensorId, catalog::ObjectNumber>& stored_tensors() const {
    return stored_tensors_;
  }
  const std::unordered_map<BlobId, catalog::ObjectNumber>& stored_blobs() const {
    return stored_blobs_;
  }
  std::uint64_t tensors_total() const { return tensors_total_; }
  /// How many tensors a stored one is: the members of a strip.
  std::uint64_t TensorsIn(const TensorId& id) const {
    const auto strip = strips_.find(id);
    return strip == strips_.end() ? 1 : strip->second;
  }

 private:
  explicit CommitWriter(Store& store) : store_(store) {}
  /// Returns whether the object is stored, and remembers that this commit needs it.
  Result<bool> IsStored(const TensorId& id);
  Result<bool> IsStored(const BlobId& id);
  Result<unsigned> PrefixDepth(const BlobId& id);
  Status Written(const BlobId& want, const BlobId& got, unsigned depth);
  Result<bool> IsUsablePrefix(const PrefixBlob& prefix, unsigned& depth);

  Store& store_;
  std::unique_ptr<NewPacks> packs_;
  std::optional<archive::SectionWriter> writer_;
  archive::WriteResult result_;
  std::unique_ptr<archive::ObjectLocator> locator_;
  std::unordered_set<TensorId> new_tensors_;
  std::unordered_map<BlobId, unsigned> new_blobs_;  ///< with the depth of their prefixes
  std::unordered_map<TensorId, catalog::ObjectNumber> stored_tensors_;
  std::unordered_map<BlobId, catalog::ObjectNumber> stored_blobs_;
  std::uint64_t tensors_total_ = 0;
  std::unordered_map<TensorId, std::uint64_t> strips_;  ///< with the number of their members
};

}  // namespace dlv::store
