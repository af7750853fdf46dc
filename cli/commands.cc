#include <array>

#include "cli/command.h"

namespace dlv::cli {

// One object per file in commands/.
extern const CommandEntry kInitCommand, kAddCommand, kCommitCommand, kStatusCommand, kLogCommand,
    kListCommand, kDescCommand, kCheckoutCommand, kAliasCommand, kTagCommand, kRmCommand,
    kGcCommand, kFsckCommand, kDuCommand, kArchiveCommand, kCompletionCommand;

namespace {

constexpr std::array<const CommandEntry*, 16> kCommands = {
    &kInitCommand,  &kAddCommand,  &kCommitCommand,  &kStatusCommand,
    &kListCommand,  &kLogCommand,  &kDescCommand,    &kCheckoutCommand,
    &kAliasCommand, &kTagCommand,  &kDuCommand,      &kRmCommand,
    &kGcCommand,    &kFsckCommand, &kArchiveCommand, &kCompletionCommand};

constexpr std::array<const char*, 16> kLater = {
    "diff",  "copy",  "query", "eval",  "publish", "search", "pull",   "push",
    "clone", "fetch", "serve", "shell", "lineage", "export", "import", "config"};

}  // namespace

std::span<const CommandEntry* const> AllCommands() { return kCommands; }
std::span<const char* const> LaterCommands() { return kLater; }

}  // namespace dlv::cli
