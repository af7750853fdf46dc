#pragma once
/// \file
/// The canonical record of a version, and what belongs to its commit but not to its identity
/// (docs/format/archive.md, "Manifest" and "Envelope").

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dlv/ids.h"
#include "dlv/result.h"
#include "dlv/version_info.h"

namespace dlv::archive {

struct ManifestParent {
  VersionId id;
  Relation relation = Relation::kRetrain;
  KeyValues attributes;
  bool inferred = false;
  bool operator==(const ManifestParent&) const = default;
};

struct ManifestSnapshot {
  std::optional<std::int64_t> step;
  BlobId layout;                  ///< names, dtypes, shapes (storage/archive/layout.h)
  std::vector<TensorId> tensors;  ///< in the layout's order
  bool operator==(const ManifestSnapshot&) const = default;
};

/// How a file's bytes are had back.
enum class FileForm : std::uint8_t {
  kBlob = 0,    ///< `content` is the file
  kRecipe = 1,  ///< `content` is a recipe over the snapshot's tensors
  kNone = 2,    ///< its bytes were not kept (commit --no-optimizer)
};              // On disk: do not renumber.

struct ManifestFile {
  std::string path;  ///< relative, '/'-separated, no "." or ".." or empty part
  std::uint64_t size_bytes = 0;
  FileDigest sha256;
  std::uint32_t mode = 0644;  ///< permission bits
  std::string format;         ///< "safetensors", ..., "blob"
  std::optional<std::uint32_t>
      snapshot;  ///< ordinal in `snapshots`; files without tensors have none
  FileForm form = FileForm::kBlob;
  BlobId content;  ///< kNone: zero
  std::string note;
  bool operator==(const ManifestFile&) const = default;
};

/// Which file said what: name to path, for what was found in files and not given by the user.
struct ManifestSources {
  KeyValues hparams;
  KeyValues metrics;
  KeyValues tags;  ///< tags themselves are no part of a manifest
  bool empty() const { return hparams.empty() && metrics.empty() && tags.empty(); }
  bool operator==(const ManifestSources&) const = default;
};

struct Manifest {
  std::string model;
  std::string message;
  std::vector<ManifestParent> parents;      ///< order counts: REF^2 is the second
  std::vector<ManifestSnapshot> snapshots;  ///< the last is the default
  std::vector<ManifestFile> files;          ///< ascending by path
  KeyValues hparams;
  std::vector<Metric> metrics;  ///< ascending by name
  ManifestSources sources;      ///< where it is empty, the bytes are those of a manifest without
};

/// What a commit adds beside the identity: the same manifest may come with another envelope
/// elsewhere.
struct Envelope {
  std::int64_t created = 0;  ///< seconds since 1970 UTC
  std::string author;
  std::uint64_t number = 0;  ///< the N of NAME:vN given at commit; 0: none yet
  KeyValues tags;
  std::vector<std::string> aliases;
  std::string tool;             ///< "dlv 0.1.0"
  std::uint64_t raw_bytes = 0;  ///< size of all committed files
};

/// Returns the canonical bytes.  Errors: kInvalidArgument for a manifest that a reader would
/// refuse.
Result<std::vector<std::byte>> EncodeManifest(const Manifest& manifest);
/// Errors: kCorruption (malformed, out of order, not canonical), kUnsupported (newer).
Result<Manifest> DecodeManifest(std::span<const std::byte> bytes);
/// SHA-256 of ("dlv-manifest\0", canonical bytes).
VersionId HashManifest(std::span<const std::byte> canonical);

std::vector<std::byte> EncodeEnvelope(const Envelope& envelope);
Result<Envelope> DecodeEnvelope(std::span<const std::byte> bytes);

}  // namespace dlv::archive
