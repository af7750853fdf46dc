#pragma once
/// \file
/// Writing a version into the catalog; for commits and for rebuilding.

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/layout.h"
#include "storage/archive/manifest.h"
#include "storage/archive/pack_reader.h"
#include "storage/catalog/catalog.h"
#include "storage/store/assembly.h"

namespace dlv::store {

/// Object numbers by id.
struct ObjectNumbers {
  std::unordered_map<TensorId, catalog::ObjectNumber> tensors;
  std::unordered_map<BlobId, catalog::ObjectNumber> blobs;
};

/// What a version's rows need beside manifest and envelope.
struct VersionRowsInput {
  const archive::Manifest* manifest = nullptr;
  VersionId id;
  std::string model;         ///< empty: the manifest's; another where the model was renamed
  std::uint64_t number = 0;  ///< 0: the next
  catalog::Row row = 0;      ///< as catalog::NewVersion::row
  std::int64_t created = 0;
  std::string author;
  std::uint64_t raw_bytes = 0;
  std::uint64_t stored_bytes = 0;
  KeyValues tags;
  catalog::Row manifest_section = 0;
  std::vector<std::string> parent_models;  ///< one per parent of the manifest
  const ObjectNumbers* numbers = nullptr;
  std::function<Result<archive::Layout>(const BlobId&)> read_layout;
  std::function<Result<Assembly>(const BlobId&)> read_assembly;
  const struct FoundNetwork* network = nullptr;  ///< null: nobody has looked for one
};

/// Inserts the version, its layouts, snapshots and files.
/// Errors: kConflict (number or id taken), kCorruption (an object without a number).
Result<catalog::Transaction::Inserted> InsertVersionRows(catalog::Transaction& transaction,
                                                         const VersionRowsInput& input);

/// Inserts a pack with its sections; returns the rows of the sections, in order.
Result<std::vector<catalog::Row>> InsertPackRows(catalog::Transaction& transaction,
                                                 const std::string& name, std::uint64_t size_bytes,
                                                 std::int64_t created,
                                                 const std::vector<catalog::SectionRow>& sections);

/// Returns the row of an open section, without `row` and `pack`.
Result<catalog::SectionRow> DescribeSection(const archive::SectionReader& section);

/// Returns the file as listings show it.
FileInfo InfoOf(const archive::Manifest& manifest, std::size_t file, std::uint32_t tensor_count);

}  // namespace dlv::store
