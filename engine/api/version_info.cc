#include "dlv/version_info.h"

#include <array>

namespace dlv {
namespace {

constexpr std::array<std::string_view, 10> kRelationNames = {
    "retrain", "finetune", "copy",  "slice",  "construct",
    "merge",   "quantize", "prune", "distil", "adapter"};

}  // namespace

std::string_view NameOf(Relation relation) {
  const auto index = static_cast<std::size_t>(relation);
  return index < kRelationNames.size() ? kRelationNames[index] : std::string_view("other");
}

std::optional<Relation> RelationFromName(std::string_view name) {
  if (name == "distill") name = "distil";
  for (std::size_t i = 0; i < kRelationNames.size(); ++i) {
    if (kRelationNames[i] == name) return static_cast<Relation>(i);
  }
  return std::nullopt;
}

}  // namespace dlv
