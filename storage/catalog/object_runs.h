#pragma once
/// \file
/// Objects are kept as runs: `count` consecutive numbers that are consecutive entries of one
/// section. Internal to storage/catalog.

#include <optional>

#include "dlv/result.h"
#include "storage/catalog/connection.h"
#include "storage/catalog/rows.h"

namespace dlv::catalog {

struct ObjectRun {
  ObjectNumber first = 0;
  std::uint64_t count = 0;
  ObjectKind kind = ObjectKind::kTensor;
  Row section = 0;
  std::uint32_t entry = 0;

  bool Holds(ObjectNumber number) const { return number >= first && number - first < count; }
  ObjectPlace At(ObjectNumber number) const {
    return {number, kind, section, entry + static_cast<std::uint32_t>(number - first)};
  }
};

/// Columns: first, count, kind, section, entry.  Errors: kCorruption (no such kind; entries beyond
/// 32 bits).
Result<ObjectRun> ReadRun(const Statement& row);
/// Returns the run that holds the number.
Result<std::optional<ObjectRun>> FindRun(Connection& connection, ObjectNumber number);
/// Adds one object that is in no run; it joins the run before where it continues that.
Status AddToRuns(Connection& connection, const ObjectPlace& place);
/// Takes one object out of its run, which may fall apart in two.  Errors: kNotFound.
Result<ObjectPlace> TakeFromRuns(Connection& connection, ObjectNumber number);

}  // namespace dlv::catalog
