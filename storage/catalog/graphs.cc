// Networks in the catalog: encodings by id, and which version has which.

#include "storage/catalog/catalog.h"
#include "storage/catalog/connection.h"

namespace dlv::catalog {

Result<std::vector<std::pair<Row, Row>>> Catalog::GraphsOfVersions() const {
  DLV_ASSIGN(Statement row, connection_->Query("SELECT version, graph FROM version_graph WHERE "
                                               "graph IS NOT NULL ORDER BY version"));
  std::vector<std::pair<Row, Row>> graphs;
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return graphs;
    graphs.emplace_back(row.Int(0), row.Int(1));
  }
}

Result<std::vector<std::pair<Row, NetworkId>>> Catalog::GraphIds() const {
  DLV_ASSIGN(Statement row,
             connection_->Query("SELECT id, digest FROM graph g WHERE EXISTS (SELECT 1 FROM "
                                "version_graph WHERE graph = g.id) ORDER BY id"));
  std::vector<std::pair<Row, NetworkId>> graphs;
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return graphs;
    graphs.emplace_back(row.Int(0), row.DigestAt<NetworkId>(1));
  }
}

Status Catalog::GraphForms(
    std::span<const Row> graphs,
    const std::function<Status(Row, const NetworkId&, std::span<const std::byte>)>& visit) const {
  for (const Row graph : graphs) {
    DLV_ASSIGN(Statement row,
               connection_->Query("SELECT digest, form FROM graph WHERE id = ?", graph));
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) {
      return Error{ErrorCode::kNotFound,
                   "catalog: there is no network in row " + std::to_string(graph)};
    }
    DLV_TRY(visit(graph, row.DigestAt<NetworkId>(0), row.Blob(1)));
  }
  return Ok();
}

Result<std::optional<Row>> Catalog::FindGraph(const NetworkId& id) const {
  return connection_->Number("SELECT id FROM graph WHERE digest = ?", id);
}

Result<std::optional<VersionGraph>> Catalog::GraphOfVersion(Row version) const {
  DLV_ASSIGN(Statement row,
             connection_->Query("SELECT graph, file, warning FROM version_graph WHERE version = ?",
                                version));
  DLV_ASSIGN(const bool found, row.Step());
  if (!found) return std::optional<VersionGraph>();
  return std::optional(
      VersionGraph{version, row.IsNull(0) ? 0 : row.Int(0), row.Text(1), row.Text(2)});
}

Result<std::vector<Row>> Catalog::VersionsWithoutGraphRow() const {
  DLV_ASSIGN(Statement row,
             connection_->Query("SELECT id FROM version v WHERE NOT EXISTS (SELECT 1 FROM "
                                "version_graph WHERE version = v.id) ORDER BY id"));
  std::vector<Row> versions;
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return versions;
    versions.push_back(row.Int(0));
  }
}

Result<Row> Transaction::InsertGraph(const NetworkId& id, std::span<const std::byte> form) {
  DLV_ASSIGN(const auto found, connection_.Number("SELECT id FROM graph WHERE digest = ?", id));
  if (found.has_value()) return *found;
  DLV_TRY(connection_.Run("INSERT INTO graph(digest, form) VALUES(?, ?)", id, form));
  return connection_.LastInserted();
}

Status Transaction::SetGraph(const VersionGraph& graph) {
  DLV_ASSIGN(const auto version,
             connection_.Number("SELECT id FROM version WHERE id = ?", graph.version));
  if (!version.has_value()) {
    return Error{ErrorCode::kNotFound,
                 "catalog: there is no version in row " + std::to_string(graph.version)};
  }
  const std::optional<std::int64_t> row =
      graph.graph == 0 ? std::nullopt : std::optional<std::int64_t>(graph.graph);
  return connection_.Run(
      "INSERT OR REPLACE INTO version_graph(version, graph, file, warning) VALUES(?, ?, ?, ?)",
      graph.version, row, graph.file, graph.warning);
}

Status Transaction::DeleteUnusedGraphs() {
  return connection_.Run(
      "DELETE FROM graph WHERE NOT EXISTS (SELECT 1 FROM version_graph WHERE graph = graph.id)");
}

}  // namespace dlv::catalog
