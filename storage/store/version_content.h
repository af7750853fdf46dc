#pragma once
/// \file
/// What a version holds, read from its manifest and layouts.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/ids.h"
#include "storage/archive/layout.h"
#include "storage/archive/manifest.h"
#include "storage/catalog/rows.h"
#include "storage/plan/base_choice.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Reads the manifest of a version and checks that it has the version's id.
/// Errors: kCorruption naming the version, kIo.
Result<archive::Manifest> ReadVersionManifest(Store& store, const catalog::VersionRow& version);

/// Largest layout that is read.
inline constexpr std::uint64_t kMaxLayoutBytes = 256u << 20;
Result<archive::Layout> ReadLayout(Store& store, const BlobId& id);

/// A snapshot with its layout. `files[k]` is the place in Manifest::files of the file with ordinal
/// k in the layout; tensors from memory have the ordinal after the last.
struct SnapshotContent {
  std::uint32_t ordinal = 0;
  std::optional<std::int64_t> step;
  archive::Layout layout;
  std::vector<TensorId> ids;     ///< of every tensor; each can be opened while the store is
  std::vector<TensorId> stored;  ///< what the manifest names: tensors outside strips, then strips
  std::vector<std::uint32_t> files;

  /// Returns tensor `index` for listings; its `file` is a place in Manifest::files, or their number
  /// for tensors from memory.
  TensorInfo Info(std::size_t index, std::uint32_t file_count) const;
};

/// Decodes the snapshot's strips, since the ids of tensors in strips are stored nowhere.
/// Errors: kCorruption (layout and manifest do not fit together; a strip), kIo.
Result<SnapshotContent> ReadSnapshot(Store& store, const archive::Manifest& manifest,
                                     std::uint32_t ordinal);

/// What stands in SnapshotContent::ids for tensors in strips.
enum class MemberIds : std::uint8_t {
  kTrue,     ///< their ids, for which their strips are read and decoded
  kStandIn,  ///< ids that no tensor has, by which they can be opened; nothing is read
};

/// The same from other readers: of a version that is not published yet.
Result<SnapshotContent> ReadSnapshotWith(Store& store, archive::TensorReader& tensors,
                                         archive::BlobReader& blobs,
                                         const archive::Manifest& manifest, std::uint32_t ordinal,
                                         MemberIds members = MemberIds::kTrue);

/// Returns the places in Manifest::files of a snapshot's files, in order.
std::vector<std::uint32_t> FilesOfSnapshot(const archive::Manifest& manifest,
                                           std::uint32_t ordinal);

/// Returns the ordinal of the snapshot with that step, or of the last one without a step.
/// Errors: kNotFound listing the nearest steps; kNotFound where there is no snapshot at all.
Result<std::uint32_t> FindSnapshot(const archive::Manifest& manifest,
                                   const std::optional<std::int64_t>& step,
                                   const std::string& reference);

/// Returns the path of the file of a tensor; empty for tensors from memory.
std::string FilePathOf(const archive::Manifest& manifest, const TensorInfo& info);

/// Returns the tensors of a snapshot that fit `pattern` (TensorPattern; empty: all of them).
/// Errors: kSyntax.
Result<std::vector<TensorInfo>> ListTensors(const archive::Manifest& manifest,
                                            const SnapshotContent& content,
                                            std::string_view pattern);

/// Returns the ids of the tensors of the file at place `file` in Manifest::files, in the order of
/// its recipe.
std::vector<TensorId> TensorsOfFile(const SnapshotContent& content, std::uint32_t file);

std::vector<plan::TensorKey> KeysOf(const archive::Layout& layout);

}  // namespace dlv::store
