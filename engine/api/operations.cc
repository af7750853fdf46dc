#include "dlv/operations.h"

#include <array>

namespace dlv {
namespace {

constexpr std::array<std::string_view, 10> kChangeNames = {
    "commit", "remove", "restore",    "alias", "tag",
    "note",   "rename", "evaluation", "query", "storage"};

}  // namespace

std::string_view NameOf(OperationChange::Kind kind) {
  const auto index = static_cast<std::size_t>(kind);
  return index < kChangeNames.size() ? kChangeNames[index] : std::string_view("other");
}

}  // namespace dlv
