#include "storage/catalog/object_runs.h"

namespace dlv::catalog {
namespace {

Status InsertRun(Connection& connection, const ObjectRun& run) {
  return connection.Run(
      "INSERT INTO object_run(first, count, kind, section, entry) VALUES(?, ?, ?, ?, ?)", run.first,
      run.count, static_cast<std::int64_t>(run.kind), run.section, run.entry);
}

Status SetCount(Connection& connection, ObjectNumber first, std::uint64_t count) {
  return connection.Run("UPDATE object_run SET count = ? WHERE first = ?", count, first);
}

}  // namespace

Result<ObjectRun> ReadRun(const Statement& row) {
  constexpr std::uint64_t kEntries = std::uint64_t{1} << 32;
  ObjectRun run;
  run.first = row.Unsigned(0);
  run.count = row.Unsigned(1);
  const std::int64_t kind = row.Int(2);
  run.section = row.Int(3);
  const std::uint64_t entry = row.Unsigned(4);
  const bool known = kind == static_cast<std::int64_t>(ObjectKind::kTensor) ||
                     kind == static_cast<std::int64_t>(ObjectKind::kBlob);
  if (!known || run.count == 0 || run.count > kEntries || entry > kEntries - run.count) {
    return Error{ErrorCode::kCorruption,
                 "catalog: the row of object " + std::to_string(run.first) + " makes no sense"};
  }
  run.kind = static_cast<ObjectKind>(kind);
  run.entry = static_cast<std::uint32_t>(entry);
  return run;
}

Result<std::optional<ObjectRun>> FindRun(Connection& connection, ObjectNumber number) {
  DLV_ASSIGN(Statement row,
             connection.Query("SELECT first, count, kind, section, entry FROM object_run "
                              "WHERE first <= ? ORDER BY first DESC LIMIT 1",
                              number));
  DLV_ASSIGN(const bool found, row.Step());
  if (!found) return std::optional<ObjectRun>();
  DLV_ASSIGN(const ObjectRun run, ReadRun(row));
  return run.Holds(number) ? std::optional(run) : std::nullopt;
}

Status AddToRuns(Connection& connection, const ObjectPlace& place) {
  if (place.number > 1) {
    DLV_ASSIGN(const std::optional<ObjectRun> before, FindRun(connection, place.number - 1));
    if (before.has_value() && before->first + before->count == place.number &&
        before->kind == place.kind && before->section == place.section &&
        before->entry + before->count == place.entry) {
      return SetCount(connection, before->first, before->count + 1);
    }
  }
  return InsertRun(connection, {place.number, 1, place.kind, place.section, place.entry});
}

Result<ObjectPlace> TakeFromRuns(Connection& connection, ObjectNumber number) {
  DLV_ASSIGN(const std::optional<ObjectRun> run, FindRun(connection, number));
  if (!run.has_value())
    return Error{ErrorCode::kNotFound, "catalog: there is no object " + std::to_string(number)};
  const std::uint64_t before = number - run->first;
  const std::uint64_t after = run->count - before - 1;
  if (before == 0) {
    DLV_TRY(connection.Run("DELETE FROM object_run WHERE first = ?", run->first));
  } else {
    DLV_TRY(SetCount(connection, run->first, before));
  }
  if (after != 0) {
    const std::uint32_t entry = run->At(number).entry + 1;
    DLV_TRY(InsertRun(connection, {number + 1, after, run->kind, run->section, entry}));
  }
  return run->At(number);
}

}  // namespace dlv::catalog
