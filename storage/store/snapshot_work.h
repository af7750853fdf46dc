#pragma once
/// \file
/// One snapshot of a commit on its way into the packs, and what its tensors may be coded against.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/layout.h"
#include "storage/archive/manifest.h"
#include "storage/plan/base_choice.h"
#include "storage/store/commit_plan.h"
#include "storage/store/input_file.h"
#include "storage/store/known_file.h"
#include "storage/store/strip_work.h"
#include "storage/store/version_content.h"

namespace dlv::store {

/// A file of a snapshot.
struct FileWork {
  FileInput request;
  std::unique_ptr<InputFile> input;
  std::optional<KnownFile> known;  ///< then the description is empty
  archive::ManifestFile entry;
  std::vector<archive::LayoutTensor>
      tensors;  ///< `file` is filled in when the snapshot is complete
  std::vector<TensorId> ids;
  std::vector<StripWork> strips;
  std::vector<BlobId> literals;
};

/// A snapshot. Keep it until the next one is stored: its sources are the bases of that.
struct SnapshotWork {
  std::optional<std::int64_t> step;
  std::vector<std::unique_ptr<FileWork>> files;
  std::vector<archive::LayoutTensor> memory_tensors;
  std::vector<std::unique_ptr<io::ByteSource>> memory_sources;
  std::vector<TensorId> memory_ids;
  std::vector<StripWork> memory_strips;

  /// Keys of all tensors, in the layout's order.
  std::vector<plan::TensorKey> Keys() const;
};

/// Tensors that new ones may be coded against, with their bytes where they are at hand, and the
/// files that new literals resemble.
class BaseSet {
 public:
  /// Of a snapshot of the same commit, which must outlive this object.
  explicit BaseSet(const SnapshotWork& snapshot);
  /// Of a stored version.
  BaseSet(const archive::Manifest& manifest, const SnapshotContent& content);

  struct Base {
    TensorId id;
    const io::ByteSource* bytes = nullptr;
  };
  std::optional<Base> Find(const plan::TensorKey& key) const;
  std::optional<Base> FindStrip(const plan::TensorKey& key) const;
  const plan::BaseIndex& index() const { return index_; }
  const std::vector<TensorId>& ids() const { return ids_; }

  /// Returns the file most like the one at `path`: the same path, else the same place in order.
  const FileWork* FindWork(const std::string& path, std::size_t ordinal) const;
  const archive::ManifestFile* FindStored(const std::string& path, std::size_t ordinal) const;

 private:
  void AddStrips(const std::vector<StripWork>& strips, std::vector<plan::TensorKey>& keys);

  plan::BaseIndex index_;
  std::vector<TensorId> ids_;
  std::vector<const io::ByteSource*> sources_;  ///< null: in the store
  std::optional<plan::BaseIndex> strip_index_;
  std::vector<Base> strips_;
  const SnapshotWork* work_ = nullptr;
  std::vector<archive::ManifestFile> stored_files_;  ///< the snapshot's, then those without tensors
  std::size_t snapshot_files_ = 0;
};

/// A tensor from memory as a source of bytes. Thread-safe as far as `source` is.
std::unique_ptr<io::ByteSource> MakeTensorSource(TensorSource& source, std::size_t index,
                                                 std::uint64_t size_bytes);

}  // namespace dlv::store
