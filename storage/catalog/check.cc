#include <algorithm>
#include <array>

#include "storage/catalog/catalog.h"
#include "storage/catalog/connection.h"
#include "storage/catalog/encoding.h"
#include "storage/catalog/object_runs.h"
#include "storage/catalog/page_checksum.h"

namespace dlv::catalog {
namespace {

constexpr std::array kTables = {
    "alias",       "alias_log", "evaluation", "file",       "former_name",   "graph",
    "hparam",      "layout",    "meta",       "metric",     "metric_series", "model",
    "named_query", "note",      "object_id",  "object_run", "pack",          "parent",
    "section",     "snapshot",  "tag",        "version",    "version_graph"};
constexpr std::size_t kMostFindings = 100;

using Findings = std::vector<std::string>;

void Note(Findings& findings, std::string what) {
  if (findings.size() < kMostFindings) findings.push_back(std::move(what));
}

/// Reads every page of the file itself: SQLite does not look at pages that are free.
Status CheckPages(Connection& connection, Findings& findings) {
  DLV_ASSIGN(const auto file, connection.file_system().OpenForReading(connection.path()));
  DLV_ASSIGN(const io::FileStat stat, file->Stat());
  if (stat.size_bytes % kPageSize != 0) Note(findings, connection.path() + ": ends within a page");
  std::vector<std::byte> page(kPageSize);
  for (std::uint64_t i = 0; i < stat.size_bytes / kPageSize; ++i) {
    DLV_TRY(file->ReadAt(i * kPageSize, page));
    if (!IsPageSound(i + 1, page)) {
      Note(findings, connection.path() + ": page " + std::to_string(i + 1) +
                         " is damaged: checksum does not match");
    }
  }
  return Ok();
}

/// Adds every row of a pragma that says what is wrong.
Status CheckPragma(Connection& connection, const char* sql, const char* what, Findings& findings) {
  DLV_ASSIGN(Statement row, connection.Query(sql));
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return Ok();
    if (row.Text(0) != "ok") Note(findings, connection.path() + ": " + what + ": " + row.Text(0));
  }
}

/// Adds a finding for each row of a query that looks for what must not be; column 0 names the row.
Status CheckNone(Connection& connection, const char* sql, const char* what, Findings& findings) {
  DLV_ASSIGN(Statement row, connection.Query(sql));
  while (true) {
    DLV_ASSIGN(const bool found, row.Step());
    if (!found) return Ok();
    Note(findings, connection.path() + ": " + what + ": row " + row.Text(0));
  }
}

/// Runs neither overlap nor are empty, and have as many ids as objects.
Status CheckRuns(const Catalog& catalog, Connection& connection, Findings& findings) {
  ObjectNumber next = 1;
  std::uint64_t count = 0;
  std::vector<ObjectRun> runs;
  {
    DLV_ASSIGN(Statement row,
               connection.Query(
                   "SELECT first, count, kind, section, entry FROM object_run ORDER BY first"));
    while (true) {
      DLV_ASSIGN(const bool found, row.Step());
      if (!found) break;
      DLV_ASSIGN(const ObjectRun run, ReadRun(row));
      runs.push_back(run);
    }
  }
  for (const ObjectRun& run : runs) {
    if (run.first < next) {
      Note(findings, connection.path() + ": objects from " + std::to_string(run.first) +
                         " on overlap others");
    }
    next = run.first + run.count;
    count += run.count;
  }
  DLV_ASSIGN(const auto ids, connection.Number("SELECT count(DISTINCT object) FROM object_id"));
  if (static_cast<std::uint64_t>(ids.value_or(0)) != count) {
    Note(findings, connection.path() + ": has " + std::to_string(count) + " objects, but ids for " +
                       std::to_string(ids.value_or(0)));
  }
  DLV_ASSIGN(const std::vector<ObjectNumber> referenced, catalog.ReferencedObjects());
  auto run = runs.begin();
  for (const ObjectNumber number : referenced) {
    while (run != runs.end() && run->first + run->count <= number) ++run;
    if (run == runs.end() || !run->Holds(number)) {
      Note(findings,
           connection.path() + ": object " + std::to_string(number) + " is used but missing");
    }
  }
  return Ok();
}

Status CheckContent(const Catalog& catalog, Connection& connection, Findings& findings) {
  DLV_TRY(CheckPragma(connection, "PRAGMA integrity_check", "structure", findings));
  DLV_TRY(
      CheckPragma(connection, "PRAGMA foreign_key_check", "dangling reference in table", findings));
  DLV_TRY(CheckNone(connection,
                    "SELECT first FROM object_run r WHERE NOT EXISTS (SELECT 1 FROM section s "
                    "WHERE s.id = r.section)",
                    "objects in a section that does not exist", findings));
  DLV_TRY(CheckNone(connection,
                    "SELECT id FROM version v WHERE manifest_section <> 0 AND "
                    "NOT EXISTS (SELECT 1 FROM section s WHERE s.id = v.manifest_section)",
                    "version with its manifest in a section that does not exist", findings));
  DLV_TRY(CheckNone(connection,
                    "SELECT id FROM version v WHERE length(vid) <> 32 OR "
                    "snapshot_count <> (SELECT count(*) FROM snapshot s WHERE s.version = v.id) OR "
                    "file_count <> (SELECT count(*) FROM file f WHERE f.version = v.id)",
                    "version whose snapshots or files are not as many as it says", findings));
  return CheckRuns(catalog, connection, findings);
}

}  // namespace

Result<std::map<std::string, std::uint64_t>> Catalog::DumpCounts() const {
  DLV_ASSIGN(const auto view, BeginRead());
  std::map<std::string, std::uint64_t> counts;
  for (const char* const table : kTables) {
    const std::string sql = std::string("SELECT count(*) FROM ") + table;
    DLV_ASSIGN(Statement row, connection_->Uncached(sql));
    DLV_ASSIGN(const bool found, row.Step());
    counts[table] = found ? row.Unsigned(0) : 0;
  }
  return counts;
}

Result<std::vector<std::string>> Catalog::CheckIntegrity() const {
  DLV_ASSIGN(const auto view, BeginRead());
  Findings findings;
  // The first read takes the shared lock, so that no other process writes pages while they are
  // checked.
  const Result<std::optional<std::int64_t>> first =
      connection_->Number("SELECT count(*) FROM sqlite_schema");
  if (!first.ok() && first.error().code != ErrorCode::kCorruption) return first.error();
  DLV_TRY(CheckPages(*connection_, findings));
  if (!findings.empty()) return findings;
  Status status = CheckContent(*this, *connection_, findings);
  if (!status.ok()) {
    if (status.error().code != ErrorCode::kCorruption) return std::move(status).error();
    Note(findings, status.error().message);
  }
  return findings;
}

}  // namespace dlv::catalog
