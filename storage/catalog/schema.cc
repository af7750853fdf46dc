#include "storage/catalog/schema.h"

#include <array>
#include <string>

namespace dlv::catalog {
namespace {

// Size law: 10,000 versions of 300 distinct tensors in 150 MB. So objects have no row each:
// neighbours in one section are one row of object_run, and only 64 bits of each id stand in
// object_id. Rows that other processes may remember (versions, packs, sections) never get a number
// again that another had (AUTOINCREMENT).
constexpr const char* kStep1 = R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE pack(
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, created INTEGER NOT NULL);
CREATE TABLE section(
  id INTEGER PRIMARY KEY AUTOINCREMENT, pack INTEGER NOT NULL REFERENCES pack(id),
  start INTEGER NOT NULL, length INTEGER NOT NULL,
  directory_offset INTEGER NOT NULL, directory_length INTEGER NOT NULL,
  manifest_offset INTEGER NOT NULL, manifest_length INTEGER NOT NULL,
  object_count INTEGER NOT NULL, live_bytes INTEGER NOT NULL);
CREATE INDEX section_by_pack ON section(pack, start);

CREATE TABLE object_run(
  first INTEGER PRIMARY KEY, count INTEGER NOT NULL, kind INTEGER NOT NULL,
  section INTEGER NOT NULL, entry INTEGER NOT NULL);
CREATE TABLE object_id(
  prefix INTEGER NOT NULL, object INTEGER NOT NULL, PRIMARY KEY(prefix, object)) WITHOUT ROWID;

CREATE TABLE model(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, last_number INTEGER NOT NULL);
CREATE TABLE version(
  id INTEGER PRIMARY KEY AUTOINCREMENT, model INTEGER NOT NULL REFERENCES model(id), number INTEGER NOT NULL,
  vid BLOB NOT NULL, created INTEGER NOT NULL, author TEXT NOT NULL, message TEXT NOT NULL,
  snapshot_count INTEGER NOT NULL, file_count INTEGER NOT NULL, parameter_count INTEGER NOT NULL,
  raw_bytes INTEGER NOT NULL, stored_bytes INTEGER NOT NULL, manifest_section INTEGER NOT NULL);
CREATE UNIQUE INDEX version_by_number ON version(model, number);
CREATE INDEX version_by_vid ON version(vid);

CREATE TABLE parent(
  version INTEGER NOT NULL REFERENCES version(id) ON DELETE CASCADE, ordinal INTEGER NOT NULL,
  vid BLOB NOT NULL, model TEXT NOT NULL, relation INTEGER NOT NULL, attributes BLOB NOT NULL,
  inferred INTEGER NOT NULL, PRIMARY KEY(version, ordinal)) WITHOUT ROWID;
CREATE INDEX parent_by_vid ON parent(vid);

CREATE TABLE layout(
  id INTEGER PRIMARY KEY, blob BLOB NOT NULL UNIQUE, object INTEGER NOT NULL, tensor_count INTEGER NOT NULL);
CREATE TABLE snapshot(
  id INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES version(id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL, layout INTEGER NOT NULL REFERENCES layout(id), step INTEGER,
  parameter_count INTEGER NOT NULL, tensor_bytes INTEGER NOT NULL, tensor_count INTEGER NOT NULL,
  objects BLOB NOT NULL);
CREATE UNIQUE INDEX snapshot_by_version ON snapshot(version, ordinal);
CREATE INDEX snapshot_by_layout ON snapshot(layout);
CREATE TABLE file(
  id INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES version(id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, sha256 BLOB NOT NULL,
  format TEXT NOT NULL, step INTEGER, tensor_count INTEGER NOT NULL, note TEXT NOT NULL,
  recipe INTEGER NOT NULL, objects BLOB NOT NULL);
CREATE UNIQUE INDEX file_by_version ON file(version, ordinal);
CREATE INDEX file_by_content ON file(sha256);

CREATE TABLE hparam(
  version INTEGER NOT NULL REFERENCES version(id) ON DELETE CASCADE, name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY(version, name)) WITHOUT ROWID;
CREATE TABLE metric(
  version INTEGER NOT NULL REFERENCES version(id) ON DELETE CASCADE, name TEXT NOT NULL,
  last_step INTEGER NOT NULL, last REAL, PRIMARY KEY(version, name)) WITHOUT ROWID;
CREATE TABLE metric_series(
  version INTEGER NOT NULL REFERENCES version(id) ON DELETE CASCADE, name TEXT NOT NULL, points BLOB NOT NULL,
  PRIMARY KEY(version, name));
CREATE TABLE tag(
  version INTEGER NOT NULL REFERENCES version(id) ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY(version, key)) WITHOUT ROWID;
CREATE TABLE alias(
  model INTEGER NOT NULL REFERENCES model(id), name TEXT NOT NULL,
  version INTEGER NOT NULL REFERENCES version(id) ON DELETE CASCADE, PRIMARY KEY(model, name)) WITHOUT ROWID;
CREATE INDEX alias_by_version ON alias(version);
CREATE TABLE alias_log(
  id INTEGER PRIMARY KEY, model TEXT NOT NULL, alias TEXT NOT NULL,
  from_number INTEGER NOT NULL, to_number INTEGER NOT NULL, moved INTEGER NOT NULL);
CREATE INDEX alias_log_by_model ON alias_log(model);
CREATE TABLE evaluation(
  id INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES version(id) ON DELETE CASCADE,
  created INTEGER NOT NULL, dataset TEXT NOT NULL, name TEXT NOT NULL, value REAL, attributes BLOB NOT NULL);
CREATE INDEX evaluation_by_version ON evaluation(version);
CREATE TABLE named_query(name TEXT PRIMARY KEY, text TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE network(
  id INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES version(id) ON DELETE CASCADE, name TEXT NOT NULL);
CREATE INDEX network_by_version ON network(version);
CREATE TABLE node(
  network INTEGER NOT NULL REFERENCES network(id) ON DELETE CASCADE, ordinal INTEGER NOT NULL, name TEXT NOT NULL,
  op TEXT NOT NULL, attributes BLOB NOT NULL, PRIMARY KEY(network, ordinal)) WITHOUT ROWID;
CREATE TABLE edge(
  network INTEGER NOT NULL REFERENCES network(id) ON DELETE CASCADE, ordinal INTEGER NOT NULL,
  source INTEGER NOT NULL, target INTEGER NOT NULL, label TEXT NOT NULL,
  PRIMARY KEY(network, ordinal)) WITHOUT ROWID;
)sql";

// A model that was renamed: under which name it was known before, for whoever asks for that.
constexpr const char* kStep2 = R"sql(
CREATE TABLE note(
  version INTEGER PRIMARY KEY REFERENCES version(id) ON DELETE CASCADE, text TEXT NOT NULL, changed INTEGER NOT NULL);
CREATE TABLE former_name(name TEXT PRIMARY KEY, now TEXT NOT NULL) WITHOUT ROWID;
)sql";

// Networks as canonical encodings, each once: a statement that asks for nodes reads each of them
// once, whatever the number of versions. The tables of nodes and edges were never filled. A version
// without a network has a row without a graph; one without a row was committed by an older release,
// and nobody has looked yet.
constexpr const char* kStep3 = R"sql(
DROP TABLE edge;
DROP TABLE node;
DROP TABLE network;
CREATE TABLE graph(id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, form BLOB NOT NULL);
CREATE TABLE version_graph(
  version INTEGER PRIMARY KEY REFERENCES version(id) ON DELETE CASCADE, graph INTEGER REFERENCES graph(id),
  file TEXT NOT NULL, warning TEXT NOT NULL);
CREATE INDEX version_graph_by_graph ON version_graph(graph);
)sql";

constexpr std::array<const char*, 3> kSteps = {kStep1, kStep2, kStep3};

Status Upgrade(Connection& connection, int found, std::span<const char* const> steps) {
  for (std::size_t step = static_cast<std::size_t>(found); step < steps.size(); ++step) {
    DLV_TRY(connection.Execute(steps[step]));
  }
  const std::string version = "PRAGMA user_version = " + std::to_string(steps.size()) +
                              "; PRAGMA application_id = " + std::to_string(kApplicationId) + ";";
  DLV_TRY(connection.Execute(version.c_str()));
  return connection.Execute("COMMIT");
}

}  // namespace

std::span<const char* const> Migrations() { return kSteps; }

Result<int> ReadSchemaVersion(Connection& connection) {
  DLV_ASSIGN(const auto version, connection.Number("PRAGMA user_version"));
  DLV_ASSIGN(const auto application, connection.Number("PRAGMA application_id"));
  const bool is_new = version.value_or(0) == 0 && application.value_or(0) == 0;
  if (!is_new && application != kApplicationId) {
    return Error{ErrorCode::kCorruption,
                 connection.path() + ": is no catalog: application id " +
                     std::to_string(application.value_or(0)) + ", want " +
                     std::to_string(kApplicationId),
                 "dlv fsck --rebuild-catalog makes the catalog anew from the packs"};
  }
  return static_cast<int>(version.value_or(0));
}

Status RefuseNewerSchema(const Connection& connection, int found, int known) {
  if (found <= known) return Ok();
  return Error{ErrorCode::kUnsupported,
               connection.path() + ": has schema version " + std::to_string(found) +
                   ", this release knows up to " + std::to_string(known),
               "use the newer release that wrote it"};
}

Status Migrate(Connection& connection, std::span<const char* const> steps) {
  const int known = static_cast<int>(steps.size());
  DLV_ASSIGN(const int before, ReadSchemaVersion(connection));
  DLV_TRY(RefuseNewerSchema(connection, before, known));
  if (before == known) return Ok();
  DLV_TRY(connection.Execute("BEGIN IMMEDIATE"));
  // Another process may have done it while this one waited.
  Result<int> found = ReadSchemaVersion(connection);
  Status status = found.ok() ? Ok() : Status(found.error());
  if (status.ok()) status = RefuseNewerSchema(connection, *found, known);
  if (status.ok())
    status = *found == known ? connection.Execute("COMMIT") : Upgrade(connection, *found, steps);
  if (!status.ok() && connection.InTransaction()) (void)connection.Execute("ROLLBACK");
  return status;
}

}  // namespace dlv::catalog
