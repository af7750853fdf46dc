#include <algorithm>
#include <limits>

#include "storage/catalog/catalog.h"
#include "storage/catalog/connection.h"
#include "storage/catalog/encoding.h"
#include "storage/catalog/evaluation_row.h"
#include "storage/catalog/version_reader.h"

namespace dlv::catalog {
namespace {

/// Runs a query for versions in one read view and fills the rows in.
template <class... Values>
Result<std::vector<VersionRow>> ReadVersions(const Catalog& catalog, Connection& connection,
                                             const char* sql, const Values&... values) {
  DLV_ASSIGN(const auto view, catalog.BeginRead());
  VersionReader reader(connection);
  DLV_ASSIGN(Statement statement, connection.Query(sql, values...));
  DLV_TRY(reader.AddAll(std::move(statement)));
  return reader.Finish();
}

Result<std::optional<VersionRow>> FirstOf(Result<std::vector<VersionRow>> rows) {
  if (!rows.ok()) return std::move(rows).error();
  if (rows->empty()) return std::optional<VersionRow>();
  return std::optional<VersionRow>(std::move(rows->front()));
}

ModelRow ReadModel(const Statement& row) {
  return {row.Int(0), row.Text(1), row.Unsigned(2), row.Unsigned(3), row.Unsigned(4), row.Int(5)};
}

/// Reads a two-column table of texts.
Result<KeyValues> ReadPairs(Statement statement) {
  KeyValues values;
  while (true) {
    DLV_ASSIGN(const bool found, statement.Step());
    if (!found) return values;
    values.insert_or_assign(statement.Text(0), statement.Text(1));
  }
}

/// Digests that begin with `hex` lie from first to last.
struct DigestRange {
  VersionId first;
  VersionId last;
};

Result<DigestRange> RangeOfPrefix(std::string_view hex) {
  std::string low(hex);
  std::string high(hex);
  const auto first =
      hex.size() <= 64 ? VersionId::FromHex(low.append(64 - hex.size(), '0')) : std::nullopt;
  const auto last =
      first.has_value() ? VersionId::FromHex(high.append(64 - hex.size(), 'f')) : std::nullopt;
  if (!last.has_value()) {
    return Error{ErrorCode::kInvalidArgument,
                 "\"" + std::string(hex.substr(0, 80)) +
                     "\": is no id: want up to 64 hexadecimal digits in lower case"};
  }
  return DigestRange{*first, *last};
}

#define DLV_MODEL_COLUMNS                                                             \
  "SELECT m.id, m.name, count(v.id), sum(v.raw_bytes), sum(v.stored_bytes), "         \
  "(SELECT l.id FROM version l WHERE l.model = m.id ORDER BY l.number DESC LIMIT 1) " \
  "FROM model m "

}  // namespace

Result<std::vector<ModelRow>> Catalog::ListModels(std::string_view model_glob) const {
  DLV_ASSIGN(
      Statement row,
      connection_->Query(DLV_MODEL_COLUMNS "JOIN version v ON v.model = m.id WHERE m.name GLOB ? "
                                           "GROUP BY m.id ORDER BY m.name",
                         model_glob));
  std::vector<ModelRow> models;
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return models;
    models.push_back(ReadModel(row));
  }
}

Result<std::optional<ModelRow>> Catalog::FindModel(std::string_view name) const {
  DLV_ASSIGN(
      Statement row,
      connection_->Query(DLV_MODEL_COLUMNS
                         "LEFT JOIN version v ON v.model = m.id WHERE m.name = ? GROUP BY m.id",
                         name));
  DLV_ASSIGN(const bool found, row.Step());
  return found ? std::optional(ReadModel(row)) : std::nullopt;
}

Result<std::vector<std::string>> Catalog::ModelNames() const {
  DLV_ASSIGN(Statement row,
             connection_->Query("SELECT name FROM model m WHERE EXISTS "
                                "(SELECT 1 FROM version v WHERE v.model = m.id) ORDER BY name"));
  std::vector<std::string> names;
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return names;
    names.push_back(row.Text(0));
  }
}

Result<std::uint64_t> Catalog::LastNumber(std::string_view model) const {
  DLV_ASSIGN(const auto last,
             connection_->Number("SELECT last_number FROM model WHERE name = ?", model));
  return static_cast<std::uint64_t>(last.value_or(0));
}

Result<bool> Catalog::IsReserved(std::string_view model, std::uint64_t number) const {
  DLV_ASSIGN(const std::uint64_t last, LastNumber(model));
  return last >= number;
}

Result<std::optional<std::string>> Catalog::NameNow(std::string_view former_name) const {
  DLV_ASSIGN(Statement row,
             connection_->Query("SELECT now FROM former_name WHERE name = ?", former_name));
  DLV_ASSIGN(const bool found, row.Step());
  return found ? std::optional(row.Text(0)) : std::nullopt;
}

Result<std::vector<VersionRow>> Catalog::ListVersions(const VersionFilter& filter) const {
  const std::int64_t limit = filter.limit == 0
                                 ? -1
                                 : static_cast<std::int64_t>(std::min<std::size_t>(
                                       filter.limit, std::numeric_limits<std::int64_t>::max()));
  return ReadVersions(*this, *connection_,
                      DLV_VERSION_COLUMNS "WHERE m.name GLOB ? ORDER BY v.id DESC LIMIT ?",
                      filter.model_glob, limit);
}

Result<std::optional<VersionRow>> Catalog::GetVersion(Row version) const {
  return FirstOf(ReadVersions(*this, *connection_, DLV_VERSION_COLUMNS "WHERE v.id = ?", version));
}

Result<std::optional<VersionRow>> Catalog::FindVersion(std::string_view model,
                                                       std::uint64_t number) const {
  return FirstOf(ReadVersions(
      *this, *connection_, DLV_VERSION_COLUMNS "WHERE m.name = ? AND v.number = ?", model, number));
}

Result<std::optional<VersionRow>> Catalog::FindLatest(std::string_view model) const {
  return FirstOf(ReadVersions(*this, *connection_,
                              DLV_VERSION_COLUMNS "WHERE m.name = ? ORDER BY v.number DESC LIMIT 1",
                              model));
}

Result<std::optional<VersionRow>> Catalog::FindByAlias(std::string_view model,
                                                       std::string_view alias) const {
  return FirstOf(ReadVersions(
      *this, *connection_,
      DLV_VERSION_COLUMNS
      "JOIN alias a ON a.version = v.id WHERE m.name = ? AND a.model = m.id AND a.name = ?",
      model, alias));
}

Result<std::optional<VersionRow>> Catalog::FindById(const VersionId& id) const {
  return FirstOf(
      ReadVersions(*this, *connection_, DLV_VERSION_COLUMNS "WHERE v.vid = ? ORDER BY v.id", id));
}

Result<std::vector<VersionRow>> Catalog::FindByIdPrefix(std::string_view model,
                                                        std::string_view hex,
                                                        std::size_t limit) const {
  DLV_ASSIGN(const DigestRange range, RangeOfPrefix(hex));
  return ReadVersions(
      *this, *connection_,
      DLV_VERSION_COLUMNS
      "WHERE v.vid BETWEEN ? AND ? AND (? = '' OR m.name = ?) ORDER BY v.vid, v.id LIMIT ?",
      range.first, range.last, model, model, std::uint64_t{limit});
}

Result<std::vector<Row>> Catalog::Children(const VersionId& id) const {
  DLV_ASSIGN(
      Statement row,
      connection_->Query("SELECT DISTINCT version FROM parent WHERE vid = ? ORDER BY 1", id));
  std::vector<Row> children;
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return children;
    children.push_back(row.Int(0));
  }
}

Result<std::uint64_t> Catalog::VersionCount() const {
  DLV_ASSIGN(const auto count, connection_->Number("SELECT count(*) FROM version"));
  return static_cast<std::uint64_t>(count.value_or(0));
}

Result<KeyValues> Catalog::HyperParameters(Row version) const {
  DLV_ASSIGN(Statement rows,
             connection_->Query("SELECT name, value FROM hparam WHERE version = ?", version));
  return ReadPairs(std::move(rows));
}

Result<KeyValues> Catalog::Tags(Row version) const {
  DLV_ASSIGN(Statement rows,
             connection_->Query("SELECT key, value FROM tag WHERE version = ?", version));
  return ReadPairs(std::move(rows));
}

Result<std::vector<Metric>> Catalog::Metrics(Row version) const {
  DLV_ASSIGN(
      Statement row,
      connection_->Query("SELECT m.name, m.last_step, m.last, s.points FROM metric m "
                         "LEFT JOIN metric_series s ON s.version = m.version AND s.name = m.name "
                         "WHERE m.version = ? ORDER BY m.name",
                         version));
  std::vector<Metric> metrics;
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return metrics;
    Metric metric;
    metric.name = row.Text(0);
    if (row.IsNull(3)) {
      metric.points = {
          {row.Int(1), row.IsNull(2) ? std::numeric_limits<double>::quiet_NaN() : row.Real(2)}};
    } else {
      DLV_ASSIGN(metric.points, DecodePoints(row.Blob(3)));
    }
    metrics.push_back(std::move(metric));
  }
}

Result<std::vector<std::pair<std::string, Row>>> Catalog::Aliases(std::string_view model) const {
  DLV_ASSIGN(
      Statement row,
      connection_->Query("SELECT a.name, a.version FROM alias a JOIN model m ON m.id = a.model "
                         "WHERE m.name = ? ORDER BY a.name",
                         model));
  std::vector<std::pair<std::string, Row>> aliases;
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return aliases;
    aliases.emplace_back(row.Text(0), row.Int(1));
  }
}

Result<std::vector<AliasMove>> Catalog::AliasLog(std::string_view model) const {
  DLV_ASSIGN(Statement row,
             connection_->Query("SELECT model, alias, from_number, to_number, moved FROM alias_log "
                                "WHERE model = ? ORDER BY id",
                                model));
  std::vector<AliasMove> moves;
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return moves;
    moves.push_back({row.Text(0), row.Text(1), row.Unsigned(2), row.Unsigned(3), row.Int(4)});
  }
}

Result<std::vector<EvaluationRow>> Catalog::Evaluations(Row version) const {
  DLV_ASSIGN(Statement row,
             connection_->Query("SELECT id, version, created, dataset, name, value, attributes "
                                "FROM evaluation WHERE version = ? ORDER BY id",
                                version));
  std::vector<EvaluationRow> evaluations;
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return evaluations;
    DLV_ASSIGN(auto evaluation, EvaluationOf(row));
    evaluations.push_back(std::move(evaluation));
  }
}

Result<std::vector<NamedQueryRow>> Catalog::NamedQueries() const {
  DLV_ASSIGN(Statement row,
             connection_->Query("SELECT name, text, created FROM named_query ORDER BY name"));
  std::vector<NamedQueryRow> queries;
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return queries;
    queries.push_back({row.Text(0), row.Text(1), row.Int(2)});
  }
}

}  // namespace dlv::catalog
