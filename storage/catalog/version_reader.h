#pragma once
/// \file
/// Reads versions with their aliases, tags, parents and last metrics. Internal to storage/catalog.

#include <string>
#include <unordered_map>
#include <vector>

#include "dlv/result.h"
#include "storage/catalog/connection.h"
#include "storage/catalog/rows.h"

namespace dlv::catalog {

/// Columns of `FROM version v JOIN model m ON m.id = v.model`, in the order of VersionReader::Add.
#define DLV_VERSION_COLUMNS                                                           \
  "SELECT v.id, v.model, m.name, v.number, v.vid, v.created, v.author, v.message, "   \
  "v.snapshot_count, "                                                                \
  "v.file_count, v.parameter_count, v.raw_bytes, v.stored_bytes, v.manifest_section " \
  "FROM version v JOIN model m ON m.id = v.model "

/// Collects rows, then fills in what stands in other tables: one query per table for many versions,
/// one per version for few.
class VersionReader {
 public:
  explicit VersionReader(Connection& connection) : connection_(connection) {}

  /// Runs the statement (DLV_VERSION_COLUMNS ...) to its end and adds its rows.
  Status AddAll(Statement statement);
  /// Fills in the rest and returns the versions in the order in which they were added.
  Result<std::vector<VersionRow>> Finish();

 private:
  template <class Fill>
  Status ForEach(const char* of_one, const char* of_all, const Fill& fill);
  Status FillAliases();
  Status FillTags();
  Status FillNotes();
  Status FillMetrics();
  Status FillParents();

  Connection& connection_;
  std::vector<VersionRow> rows_;
  std::unordered_map<Row, std::size_t> places_;
};

}  // namespace dlv::catalog
