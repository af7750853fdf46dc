#include "cli/operation_text.h"

#include "cli/text.h"

namespace dlv::cli {
namespace {

std::string Version(const OperationChange& change) {
  return Sanitize(change.model + ":v" + std::to_string(change.number));
}

std::string AliasText(const OperationChange& change) {
  const std::string name = "alias " + Sanitize(change.name);
  if (!change.after) return name + " deleted; it was at " + Sanitize(change.before.value_or("?"));
  return name + ": " + (change.before ? Sanitize(*change.before) + " -> " : "") +
         Sanitize(*change.after);
}

std::string TagText(const OperationChange& change) {
  const std::string name = Version(change) + ": tag " + Sanitize(change.name);
  if (!change.after) return name + " deleted";
  std::string text = name + (change.after->empty() ? "" : "=" + Sanitize(*change.after));
  if (change.before && !change.before->empty()) text += " (was " + Sanitize(*change.before) + ")";
  return text;
}

}  // namespace

std::string ChangeText(const OperationChange& change) {
  using Kind = OperationChange::Kind;
  switch (change.kind) {
    case Kind::kCommit:
      return Version(change) + " made";
    case Kind::kRemove:
      return Version(change) + " removed";
    case Kind::kRestore:
      return Version(change) + " restored";
    case Kind::kAlias:
      return AliasText(change);
    case Kind::kTag:
      return TagText(change);
    case Kind::kNote:
      return Version(change) + ": note " +
             (change.after ? "\"" + Sanitize(*change.after) + "\"" : std::string("deleted"));
    case Kind::kRename:
      return Sanitize(change.before.value_or("?")) + " renamed to " +
             Sanitize(change.after.value_or("?"));
    case Kind::kEvaluation:
      return Version(change) + ": " + Sanitize(change.name) + " " +
             Sanitize(change.after.value_or("?"));
    case Kind::kQuery:
      return "query " + Sanitize(change.name) + (change.after ? " kept" : " deleted");
    case Kind::kStorage:
      return "storage: " + Sanitize(change.name);
  }
  return "?";
}

std::string ChangesText(const std::vector<OperationChange>& changes, std::size_t most) {
  std::string text;
  std::size_t shown = 0;
  for (const OperationChange& change : changes) {
    if (most != 0 && shown == most) break;
    text += (shown++ == 0 ? "" : "; ") + ChangeText(change);
  }
  if (shown < changes.size()) text += "; +" + std::to_string(changes.size() - shown);
  return text;
}

}  // namespace dlv::cli
