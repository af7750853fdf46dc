#include "cli/command.h"

namespace dlv::cli {

// One object per file in commands/.
// clang-format off
extern const CommandEntry
    kInitCommand,
    kAddCommand,
    kCommitCommand,
    kWatchCommand,
    kStatusCommand,
    kListCommand,
    kLogCommand,
    kDescCommand,
    kDiffCommand,
    kPlotCommand,
    kShowCommand,
    kCheckCommand,
    kCheckoutCommand,
    kAliasCommand,
    kTagCommand,
    kDuCommand,
    kRmCommand,
    kGcCommand,
    kFsckCommand,
    kArchiveCommand,
    kConfigCommand,
    kDoctorCommand,
    kCompletionCommand;

namespace {

// In the order of `dlv help`, group by group.
constexpr const CommandEntry* kCommands[] = {
    &kInitCommand,
    &kAddCommand,
    &kCommitCommand,
    &kWatchCommand,
    &kStatusCommand,
    &kListCommand,
    &kLogCommand,
    &kDescCommand,
    &kDiffCommand,
    &kPlotCommand,
    &kShowCommand,
    &kCheckCommand,
    &kCheckoutCommand,
    &kAliasCommand,
    &kTagCommand,
    &kDuCommand,
    &kRmCommand,
    &kGcCommand,
    &kFsckCommand,
    &kArchiveCommand,
    &kConfigCommand,
    &kDoctorCommand,
    &kCompletionCommand,
};

constexpr const char* kLater[] = {
    "copy",
    "query",
    "eval",
    "publish",
    "search",
    "pull",
    "push",
    "clone",
    "fetch",
    "serve",
    "shell",
    "lineage",
    "export",
    "import",
};
// clang-format on

}  // namespace

std::span<const CommandEntry* const> AllCommands() { return kCommands; }
std::span<const char* const> LaterCommands() { return kLater; }

}  // namespace dlv::cli
