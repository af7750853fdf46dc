// Networks in the catalog: encodings by id, and which version has which.

#include <algorithm>

#include "storage/catalog/catalog.h"
#include "storage/catalog/connection.h"

namespace dlv::catalog {
namespace {

/// How many rows at the beginning are numbered one after the other.
std::size_t RunOf(std::span<const Row> rows) {
  std::size_t count = 1;
  while (count < rows.size() && rows[count] == rows[count - 1] + 1) ++count;
  return count;
}

}  // namespace

Result<std::vector<std::pair<Row, Row>>> Catalog::GraphsOfVersions() const {
  DLV_ASSIGN(Statement row,
             connection_->Query("SELECT version, graph FROM version_graph ORDER BY version"));
  std::vector<std::pair<Row, Row>> graphs;
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return graphs;
    graphs.emplace_back(row.Int(0), row.IsNull(1) ? 0 : row.Int(1));
  }
}

// Sorted here: for an order SQLite would read the table, with all forms, and not the index alone.
Result<std::vector<std::pair<Row, NetworkId>>> Catalog::GraphIds() const {
  DLV_ASSIGN(Statement row, connection_->Query("SELECT id, digest FROM graph"));
  std::vector<std::pair<Row, NetworkId>> graphs;
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) break;
    graphs.emplace_back(row.Int(0), row.DigestAt<NetworkId>(1));
  }
  std::sort(graphs.begin(), graphs.end());
  return graphs;
}

Status Catalog::GraphForms(
    std::span<const Row> graphs,
    const std::function<Status(Row, const NetworkId&, std::span<const std::byte>)>& visit) const {
  while (!graphs.empty()) {
    const std::size_t count = RunOf(graphs);
    DLV_ASSIGN(Statement row,
               connection_->Query(
                   "SELECT id, digest, form FROM graph WHERE id BETWEEN ? AND ? ORDER BY id",
                   graphs[0], graphs[count - 1]));
    for (const Row graph : graphs.first(count)) {
      DLV_ASSIGN(const bool found, row.Step());
      if (!found || row.Int(0) != graph) {
        return Error{ErrorCode::kNotFound,
                     "catalog: there is no network in row " + std::to_string(graph)};
      }
      DLV_TRY(visit(graph, row.DigestAt<NetworkId>(1), row.Blob(2)));
    }
    graphs = graphs.subspan(count);
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
