#include <algorithm>
#include <string>

#include "storage/catalog/catalog.h"
#include "storage/catalog/connection.h"
#include "storage/catalog/encoding.h"
#include "storage/catalog/object_runs.h"

namespace dlv::catalog {
namespace {

// Numbers of deleted objects stay unused, so the next one is remembered rather than counted.
constexpr const char* kNextObject = "next_object";

Error NoRow(const char* table, Row row) {
  return Error{ErrorCode::kNotFound,
               std::string("catalog: there is no ") + table + " in row " + std::to_string(row)};
}

/// What the last statement changed must be one row.
Status ExpectChanged(Connection& connection, const char* table, Row row) {
  return connection.Changes() == 1 ? Ok() : Status(NoRow(table, row));
}

}  // namespace

Result<Row> Transaction::InsertLayout(const BlobId& id, ObjectNumber object,
                                      std::uint32_t tensor_count) {
  DLV_ASSIGN(const auto found, connection_.Number("SELECT id FROM layout WHERE blob = ?", id));
  if (found.has_value()) return *found;
  DLV_TRY(connection_.Run("INSERT INTO layout(blob, object, tensor_count) VALUES(?, ?, ?)", id,
                          object, tensor_count));
  return connection_.LastInserted();
}

Status Transaction::DeleteUnusedLayouts() {
  return connection_.Run(
      "DELETE FROM layout WHERE NOT EXISTS (SELECT 1 FROM snapshot s WHERE s.layout = layout.id)");
}

Result<Row> Transaction::InsertSnapshot(const SnapshotRow& snapshot) {
  DLV_TRY(connection_.Run(
      "INSERT INTO snapshot(version, ordinal, layout, step, parameter_count, tensor_bytes, "
      "tensor_count, objects) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
      snapshot.version, snapshot.ordinal, snapshot.layout, snapshot.info.step,
      snapshot.info.parameter_count, snapshot.info.tensor_bytes, snapshot.info.tensor_count,
      EncodeNumbers(snapshot.objects)));
  return connection_.LastInserted();
}

Result<Row> Transaction::InsertFile(const FileRow& file) {
  DLV_TRY(connection_.Run(
      "INSERT INTO file(version, ordinal, path, size, sha256, format, step, tensor_count, note, "
      "recipe, objects) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      file.version, file.ordinal, file.info.path, file.info.size_bytes, file.info.sha256,
      file.info.format, file.info.step, file.info.tensor_count, file.info.note, file.recipe,
      EncodeNumbers(file.objects)));
  return connection_.LastInserted();
}

Result<Row> Transaction::InsertPack(const PackRow& pack) {
  DLV_TRY(connection_.Run("INSERT INTO pack(name, size, created) VALUES(?, ?, ?)", pack.name,
                          pack.size_bytes, pack.created));
  return connection_.LastInserted();
}

Status Transaction::UpdatePack(const PackRow& pack) {
  DLV_TRY(connection_.Run("UPDATE pack SET name = ?, size = ?, created = ? WHERE id = ?", pack.name,
                          pack.size_bytes, pack.created, pack.row));
  return ExpectChanged(connection_, "pack", pack.row);
}

Status Transaction::DeletePack(Row pack) {
  DLV_ASSIGN(const auto section,
             connection_.Number("SELECT id FROM section WHERE pack = ? LIMIT 1", pack));
  if (section.has_value()) {
    return Error{ErrorCode::kConflict, "catalog: pack in row " + std::to_string(pack) +
                                           " still has section " + std::to_string(*section)};
  }
  DLV_TRY(connection_.Run("DELETE FROM pack WHERE id = ?", pack));
  return ExpectChanged(connection_, "pack", pack);
}

Result<Row> Transaction::InsertSection(const SectionRow& section) {
  DLV_TRY(connection_.Run(
      "INSERT INTO section(pack, start, length, directory_offset, directory_length, "
      "manifest_offset, manifest_length, object_count, live_bytes) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
      section.pack, section.offset, section.length, section.directory_offset,
      section.directory_length, section.manifest_offset, section.manifest_length,
      section.object_count, section.live_bytes));
  return connection_.LastInserted();
}

Status Transaction::UpdateSection(const SectionRow& section) {
  DLV_TRY(connection_.Run(
      "UPDATE section SET pack = ?, start = ?, length = ?, directory_offset = ?, "
      "directory_length = ?, manifest_offset = ?, manifest_length = ?, object_count = ?, "
      "live_bytes = ? WHERE id = ?",
      section.pack, section.offset, section.length, section.directory_offset,
      section.directory_length, section.manifest_offset, section.manifest_length,
      section.object_count, section.live_bytes, section.row));
  return ExpectChanged(connection_, "section", section.row);
}

Status Transaction::DeleteSection(Row section) {
  DLV_ASSIGN(const auto object,
             connection_.Number("SELECT first FROM object_run WHERE section = ? LIMIT 1", section));
  if (object.has_value()) {
    return Error{ErrorCode::kConflict, "catalog: section " + std::to_string(section) +
                                           " still has object " + std::to_string(*object)};
  }
  DLV_TRY(connection_.Run("DELETE FROM section WHERE id = ?", section));
  return ExpectChanged(connection_, "section", section);
}

Result<ObjectNumber> Transaction::InsertObject(std::uint64_t id_prefix, ObjectKind kind,
                                               Row section, std::uint32_t entry) {
  if (next_object_ == 0) {
    DLV_ASSIGN(
        const auto next,
        connection_.Number("SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?", kNextObject));
    next_object_ = static_cast<ObjectNumber>(next.value_or(1));
  }
  const ObjectNumber number = next_object_;
  DLV_TRY(AddToRuns(connection_, {number, kind, section, entry}));
  DLV_TRY(connection_.Run("INSERT INTO object_id(prefix, object) VALUES(?, ?)", id_prefix, number));
  ++next_object_;
  return number;
}

Status Transaction::StoreNextObject() {
  if (next_object_ == 0) return Ok();
  return SetMeta(kNextObject, std::to_string(next_object_));
}

Status Transaction::UpdateObject(ObjectNumber number, Row section, std::uint32_t entry) {
  DLV_ASSIGN(ObjectPlace place, TakeFromRuns(connection_, number));
  place.section = section;
  place.entry = entry;
  return AddToRuns(connection_, place);
}

Status Transaction::DeleteObjects(std::span<const ObjectNumber> numbers) {
  std::vector<ObjectNumber> sorted(numbers.begin(), numbers.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  for (const ObjectNumber number : sorted) {
    DLV_ASSIGN(const std::optional<ObjectRun> run, FindRun(connection_, number));
    if (!run.has_value()) return NoRow("object", static_cast<Row>(number));
  }
  for (const ObjectNumber number : sorted) {
    const Result<ObjectPlace> taken = TakeFromRuns(connection_, number);
    if (!taken.ok()) return taken.error();
  }
  // The catalog has no way from a number to its id, so the index is walked once for all of them.
  std::vector<std::pair<std::uint64_t, ObjectNumber>> found;
  {
    DLV_ASSIGN(Statement row, connection_.Query("SELECT prefix, object FROM object_id"));
    while (true) {
      DLV_ASSIGN(const bool more, row.Step());
      if (!more) break;
      if (std::binary_search(sorted.begin(), sorted.end(), row.Unsigned(1))) {
        found.emplace_back(row.Unsigned(0), row.Unsigned(1));
      }
    }
  }
  for (const auto& [prefix, object] : found) {
    DLV_TRY(
        connection_.Run("DELETE FROM object_id WHERE prefix = ? AND object = ?", prefix, object));
  }
  return Ok();
}

}  // namespace dlv::catalog
