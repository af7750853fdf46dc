#include <algorithm>

#include "storage/catalog/catalog.h"
#include "storage/catalog/connection.h"
#include "storage/catalog/encoding.h"
#include "storage/catalog/object_runs.h"

namespace dlv::catalog {
namespace {

/// Calls read(statement) for each row.
template <class Read>
Status ForEachRow(Statement statement, const Read& read) {
  while (true) {
    DLV_ASSIGN(const bool found, statement.Step());
    if (!found) return Ok();
    DLV_TRY(read(statement));
  }
}

SnapshotRow ReadSnapshot(const Statement& row) {
  SnapshotRow snapshot;
  snapshot.row = row.Int(0);
  snapshot.version = row.Int(1);
  snapshot.ordinal = row.Unsigned32(2);
  snapshot.layout = row.Int(3);
  snapshot.info.step = row.OptionalInt(4);
  snapshot.info.parameter_count = row.Unsigned(5);
  snapshot.info.tensor_bytes = row.Unsigned(6);
  snapshot.info.tensor_count = row.Unsigned32(7);
  return snapshot;
}

#define DLV_FILE_COLUMNS                                                                        \
  "SELECT id, version, ordinal, path, size, sha256, format, step, tensor_count, note, recipe, " \
  "objects FROM file "

Result<std::vector<FileRow>> ReadFiles(Statement statement) {
  std::vector<FileRow> files;
  DLV_TRY(ForEachRow(std::move(statement), [&files](const Statement& row) -> Status {
    FileRow file;
    file.row = row.Int(0);
    file.version = row.Int(1);
    file.ordinal = row.Unsigned32(2);
    file.info.path = row.Text(3);
    file.info.size_bytes = row.Unsigned(4);
    file.info.sha256 = row.DigestAt<FileDigest>(5);
    file.info.format = row.Text(6);
    file.info.step = row.OptionalInt(7);
    file.info.tensor_count = row.Unsigned32(8);
    file.info.note = row.Text(9);
    file.recipe = row.Unsigned(10);
    DLV_ASSIGN(file.objects, DecodeNumbers(row.Blob(11)));
    files.push_back(std::move(file));
    return Ok();
  }));
  return files;
}

LayoutRow ReadLayout(const Statement& row) {
  return {row.Int(0), row.DigestAt<BlobId>(1), row.Unsigned(2), row.Unsigned32(3)};
}

PackRow ReadPack(const Statement& row) {
  return {row.Int(0), row.Text(1), row.Unsigned(2), row.Int(3)};
}

#define DLV_SECTION_COLUMNS                                                               \
  "SELECT id, pack, start, length, directory_offset, directory_length, manifest_offset, " \
  "manifest_length, "                                                                     \
  "object_count, live_bytes FROM section "

Result<std::vector<SectionRow>> ReadSections(Statement statement) {
  std::vector<SectionRow> sections;
  DLV_TRY(ForEachRow(std::move(statement), [&sections](const Statement& row) {
    sections.push_back({row.Int(0), row.Int(1), row.Unsigned(2), row.Unsigned(3), row.Unsigned(4),
                        row.Unsigned(5), row.Unsigned(6), row.Unsigned(7), row.Unsigned(8),
                        row.Unsigned(9)});
    return Ok();
  }));
  return sections;
}

/// Appends the numbers in column 0 (a blob of numbers) and column 1 (one number).
Status CollectReferences(Statement statement, std::vector<ObjectNumber>& numbers) {
  return ForEachRow(std::move(statement), [&numbers](const Statement& row) -> Status {
    if (!row.IsNull(0)) {
      DLV_ASSIGN(const std::vector<ObjectNumber> listed, DecodeNumbers(row.Blob(0)));
      numbers.insert(numbers.end(), listed.begin(), listed.end());
    }
    if (row.Unsigned(1) != 0) numbers.push_back(row.Unsigned(1));
    return Ok();
  });
}

void SortUnique(std::vector<ObjectNumber>& numbers) {
  // Most lists are runs in ascending order already: sorting those costs a look.
  if (!std::is_sorted(numbers.begin(), numbers.end())) std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

}  // namespace

Result<std::vector<SnapshotRow>> Catalog::Snapshots(Row version) const {
  DLV_ASSIGN(Statement rows,
             connection_->Query("SELECT id, version, ordinal, layout, step, parameter_count, "
                                "tensor_bytes, tensor_count FROM snapshot WHERE version = ? "
                                "ORDER BY ordinal",
                                version));
  std::vector<SnapshotRow> snapshots;
  DLV_TRY(ForEachRow(std::move(rows), [&snapshots](const Statement& row) {
    snapshots.push_back(ReadSnapshot(row));
    return Ok();
  }));
  return snapshots;
}

Result<std::vector<ObjectNumber>> Catalog::SnapshotObjects(Row snapshot) const {
  DLV_ASSIGN(Statement row,
             connection_->Query("SELECT objects FROM snapshot WHERE id = ?", snapshot));
  DLV_ASSIGN(const bool found, row.Step());
  if (!found)
    return Error{ErrorCode::kNotFound, "catalog: no snapshot in row " + std::to_string(snapshot)};
  return DecodeNumbers(row.Blob(0));
}

Result<std::optional<LayoutRow>> Catalog::GetLayout(Row layout) const {
  DLV_ASSIGN(
      Statement row,
      connection_->Query("SELECT id, blob, object, tensor_count FROM layout WHERE id = ?", layout));
  DLV_ASSIGN(const bool found, row.Step());
  return found ? std::optional(ReadLayout(row)) : std::nullopt;
}

Result<std::optional<LayoutRow>> Catalog::FindLayout(const BlobId& id) const {
  DLV_ASSIGN(
      Statement row,
      connection_->Query("SELECT id, blob, object, tensor_count FROM layout WHERE blob = ?", id));
  DLV_ASSIGN(const bool found, row.Step());
  return found ? std::optional(ReadLayout(row)) : std::nullopt;
}

Result<std::vector<FileRow>> Catalog::Files(Row version) const {
  DLV_ASSIGN(Statement rows,
             connection_->Query(DLV_FILE_COLUMNS "WHERE version = ? ORDER BY ordinal", version));
  return ReadFiles(std::move(rows));
}

Result<std::vector<FileRow>> Catalog::FindFiles(const FileDigest& sha256, std::size_t limit) const {
  DLV_ASSIGN(Statement rows,
             connection_->Query(DLV_FILE_COLUMNS "WHERE sha256 = ? ORDER BY id DESC LIMIT ?",
                                sha256, std::uint64_t{limit}));
  return ReadFiles(std::move(rows));
}

Result<std::vector<std::pair<std::string, std::uint64_t>>> Catalog::FileNames() const {
  DLV_ASSIGN(Statement rows, connection_->Query("SELECT DISTINCT path, size FROM file"));
  std::vector<std::pair<std::string, std::uint64_t>> names;
  DLV_TRY(ForEachRow(std::move(rows), [&](const Statement& row) -> Status {
    names.emplace_back(row.Text(0), row.Unsigned(1));
    return Ok();
  }));
  return names;
}

Result<bool> Catalog::HasFileOfSize(std::uint64_t size_bytes) const {
  DLV_ASSIGN(Statement row,
             connection_->Query("SELECT 1 FROM file WHERE size = ? LIMIT 1", size_bytes));
  return row.Step();
}

Result<std::vector<ObjectPlace>> Catalog::FindObjects(std::uint64_t id_prefix) const {
  DLV_ASSIGN(const auto view, BeginRead());
  DLV_ASSIGN(Statement row,
             connection_->Query("SELECT object FROM object_id WHERE prefix = ?", id_prefix));
  std::vector<ObjectPlace> places;
  DLV_TRY(ForEachRow(std::move(row), [&](const Statement& found) -> Status {
    DLV_ASSIGN(const std::optional<ObjectRun> run, FindRun(*connection_, found.Unsigned(0)));
    // A missing run is damage that CheckIntegrity names; here the object counts as not stored.
    if (run.has_value()) places.push_back(run->At(found.Unsigned(0)));
    return Ok();
  }));
  return places;
}

Result<std::optional<ObjectPlace>> Catalog::GetObject(ObjectNumber number) const {
  DLV_ASSIGN(const std::optional<ObjectRun> run, FindRun(*connection_, number));
  return run.has_value() ? std::optional(run->At(number)) : std::nullopt;
}

Result<std::vector<ObjectPlace>> Catalog::GetObjects(std::span<const ObjectNumber> numbers) const {
  DLV_ASSIGN(const auto view, BeginRead());
  std::vector<ObjectPlace> places;
  places.reserve(numbers.size());
  std::optional<ObjectRun> run;
  for (const ObjectNumber number : numbers) {
    if (!run.has_value() || !run->Holds(number)) {
      DLV_ASSIGN(run, FindRun(*connection_, number));
    }
    if (!run.has_value()) {
      return Error{ErrorCode::kCorruption,
                   connection_->path() + ": object " + std::to_string(number) + " is missing",
                   "dlv fsck --rebuild-catalog makes the catalog anew from the packs"};
    }
    places.push_back(run->At(number));
  }
  return places;
}

Status Catalog::ForEachObject(const std::function<Status(const ObjectPlace&)>& visit) const {
  DLV_ASSIGN(Statement rows,
             connection_->Query(
                 "SELECT first, count, kind, section, entry FROM object_run ORDER BY first"));
  return ForEachRow(std::move(rows), [&visit](const Statement& row) -> Status {
    DLV_ASSIGN(const ObjectRun run, ReadRun(row));
    for (std::uint64_t i = 0; i < run.count; ++i) DLV_TRY(visit(run.At(run.first + i)));
    return Ok();
  });
}

Result<std::vector<ObjectNumber>> Catalog::ReferencedObjects() const {
  DLV_ASSIGN(const auto view, BeginRead());
  std::vector<ObjectNumber> numbers;
  for (const char* const sql :
       {"SELECT objects, 0 FROM snapshot", "SELECT objects, recipe FROM file",
        "SELECT NULL, object FROM layout"}) {
    DLV_ASSIGN(Statement rows, connection_->Query(sql));
    DLV_TRY(CollectReferences(std::move(rows), numbers));
    SortUnique(numbers);
  }
  return numbers;
}

Result<std::vector<ObjectNumber>> Catalog::ReferencedObjects(Row version) const {
  DLV_ASSIGN(const auto view, BeginRead());
  std::vector<ObjectNumber> numbers;
  for (const char* const sql : {"SELECT s.objects, l.object FROM snapshot s JOIN layout l ON l.id "
                                "= s.layout WHERE s.version = ?",
                                "SELECT objects, recipe FROM file WHERE version = ?"}) {
    DLV_ASSIGN(Statement rows, connection_->Query(sql, version));
    DLV_TRY(CollectReferences(std::move(rows), numbers));
  }
  SortUnique(numbers);
  return numbers;
}

Result<std::vector<PackRow>> Catalog::Packs() const {
  DLV_ASSIGN(Statement rows,
             connection_->Query("SELECT id, name, size, created FROM pack ORDER BY id"));
  std::vector<PackRow> packs;
  DLV_TRY(ForEachRow(std::move(rows), [&packs](const Statement& row) {
    packs.push_back(ReadPack(row));
    return Ok();
  }));
  return packs;
}

Result<std::optional<PackRow>> Catalog::GetPack(Row pack) const {
  DLV_ASSIGN(Statement row,
             connection_->Query("SELECT id, name, size, created FROM pack WHERE id = ?", pack));
  DLV_ASSIGN(const bool found, row.Step());
  return found ? std::optional(ReadPack(row)) : std::nullopt;
}

Result<std::vector<SectionRow>> Catalog::Sections() const {
  DLV_ASSIGN(Statement rows, connection_->Query(DLV_SECTION_COLUMNS "ORDER BY pack, start"));
  return ReadSections(std::move(rows));
}

Result<std::vector<SectionRow>> Catalog::SectionsOfPack(Row pack) const {
  DLV_ASSIGN(Statement rows,
             connection_->Query(DLV_SECTION_COLUMNS "WHERE pack = ? ORDER BY start", pack));
  return ReadSections(std::move(rows));
}

Result<std::optional<SectionRow>> Catalog::GetSection(Row section) const {
  DLV_ASSIGN(Statement rows, connection_->Query(DLV_SECTION_COLUMNS "WHERE id = ?", section));
  DLV_ASSIGN(const std::vector<SectionRow> found, ReadSections(std::move(rows)));
  return found.empty() ? std::nullopt : std::optional(found.front());
}

}  // namespace dlv::catalog
