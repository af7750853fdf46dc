#include "storage/catalog/version_reader.h"

#include <limits>

#include "storage/catalog/encoding.h"

namespace dlv::catalog {
namespace {

// Up to this many versions are looked up one by one; above, a table is read whole.
constexpr std::size_t kFewVersions = 64;
constexpr std::size_t kShownDigits = 12;

VersionRow ReadRow(const Statement& statement) {
  VersionRow row;
  row.row = statement.Int(0);
  row.model = statement.Int(1);
  VersionSummary& summary = row.summary;
  summary.model = statement.Text(2);
  summary.number = statement.Unsigned(3);
  summary.id = statement.DigestAt<VersionId>(4);
  summary.created = statement.Int(5);
  summary.author = statement.Text(6);
  summary.message = statement.Text(7);
  summary.snapshot_count = statement.Unsigned32(8);
  summary.file_count = statement.Unsigned32(9);
  summary.parameter_count = statement.Unsigned(10);
  summary.raw_bytes = statement.Unsigned(11);
  summary.stored_bytes = statement.Unsigned(12);
  row.manifest_section = statement.Int(13);
  return row;
}

}  // namespace

Status VersionReader::AddAll(Statement statement) {
  while (true) {
    DLV_ASSIGN(const bool found, statement.Step());
    if (!found) return Ok();
    rows_.push_back(ReadRow(statement));
    places_.emplace(rows_.back().row, rows_.size() - 1);
  }
}

/// Calls fill(summary, statement) for each row; column 0 is the version.
template <class Fill>
Status VersionReader::ForEach(const char* of_one, const char* of_all, const Fill& fill) {
  const auto read = [&](Statement statement) -> Status {
    while (true) {
      DLV_ASSIGN(const bool found, statement.Step());
      if (!found) return Ok();
      const auto place = places_.find(statement.Int(0));
      if (place != places_.end()) {
        DLV_TRY(fill(rows_[place->second].summary, statement));
      }
    }
  };
  if (rows_.size() > kFewVersions) {
    DLV_ASSIGN(Statement all, connection_.Query(of_all));
    return read(std::move(all));
  }
  for (const VersionRow& row : rows_) {
    DLV_ASSIGN(Statement one, connection_.Query(of_one, row.row));
    DLV_TRY(read(std::move(one)));
  }
  return Ok();
}

Status VersionReader::FillAliases() {
  return ForEach("SELECT version, name FROM alias WHERE version = ? ORDER BY name",
                 "SELECT version, name FROM alias ORDER BY name",
                 [](VersionSummary& summary, const Statement& row) {
                   summary.aliases.push_back(row.Text(1));
                   return Ok();
                 });
}

Status VersionReader::FillTags() {
  return ForEach("SELECT version, key, value FROM tag WHERE version = ?",
                 "SELECT version, key, value FROM tag",
                 [](VersionSummary& summary, const Statement& row) {
                   summary.tags.insert_or_assign(row.Text(1), row.Text(2));
                   return Ok();
                 });
}

Status VersionReader::FillNotes() {
  return ForEach("SELECT version, text FROM note WHERE version = ?",
                 "SELECT version, text FROM note",
                 [](VersionSummary& summary, const Statement& row) {
                   summary.note = row.Text(1);
                   return Ok();
                 });
}

Status VersionReader::FillMetrics() {
  return ForEach(
      "SELECT version, name, last FROM metric WHERE version = ?",
      "SELECT version, name, last FROM metric", [](VersionSummary& summary, const Statement& row) {
        // SQLite keeps NaN as null.
        const double last = row.IsNull(2) ? std::numeric_limits<double>::quiet_NaN() : row.Real(2);
        summary.metrics.emplace_back(row.Text(1), last);
        return Ok();
      });
}

// The plus sign keeps SQLite from going through all versions of the model for every parent.
#define DLV_PARENT_COLUMNS                                                                       \
  "SELECT version, vid, model, relation, attributes, inferred, (SELECT v.number FROM version v " \
  "JOIN model m ON m.id = v.model WHERE v.vid = parent.vid AND +m.name = parent.model) FROM "    \
  "parent "

Status VersionReader::FillParents() {
  return ForEach(
      DLV_PARENT_COLUMNS "WHERE version = ? ORDER BY ordinal",
      DLV_PARENT_COLUMNS "ORDER BY version, ordinal",
      [](VersionSummary& summary, const Statement& row) -> Status {
        ParentInfo parent;
        parent.id = row.DigestAt<VersionId>(1);
        parent.reference =
            row.Text(2) + (row.IsNull(6) ? "@" + parent.id.Hex(kShownDigits) : ":v" + row.Text(6));
        const std::int64_t relation = row.Int(3);
        if (relation < 0 || relation > static_cast<std::int64_t>(Relation::kAdapter)) {
          return Error{ErrorCode::kCorruption, "catalog: a parent of " + summary.reference() +
                                                   " has relation " + std::to_string(relation)};
        }
        parent.relation = static_cast<Relation>(relation);
        DLV_ASSIGN(parent.attributes, DecodeKeyValues(row.Blob(4)));
        parent.inferred = row.Int(5) != 0;
        summary.parents.push_back(std::move(parent));
        return Ok();
      });
}

#undef DLV_PARENT_COLUMNS

Result<std::vector<VersionRow>> VersionReader::Finish() {
  DLV_TRY(FillAliases());
  DLV_TRY(FillTags());
  DLV_TRY(FillNotes());
  DLV_TRY(FillMetrics());
  DLV_TRY(FillParents());
  return std::move(rows_);
}

}  // namespace dlv::catalog
