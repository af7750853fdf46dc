#pragma once
/// \file
/// What the catalog keeps, as plain values. Times are seconds since 1970-01-01 UTC, sizes are
/// bytes.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dlv/ids.h"
#include "dlv/version_info.h"

namespace dlv::catalog {

/// A row of one of the tables. Valid rows are positive; 0 means none.
using Row = std::int64_t;

/// A stored tensor or blob. Numbers start at 1 and are never used again.
using ObjectNumber = std::uint64_t;

enum class ObjectKind : std::uint8_t { kTensor = 0, kBlob = 1 };  ///< On disk: do not renumber.

/// Returns the first 64 bits of an id, most significant byte first: what the catalog finds objects
/// by.
template <class Kind>
constexpr std::uint64_t IdPrefix(const Digest<Kind>& id) {
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < 8; ++i) prefix = prefix << 8 | id.bytes[i];
  return prefix;
}

/// Where an object is stored: an entry of a section's directory.
struct ObjectPlace {
  ObjectNumber number = 0;
  ObjectKind kind = ObjectKind::kTensor;
  Row section = 0;
  std::uint32_t entry = 0;

  bool operator==(const ObjectPlace&) const = default;
};

struct PackRow {
  Row row = 0;
  std::string name;  ///< file name below .dlv/packs, unique
  std::uint64_t size_bytes = 0;
  std::int64_t created = 0;

  bool operator==(const PackRow&) const = default;
};

/// A section of a pack. Offsets of directory and manifest are relative to the section.
struct SectionRow {
  Row row = 0;
  Row pack = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t directory_offset = 0;
  std::uint64_t directory_length = 0;
  std::uint64_t manifest_offset = 0;
  std::uint64_t manifest_length = 0;  ///< 0: no manifest (a section written by gc or archive)
  std::uint64_t object_count = 0;
  std::uint64_t live_bytes = 0;  ///< as gc counted last; starts at length

  bool operator==(const SectionRow&) const = default;
};

/// A parent edge as it is inserted. `model` names the parent's model for listings, for the case
/// that the parent is not in this repository.
struct ParentEdge {
  VersionId id;
  std::string model;
  Relation relation = Relation::kFinetune;
  KeyValues attributes;
  bool inferred = false;
};

/// A version to insert, without snapshots and files (those follow).
struct NewVersion {
  VersionId id;
  std::string model;         ///< made if missing
  std::uint64_t number = 0;  ///< 0: the model's next
  Row row = 0;  ///< place in the order of versions: the sequence number of its commit's log record;
                ///< 0, or taken: the next
  std::int64_t created = 0;
  std::string author;
  std::string message;
  std::uint32_t snapshot_count = 0;
  std::uint32_t file_count = 0;
  std::uint64_t parameter_count = 0;
  std::uint64_t raw_bytes = 0;
  std::uint64_t stored_bytes = 0;
  Row manifest_section = 0;  ///< the section whose manifest describes the version
  std::vector<ParentEdge> parents;
  KeyValues hparams;
  std::vector<Metric> metrics;
  KeyValues tags;
};

/// A version as listed.
struct VersionRow {
  Row row = 0;
  Row model = 0;
  Row manifest_section = 0;
  VersionSummary summary;  ///< `parents[i].reference` is filled: NAME:vN, or NAME@hash if not in
                           ///< the repository
};

struct ModelRow {
  Row row = 0;
  std::string name;
  std::uint64_t version_count = 0;
  std::uint64_t raw_bytes = 0;  ///< sums over its versions
  std::uint64_t stored_bytes = 0;
  Row latest = 0;  ///< the version with the highest number; 0: none left
};

/// The keys, roles, dtypes and shapes of a snapshot's tensors are a blob; this row finds it.
struct LayoutRow {
  Row row = 0;
  BlobId id;
  ObjectNumber object = 0;
  std::uint32_t tensor_count = 0;

  bool operator==(const LayoutRow&) const = default;
};

struct SnapshotRow {
  Row row = 0;
  Row version = 0;
  std::uint32_t ordinal = 0;  ///< place among the snapshots of the version
  Row layout = 0;
  SnapshotInfo info;
  std::vector<ObjectNumber>
      objects;  ///< one per tensor that the manifest names, in its order; filled on request
};

struct FileRow {
  Row row = 0;
  Row version = 0;
  std::uint32_t ordinal = 0;
  FileInfo info;
  ObjectNumber recipe = 0;  ///< a blob
  std::vector<ObjectNumber>
      objects;  ///< every object the recipe names beside the snapshot's tensors (literals)
};

/// A result of evaluating a version, recorded after its commit.
struct EvaluationRow {
  Row row = 0;
  Row version = 0;
  std::int64_t created = 0;
  std::string dataset;
  std::string name;
  double value = 0;
  KeyValues attributes;
};

struct NamedQueryRow {
  std::string name;
  std::string text;
  std::int64_t created = 0;

  bool operator==(const NamedQueryRow&) const = default;
};

/// The network of a version.
struct VersionGraph {
  Row version = 0;
  Row graph = 0;        ///< 0: none of its files describes a network, or none that can be read
  std::string file;     ///< path of the file that it was read from; or that could not be read
  std::string warning;  ///< why that file could not be read; else empty

  bool operator==(const VersionGraph&) const = default;
};

}  // namespace dlv::catalog
