#include <limits>
#include <unordered_map>

#include "storage/catalog/catalog.h"
#include "storage/catalog/connection.h"
#include "storage/catalog/lineage_rows.h"

namespace dlv::catalog {
namespace {

/// Gives every name a place in `names`, the same one each time.
class Places {
 public:
  explicit Places(std::vector<std::string>& names) : names_(names) {}
  std::uint32_t PlaceOf(std::string name) {
    const auto [found, fresh] = places_.emplace(name, static_cast<std::uint32_t>(names_.size()));
    if (fresh) names_.push_back(std::move(name));
    return found->second;
  }

 private:
  std::vector<std::string>& names_;
  std::unordered_map<std::string, std::uint32_t> places_;
};

Status AddVersions(Connection& connection, Places& places, LineageRows& rows) {
  std::unordered_map<Row, std::uint32_t> models;
  DLV_ASSIGN(Statement model, connection.Query("SELECT id, name FROM model"));
  while (true) {
    DLV_ASSIGN(const bool found, model.Step());
    if (!found) break;
    models.emplace(model.Int(0), places.PlaceOf(model.Text(1)));
  }
  DLV_ASSIGN(Statement row,
             connection.Query("SELECT id, vid, model, number, created FROM version ORDER BY id"));
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return Ok();
    const auto named = models.find(row.Int(2));
    if (named == models.end()) {
      return Error{ErrorCode::kCorruption, "catalog: version " + std::to_string(row.Int(0)) +
                                               " is of model " + std::to_string(row.Int(2)) +
                                               ", which is not there"};
    }
    rows.versions.push_back(
        {row.Int(0), row.DigestAt<VersionId>(1), named->second, row.Unsigned(3), row.Int(4)});
  }
}

Status AddParents(Connection& connection, Places& places, LineageRows& rows) {
  DLV_ASSIGN(Statement row, connection.Query("SELECT version, ordinal, vid, model, relation, "
                                             "inferred FROM parent ORDER BY version, ordinal"));
  std::size_t place = 0;  // both are ascending by version
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return Ok();
    while (place < rows.versions.size() && rows.versions[place].row < row.Int(0)) ++place;
    const bool known = place < rows.versions.size() && rows.versions[place].row == row.Int(0);
    const std::int64_t relation = row.Int(4);
    if (!known || relation < 0 || relation > static_cast<std::int64_t>(Relation::kAdapter)) {
      return Error{ErrorCode::kCorruption, "catalog: a parent of version " +
                                               std::to_string(row.Int(0)) +
                                               (known ? " has relation " + std::to_string(relation)
                                                      : " stands there, but not the version")};
    }
    rows.parents.push_back({static_cast<std::uint32_t>(place), row.Unsigned32(1),
                            row.DigestAt<VersionId>(2), places.PlaceOf(row.Text(3)),
                            static_cast<Relation>(relation), row.Int(5) != 0});
  }
}

}  // namespace

Result<LineageRows> Catalog::ReadLineage() const {
  DLV_ASSIGN(const auto view, BeginRead());
  LineageRows rows;
  Places places(rows.models);
  DLV_TRY(AddVersions(*connection_, places, rows));
  DLV_TRY(AddParents(*connection_, places, rows));
  return rows;
}

Result<std::optional<double>> Catalog::LastValue(Row version, std::string_view metric) const {
  DLV_ASSIGN(Statement row,
             connection_->Query("SELECT last FROM metric WHERE version = ? AND name = ?", version,
                                metric));
  DLV_ASSIGN(const bool found, row.Step());
  if (!found) return std::optional<double>();
  return std::optional(row.IsNull(0) ? std::numeric_limits<double>::quiet_NaN() : row.Real(0));
}

Result<std::vector<std::string>> Catalog::MetricNames(Row version) const {
  DLV_ASSIGN(
      Statement row,
      connection_->Query("SELECT name FROM metric WHERE version = ? ORDER BY name", version));
  std::vector<std::string> names;
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return names;
    names.push_back(row.Text(0));
  }
}

Status Catalog::ForEachHyperParameter(const VisitHyperParameter& visit) const {
  DLV_ASSIGN(Statement row,
             connection_->Query("SELECT version, name, value FROM hparam ORDER BY version, name"));
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return Ok();
    visit(row.Int(0), row.Text(1), row.Text(2));
  }
}

Status Catalog::ForEachFilePath(const VisitFilePath& visit) const {
  DLV_ASSIGN(Statement row,
             connection_->Query("SELECT version, path FROM file ORDER BY version, ordinal"));
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return Ok();
    visit(row.Int(0), row.Text(1));
  }
}

}  // namespace dlv::catalog
