#include "storage/catalog/catalog.h"
#include "storage/catalog/connection.h"
#include "storage/catalog/encoding.h"

namespace dlv::catalog {
namespace {

Error NoVersion(Row version) {
  return Error{ErrorCode::kNotFound,
               "catalog: there is no version in row " + std::to_string(version)};
}

Status CheckVersion(Connection& connection, Row version) {
  DLV_ASSIGN(const auto found, connection.Number("SELECT id FROM version WHERE id = ?", version));
  return found.has_value() ? Ok() : Status(NoVersion(version));
}

Result<Row> EnsureModel(Connection& connection, const std::string& name) {
  DLV_ASSIGN(const auto found, connection.Number("SELECT id FROM model WHERE name = ?", name));
  if (found.has_value()) return *found;
  DLV_TRY(connection.Run("INSERT INTO model(name, last_number) VALUES(?, 0)", name));
  return connection.LastInserted();
}

/// Returns the version's number after checking that neither it nor the id is taken in the model.
Result<std::uint64_t> ChooseNumber(Connection& connection, Row model, const NewVersion& version) {
  DLV_ASSIGN(const auto same,
             connection.Number("SELECT number FROM version WHERE vid = ? AND model = ?", version.id,
                               model));
  if (same.has_value()) {
    return Error{ErrorCode::kConflict, version.model + ":v" + std::to_string(*same) +
                                           " has the id " + version.id.Hex(12) + " already"};
  }
  DLV_ASSIGN(const auto last,
             connection.Number("SELECT last_number FROM model WHERE id = ?", model));
  if (version.number == 0) return static_cast<std::uint64_t>(last.value_or(0)) + 1;
  DLV_ASSIGN(const auto taken,
             connection.Number("SELECT id FROM version WHERE model = ? AND number = ?", model,
                               version.number));
  if (taken.has_value()) {
    return Error{ErrorCode::kConflict,
                 version.model + ":v" + std::to_string(version.number) + " exists already"};
  }
  return version.number;
}

Status InsertParents(Connection& connection, Row version, const std::vector<ParentEdge>& parents) {
  std::int64_t ordinal = 0;
  for (const ParentEdge& parent : parents) {
    DLV_TRY(connection.Run(
        "INSERT INTO parent(version, ordinal, vid, model, relation, attributes, inferred) "
        "VALUES(?, ?, ?, ?, ?, ?, ?)",
        version, ordinal++, parent.id, parent.model, static_cast<std::int64_t>(parent.relation),
        EncodeKeyValues(parent.attributes), parent.inferred));
  }
  return Ok();
}

Status InsertMetrics(Connection& connection, Row version, const std::vector<Metric>& metrics) {
  for (const Metric& metric : metrics) {
    const MetricPoint last = metric.points.empty() ? MetricPoint{-1, 0} : metric.points.back();
    DLV_TRY(connection.Run(
        "INSERT OR REPLACE INTO metric(version, name, last_step, last) VALUES(?, ?, ?, ?)", version,
        metric.name, last.step, last.value));
    if (metric.points.size() > 1) {
      DLV_TRY(connection.Run(
          "INSERT OR REPLACE INTO metric_series(version, name, points) VALUES(?, ?, ?)", version,
          metric.name, EncodePoints(metric.points)));
    }
  }
  return Ok();
}

}  // namespace

Transaction::~Transaction() {
  if (open_ && connection_.InTransaction()) (void)connection_.Execute("ROLLBACK");
}

Status Transaction::Commit() {
  if (!open_) return Error{ErrorCode::kInternal, "catalog: the transaction is over"};
  open_ = false;
  Status status = StoreNextObject();
  if (status.ok()) status = connection_.Execute("COMMIT");
  if (!status.ok() && connection_.InTransaction()) (void)connection_.Execute("ROLLBACK");
  return status;
}

Result<Transaction::Inserted> Transaction::InsertVersion(const NewVersion& version) {
  DLV_ASSIGN(const Row model, EnsureModel(connection_, version.model));
  DLV_ASSIGN(const std::uint64_t number, ChooseNumber(connection_, model, version));
  DLV_TRY(connection_.Run("UPDATE model SET last_number = max(last_number, ?) WHERE id = ?", number,
                          model));
  DLV_TRY(connection_.Run(
      "INSERT INTO version(id, model, number, vid, created, author, message, snapshot_count, "
      "file_count, parameter_count, raw_bytes, stored_bytes, manifest_section) "
      "VALUES((SELECT ?1 WHERE ?1 <> 0 AND NOT EXISTS (SELECT 1 FROM version WHERE id = ?1)), "
      "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      version.row, model, number, version.id, version.created, version.author, version.message,
      version.snapshot_count, version.file_count, version.parameter_count, version.raw_bytes,
      version.stored_bytes, version.manifest_section));
  const Row row = connection_.LastInserted();
  DLV_TRY(InsertParents(connection_, row, version.parents));
  for (const auto& [name, value] : version.hparams) {
    DLV_TRY(connection_.Run("INSERT INTO hparam(version, name, value) VALUES(?, ?, ?)", row, name,
                            value));
  }
  DLV_TRY(InsertMetrics(connection_, row, version.metrics));
  for (const auto& [key, value] : version.tags) DLV_TRY(SetTag(row, key, value));
  return Inserted{row, number};
}

Status Transaction::ReserveNumber(std::string_view model, std::uint64_t number) {
  DLV_ASSIGN(const Row row, EnsureModel(connection_, std::string(model)));
  return connection_.Run("UPDATE model SET last_number = max(last_number, ?) WHERE id = ?", number,
                         row);
}

Status Transaction::DeleteVersion(Row version) {
  DLV_TRY(CheckVersion(connection_, version));
  return connection_.Run("DELETE FROM version WHERE id = ?", version);
}

Status Transaction::SetAlias(std::string_view alias, Row version) {
  DLV_TRY(CheckVersion(connection_, version));
  return connection_.Run(
      "INSERT OR REPLACE INTO alias(model, name, version) SELECT model, ?, id FROM version WHERE "
      "id = ?",
      alias, version);
}

Status Transaction::DeleteAlias(std::string_view model, std::string_view alias) {
  DLV_TRY(connection_.Run(
      "DELETE FROM alias WHERE name = ? AND model = (SELECT id FROM model WHERE name = ?)", alias,
      model));
  if (connection_.Changes() != 0) return Ok();
  return Error{ErrorCode::kNotFound, std::string(model) + " has no alias " + std::string(alias)};
}

Status Transaction::AppendAliasLog(const AliasMove& move) {
  return connection_.Run(
      "INSERT INTO alias_log(model, alias, from_number, to_number, moved) VALUES(?, ?, ?, ?, ?)",
      move.model, move.alias, move.from, move.to, move.when);
}

Status Transaction::SetTag(Row version, std::string_view key, std::string_view value) {
  DLV_TRY(CheckVersion(connection_, version));
  return connection_.Run("INSERT OR REPLACE INTO tag(version, key, value) VALUES(?, ?, ?)", version,
                         key, value);
}

Result<bool> Transaction::DeleteTag(Row version, std::string_view key) {
  DLV_TRY(connection_.Run("DELETE FROM tag WHERE version = ? AND key = ?", version, key));
  return connection_.Changes() != 0;
}

Status Transaction::SetNote(Row version, std::string_view text, std::int64_t when) {
  DLV_TRY(CheckVersion(connection_, version));
  if (text.empty()) return connection_.Run("DELETE FROM note WHERE version = ?", version);
  return connection_.Run("INSERT OR REPLACE INTO note(version, text, changed) VALUES(?, ?, ?)",
                         version, text, when);
}

Status Transaction::RenameModel(std::string_view from, std::string_view to) {
  DLV_ASSIGN(const auto row, connection_.Number("SELECT id FROM model WHERE name = ?", from));
  if (!row.has_value()) {
    return Error{ErrorCode::kNotFound, "catalog: there is no model " + std::string(from)};
  }
  DLV_ASSIGN(const auto taken, connection_.Number("SELECT id FROM model WHERE name = ?", to));
  if (taken.has_value()) {
    return Error{ErrorCode::kConflict, "catalog: there is a model " + std::string(to)};
  }
  DLV_TRY(connection_.Run("UPDATE model SET name = ? WHERE id = ?", to, *row));
  DLV_TRY(connection_.Run("UPDATE parent SET model = ? WHERE model = ?", to, from));
  DLV_TRY(connection_.Run("UPDATE alias_log SET model = ? WHERE model = ?", to, from));
  DLV_TRY(connection_.Run("UPDATE former_name SET now = ? WHERE now = ?", to, from));
  DLV_TRY(connection_.Run("DELETE FROM former_name WHERE name = ?", to));
  return connection_.Run("INSERT OR REPLACE INTO former_name(name, now) VALUES(?, ?)", from, to);
}

Result<Row> Transaction::InsertEvaluation(const EvaluationRow& evaluation) {
  DLV_TRY(CheckVersion(connection_, evaluation.version));
  DLV_TRY(
      connection_.Run("INSERT INTO evaluation(version, created, dataset, name, value, attributes) "
                      "VALUES(?, ?, ?, ?, ?, ?)",
                      evaluation.version, evaluation.created, evaluation.dataset, evaluation.name,
                      evaluation.value, EncodeKeyValues(evaluation.attributes)));
  return connection_.LastInserted();
}

Status Transaction::SetNamedQuery(const NamedQueryRow& query) {
  return connection_.Run("INSERT OR REPLACE INTO named_query(name, text, created) VALUES(?, ?, ?)",
                         query.name, query.text, query.created);
}

Result<bool> Transaction::DeleteNamedQuery(std::string_view name) {
  DLV_TRY(connection_.Run("DELETE FROM named_query WHERE name = ?", name));
  return connection_.Changes() != 0;
}

Status Transaction::SetMeta(std::string_view key, std::string_view value) {
  return connection_.Run("INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)", key, value);
}

}  // namespace dlv::catalog
