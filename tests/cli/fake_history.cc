// Canned answers of a Repository about its history: operations, and what was removed.

#include <ctime>

#include "dlv/dlv.h"

namespace dlv {
namespace {

constexpr std::int64_t kOneHour = 3600;

VersionId IdOf(std::uint8_t first_byte) {
  VersionId id;
  id.bytes[0] = first_byte;
  return id;
}

OperationChange AliasChange(const std::string& model) {
  OperationChange change;
  change.kind = OperationChange::Kind::kAlias;
  change.model = model;
  change.number = 3;
  change.name = "best";
  change.before = model + ":v1";
  change.after = model + ":v3";
  return change;
}

std::vector<OperationInfo> FakeOperations() {
  const auto now = static_cast<std::int64_t>(std::time(nullptr));
  OperationInfo undo{4, now - 60, "hui", "dlv undo", 3, 0, true, {AliasChange("lenet")}};
  OperationInfo alias{3, now - kOneHour, "hui", "dlv alias", 0, 4, true, {AliasChange("lenet")}};
  OperationInfo odd{2,
                    now - 2 * kOneHour,
                    "eve\x1b[31m",
                    "dlv alias",
                    0,
                    0,
                    true,
                    {AliasChange("evil\x1b[31m\u202Eeman"), AliasChange("鳥の分類器"),
                     AliasChange("lenet"), AliasChange("lenet")}};
  return {undo, alias, odd};
}

}  // namespace

Result<std::vector<OperationInfo>> Repository::Operations(const OperationLogOptions&) const {
  return FakeOperations();
}

Result<UndoResult> Repository::Undo(std::uint64_t, bool dry_run) {
  return UndoResult{FakeOperations()[1], {AliasChange("lenet")}, dry_run ? 0U : 5U};
}

Result<std::vector<std::string>> Repository::Restore(const std::vector<std::string>& references) {
  return references;
}

Result<std::vector<RemovedVersion>> Repository::ListRemoved() const {
  const auto now = static_cast<std::int64_t>(std::time(nullptr));
  using State = RemovedVersion::State;
  return std::vector<RemovedVersion>{
      {"lenet", 4, IdOf(1), now - kOneHour, 12, State::kHere, 0, ""},
      {"resnet18-birds-with-a-very-long-name.experiment-0042", 2, IdOf(2), now - 9 * kOneHour, 11,
       State::kTrash, now + 13 * 24 * kOneHour, ""},
      {"lenet", 2, IdOf(3), now - 99 * kOneHour, 10, State::kGone, 0, "tensor gone"}};
}

}  // namespace dlv
