#include "storage/catalog/bulk_reader.h"

#include <limits>

#include "storage/catalog/connection.h"
#include "storage/catalog/encoding.h"
#include "storage/catalog/evaluation_row.h"

namespace dlv::catalog {
namespace {

/// Runs a statement to its end; `take` gets each row.
template <class Take>
Status ForEachRow(Connection& connection, const char* sql, const Take& take) {
  DLV_ASSIGN(Statement row, connection.Query(sql));
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return Ok();
    DLV_TRY(take(static_cast<const Statement&>(row)));
  }
}

/// SQLite keeps NaN as null.
double RealOrNan(const Statement& row, int column) {
  return row.IsNull(column) ? std::numeric_limits<double>::quiet_NaN() : row.Real(column);
}

bool IsWanted(const BulkNames& names, const std::string& name) {
  return names.all || names.some.contains(name);
}

Result<Relation> RelationOf(std::int64_t number) {
  if (number >= 0 && number <= static_cast<std::int64_t>(Relation::kAdapter)) {
    return static_cast<Relation>(number);
  }
  return Error{ErrorCode::kCorruption, "catalog: a parent has relation " + std::to_string(number)};
}

struct NameSql {
  const char* all;
  const char* one;
};

/// The table of such names. A model without versions does not count.
const NameSql& SqlOf(NameKind kind) {
  static constexpr NameSql kModels = {
      "SELECT name FROM model m WHERE EXISTS (SELECT 1 FROM version WHERE model = m.id) ORDER BY "
      "name",
      "SELECT 1 FROM model m WHERE name = ? AND EXISTS (SELECT 1 FROM version WHERE model = m.id)"};
  static constexpr NameSql kAliases = {"SELECT DISTINCT name FROM alias ORDER BY name",
                                       "SELECT 1 FROM alias WHERE name = ? LIMIT 1"};
  static constexpr NameSql kMetrics = {"SELECT DISTINCT name FROM metric ORDER BY name",
                                       "SELECT 1 FROM metric WHERE name = ? LIMIT 1"};
  static constexpr NameSql kHyperParameters = {"SELECT DISTINCT name FROM hparam ORDER BY name",
                                               "SELECT 1 FROM hparam WHERE name = ? LIMIT 1"};
  static constexpr NameSql kTags = {"SELECT DISTINCT key FROM tag ORDER BY key",
                                    "SELECT 1 FROM tag WHERE key = ? LIMIT 1"};
  static constexpr NameSql kQueries = {"SELECT name FROM named_query ORDER BY name",
                                       "SELECT 1 FROM named_query WHERE name = ?"};
  switch (kind) {
    case NameKind::kModel:
      return kModels;
    case NameKind::kAlias:
      return kAliases;
    case NameKind::kMetric:
      return kMetrics;
    case NameKind::kHyperParameter:
      return kHyperParameters;
    case NameKind::kTag:
      return kTags;
    case NameKind::kQuery:
      break;
  }
  return kQueries;
}

}  // namespace

Result<std::vector<BulkVersion>> BulkReader::Versions() {
  std::vector<BulkVersion> versions;
  DLV_TRY(ForEachRow(
      connection_,
      "SELECT id, model, number, vid, created, author, message, snapshot_count, file_count, "
      "parameter_count, raw_bytes, stored_bytes FROM version ORDER BY id",
      [&](const Statement& row) -> Status {
        versions.push_back({row.Int(0), row.Int(1), row.Unsigned(2), row.DigestAt<VersionId>(3),
                            row.Int(4), row.Text(5), row.Text(6), row.Unsigned32(7),
                            row.Unsigned32(8), row.Unsigned(9), row.Unsigned(10),
                            row.Unsigned(11)});
        return Ok();
      }));
  return versions;
}

Result<std::vector<std::pair<Row, std::string>>> BulkReader::Models() {
  std::vector<std::pair<Row, std::string>> models;
  DLV_TRY(ForEachRow(connection_, "SELECT id, name FROM model ORDER BY name",
                     [&](const Statement& row) -> Status {
                       models.emplace_back(row.Int(0), row.Text(1));
                       return Ok();
                     }));
  return models;
}

Result<std::vector<BulkMetric>> BulkReader::Metrics(const BulkNames& names) {
  std::vector<BulkMetric> metrics;
  DLV_TRY(ForEachRow(
      connection_, "SELECT version, name, last_step, last FROM metric ORDER BY version, name",
      [&](const Statement& row) -> Status {
        std::string name = row.Text(1);
        if (IsWanted(names, name)) {
          metrics.push_back({row.Int(0), std::move(name), row.Int(2), RealOrNan(row, 3)});
        }
        return Ok();
      }));
  return metrics;
}

Result<std::vector<BulkSeries>> BulkReader::Series(const BulkNames& names) {
  std::vector<BulkSeries> series;
  DLV_TRY(ForEachRow(
      connection_,
      "SELECT m.version, m.name, m.last_step, m.last, s.points FROM metric m LEFT JOIN "
      "metric_series s ON s.version = m.version AND s.name = m.name ORDER BY m.version, m.name",
      [&](const Statement& row) -> Status {
        std::string name = row.Text(1);
        if (!IsWanted(names, name)) return Ok();
        BulkSeries entry{row.Int(0), std::move(name), {}};
        if (row.IsNull(4)) {
          entry.points = {{row.Int(2), RealOrNan(row, 3)}};
        } else {
          DLV_ASSIGN(entry.points, DecodePoints(row.Blob(4)));
        }
        series.push_back(std::move(entry));
        return Ok();
      }));
  return series;
}

Result<std::vector<BulkPair>> BulkReader::Pairs(const char* sql) {
  std::vector<BulkPair> pairs;
  DLV_TRY(ForEachRow(connection_, sql, [&](const Statement& row) -> Status {
    pairs.push_back({row.Int(0), row.Text(1), row.Text(2)});
    return Ok();
  }));
  return pairs;
}

Result<std::vector<BulkPair>> BulkReader::HyperParameters(const BulkNames& names) {
  DLV_ASSIGN(auto pairs, Pairs("SELECT version, name, value FROM hparam ORDER BY version, name"));
  std::erase_if(pairs, [&](const BulkPair& pair) { return !IsWanted(names, pair.name); });
  return pairs;
}

Result<std::vector<BulkPair>> BulkReader::Tags() {
  return Pairs("SELECT version, key, value FROM tag ORDER BY version, key");
}

Result<std::vector<BulkPair>> BulkReader::Notes() {
  return Pairs("SELECT version, '', text FROM note ORDER BY version");
}

Result<std::vector<EvaluationRow>> BulkReader::Evaluations() {
  std::vector<EvaluationRow> evaluations;
  DLV_TRY(ForEachRow(
      connection_,
      "SELECT id, version, created, dataset, name, value, attributes FROM evaluation ORDER BY "
      "version, id",
      [&](const Statement& row) -> Status {
        DLV_ASSIGN(auto evaluation, EvaluationOf(row));
        evaluations.push_back(std::move(evaluation));
        return Ok();
      }));
  return evaluations;
}

Result<std::vector<BulkAlias>> BulkReader::Aliases() {
  std::vector<BulkAlias> aliases;
  DLV_TRY(ForEachRow(connection_, "SELECT model, version, name FROM alias ORDER BY version, name",
                     [&](const Statement& row) -> Status {
                       aliases.push_back({row.Int(0), row.Int(1), row.Text(2)});
                       return Ok();
                     }));
  return aliases;
}

Result<std::vector<BulkParent>> BulkReader::Parents() {
  std::vector<BulkParent> parents;
  DLV_TRY(ForEachRow(connection_,
                     "SELECT version, ordinal, vid, model, relation, inferred FROM parent ORDER BY "
                     "version, ordinal",
                     [&](const Statement& row) -> Status {
                       DLV_ASSIGN(const Relation relation, RelationOf(row.Int(4)));
                       parents.push_back({row.Int(0), row.Unsigned32(1), row.DigestAt<VersionId>(2),
                                          row.Text(3), relation, row.Int(5) != 0});
                       return Ok();
                     }));
  return parents;
}

Result<std::vector<FileRow>> BulkReader::Files() {
  std::vector<FileRow> files;
  DLV_TRY(ForEachRow(connection_,
                     "SELECT id, version, ordinal, path, size, sha256, format, step, tensor_count, "
                     "note FROM file ORDER BY version, ordinal",
                     [&](const Statement& row) -> Status {
                       FileRow file;
                       file.row = row.Int(0);
                       file.version = row.Int(1);
                       file.ordinal = row.Unsigned32(2);
                       file.info = {row.Text(3), row.Unsigned(4),    row.DigestAt<FileDigest>(5),
                                    row.Text(6), row.OptionalInt(7), row.Unsigned32(8),
                                    row.Text(9)};
                       files.push_back(std::move(file));
                       return Ok();
                     }));
  return files;
}

Result<std::vector<SnapshotRow>> BulkReader::Snapshots() {
  std::vector<SnapshotRow> snapshots;
  DLV_TRY(ForEachRow(
      connection_,
      "SELECT id, version, ordinal, layout, step, parameter_count, tensor_bytes, "
      "tensor_count FROM snapshot ORDER BY version, ordinal",
      [&](const Statement& row) -> Status {
        SnapshotRow snapshot;
        snapshot.row = row.Int(0);
        snapshot.version = row.Int(1);
        snapshot.ordinal = row.Unsigned32(2);
        snapshot.layout = row.Int(3);
        snapshot.info = {row.OptionalInt(4), row.Unsigned(5), row.Unsigned(6), row.Unsigned32(7)};
        snapshots.push_back(std::move(snapshot));
        return Ok();
      }));
  return snapshots;
}

Result<std::vector<std::string>> BulkReader::Names(NameKind kind) {
  std::vector<std::string> names;
  DLV_TRY(ForEachRow(connection_, SqlOf(kind).all, [&](const Statement& row) -> Status {
    names.push_back(row.Text(0));
    return Ok();
  }));
  return names;
}

Result<bool> BulkReader::HasName(NameKind kind, std::string_view name) {
  DLV_ASSIGN(Statement row, connection_.Query(SqlOf(kind).one, name));
  return row.Step();
}

}  // namespace dlv::catalog
