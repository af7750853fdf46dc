#pragma once
/// \file
/// Stores the snapshots of a commit: looks at the files, hashes and stores tensors, keeps recipes.

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "dlv/commit.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/interchange/side_information.h"
#include "storage/store/commit_writer.h"
#include "storage/store/external_data.h"
#include "storage/store/snapshot_work.h"
#include "storage/store/twin_bases.h"

namespace dlv::store {

struct SnapshotOptions {
  bool include_optimizer = true;
  const std::set<std::string>* whole_files = nullptr;  ///< paths whose recipe is not to be used
  const ExternalData* external = nullptr;              ///< of the request
  unsigned threads = 0;
  const CancellationToken* cancel = nullptr;
  std::function<void(std::uint64_t raw_bytes)> on_progress;
};

/// Not thread-safe; parallel inside.
class SnapshotStore {
 public:
  SnapshotStore(Store& store, CommitWriter& writer, SnapshotOptions options);

  /// Opens and describes the files of a snapshot, or finds that they are stored already; hashing
  /// of the files goes on in the background. Nothing is stored yet.
  /// Errors: kNotFound, kUnsafe, kCorruption, kInvalidArgument, kIo, each naming the file.
  Result<SnapshotWork> Look(const SnapshotPlan& plan);

  /// Stores the tensors, literals and recipes; `bases` in order of preference.
  Status Save(SnapshotWork& snapshot, const std::vector<const BaseSet*>& bases);

  std::uint64_t raw_bytes() const { return raw_bytes_; }
  const std::vector<std::string>& warnings() const { return warnings_; }
  /// What the metadata of the files say of the version, in the order of the files.
  const std::vector<interchange::SideInformation>& metadata() const { return metadata_; }

 private:
  /// Whether it is worth hashing the file before anything else: false where it is surely new.
  Result<bool> MayBeKnown(const FileWork& file);
  Result<std::unique_ptr<FileWork>> LookAtFile(const FileInput& request);
  Status LookAtMemory(SnapshotWork& snapshot, TensorSource& source);
  Status SaveKnown(FileWork& file);
  Status SaveTensors(FileWork& file, const std::vector<const BaseSet*>& bases);
  Status SaveContent(FileWork& file, std::size_t ordinal, const std::vector<const BaseSet*>& bases);
  Status SaveRecipe(FileWork& file, std::size_t ordinal, const std::vector<const BaseSet*>& bases);
  Status SaveWhole(FileWork& file, std::size_t ordinal, const std::vector<const BaseSet*>& bases);
  Status SaveMemory(SnapshotWork& snapshot, const std::vector<const BaseSet*>& bases);
  Status SaveTensor(const archive::LayoutTensor& tensor, const io::ByteSource& source,
                    const archive::TensorHash& hash, const std::vector<const BaseSet*>& bases);
  Status SaveStrips(std::vector<StripWork>& strips, const std::vector<TensorId>& member_ids,
                    const std::vector<const BaseSet*>& bases);
  Result<std::optional<PrefixBlob>> LiteralPrefix(const std::string& path, std::size_t ordinal,
                                                  std::size_t literal,
                                                  const std::vector<const BaseSet*>& bases);
  /// A tensor with its base, ready to be written.
  struct Deferred {
    archive::TensorHash hash;
    DType dtype;
    std::uint64_t element_count;
    std::optional<BaseTensor> base;
    const io::ByteSource* source;
  };
  Status Write(const Deferred& work);
  Status WriteDeferred();
  void Progress(std::uint64_t bytes) {
    if (options_.on_progress) options_.on_progress(bytes);
  }

  Store& store_;
  CommitWriter& writer_;
  SnapshotOptions options_;
  std::shared_ptr<PassThreads> pass_threads_;  ///< over the files that were looked at
  std::uint64_t raw_bytes_ = 0;
  std::vector<std::string> warnings_;
  std::vector<interchange::SideInformation> metadata_;
  TwinBases twins_;  ///< of the snapshot being saved
  std::vector<Deferred> deferred_;
};

}  // namespace dlv::store
