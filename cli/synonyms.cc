#include "cli/synonyms.h"

#include <array>

#include "cli/command.h"

namespace dlv::cli {
namespace {

struct Synonym {
  std::string_view word;
  std::string_view command;
};

// git, svn, DVC, MLflow, W&B, pip, and the shell.
constexpr std::array<Synonym, 44> kSynonyms = {{
    {"branch", "alias"},     {"cat", "show"},        {"check-integrity", "fsck"},
    {"ci", "commit"},        {"clean", "gc"},        {"compare", "diff"},
    {"compress", "archive"}, {"cp", "copy"},         {"create", "init"},
    {"delete", "rm"},        {"del", "rm"},          {"describe", "desc"},
    {"dir", "list"},         {"disk", "du"},         {"download", "checkout"},
    {"env", "doctor"},       {"get", "checkout"},    {"graph", "log"},
    {"history", "log"},      {"info", "desc"},       {"inspect", "desc"},
    {"label", "tag"},        {"load", "checkout"},   {"ls", "list"},
    {"man", "help"},         {"models", "list"},     {"monitor", "watch"},
    {"optimize", "archive"}, {"prune", "gc"},        {"remove", "rm"},
    {"rename", "mv"},        {"repack", "archive"},  {"save", "commit"},
    {"set", "config"},       {"settings", "config"}, {"size", "du"},
    {"snapshot", "commit"},  {"st", "status"},       {"stage", "add"},
    {"store", "commit"},     {"switch", "checkout"}, {"track", "add"},
    {"verify", "fsck"},      {"versions", "list"},
}};

}  // namespace

std::optional<std::string> CommandForWord(std::string_view word) {
  for (const Synonym& synonym : kSynonyms) {
    if (synonym.word != word) continue;
    if (synonym.command == "help") return std::string(synonym.command);
    for (const CommandEntry* entry : AllCommands()) {
      if (synonym.command == entry->name) return std::string(synonym.command);
    }
  }
  return std::nullopt;
}

}  // namespace dlv::cli
