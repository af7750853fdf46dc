#pragma once
/// \file
/// Whole tables at once, for queries over all versions: one statement a table, in whatever number
/// of versions. Everything is ascending by version, then by name or ordinal.

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dlv/result.h"
#include "storage/catalog/catalog.h"

namespace dlv::catalog {

struct BulkVersion {
  Row row = 0, model = 0;
  std::uint64_t number = 0;
  VersionId id;
  std::int64_t created = 0;
  std::string author, message;
  std::uint32_t snapshot_count = 0, file_count = 0;
  std::uint64_t parameter_count = 0, raw_bytes = 0, stored_bytes = 0;
};
struct BulkMetric {
  Row version = 0;
  std::string name;
  std::int64_t last_step = 0;
  double last = 0;  ///< may be NaN
};
struct BulkSeries {
  Row version = 0;
  std::string name;
  std::vector<MetricPoint> points;
};
struct BulkPair {
  Row version = 0;
  std::string name, value;
};
struct BulkAlias {
  Row model = 0, version = 0;
  std::string name;
};
struct BulkParent {
  Row version = 0;
  std::uint32_t ordinal = 0;
  VersionId id;
  std::string model;
  Relation relation = Relation::kRetrain;
  bool inferred = false;
};

/// What a name is of.
enum class NameKind : std::uint8_t { kModel, kAlias, kMetric, kHyperParameter, kTag, kQuery };

/// Names of which all are wanted, or some.
struct BulkNames {
  bool all = true;
  std::set<std::string, std::less<>> some;
};

/// Call inside one read view of the catalog, which must outlive it.
/// Errors: kCorruption, kIo.
class BulkReader {
 public:
  explicit BulkReader(const Catalog& catalog) : connection_(*catalog.connection_) {}

  Result<std::vector<BulkVersion>> Versions();
  /// Models with their names, by row.
  Result<std::vector<std::pair<Row, std::string>>> Models();
  Result<std::vector<BulkMetric>> Metrics(const BulkNames& names);
  /// Series, and single values as series of one point.
  Result<std::vector<BulkSeries>> Series(const BulkNames& names);
  Result<std::vector<BulkPair>> HyperParameters(const BulkNames& names);
  Result<std::vector<BulkPair>> Tags();
  Result<std::vector<BulkPair>> Notes();  ///< without names
  Result<std::vector<EvaluationRow>> Evaluations();
  Result<std::vector<BulkAlias>> Aliases();
  Result<std::vector<BulkParent>> Parents();
  Result<std::vector<FileRow>> Files();          ///< without objects
  Result<std::vector<SnapshotRow>> Snapshots();  ///< without objects
  /// What is there to be asked for: each name once, ascending. Reads all rows that have one.
  Result<std::vector<std::string>> Names(NameKind kind);
  /// Whether there is that name. Reads rows until it is found.
  Result<bool> HasName(NameKind kind, std::string_view name);

 private:
  Result<std::vector<BulkPair>> Pairs(const char* sql);

  Connection& connection_;
};

}  // namespace dlv::catalog
