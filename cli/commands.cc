#include "cli/command.h"

namespace dlv::cli {

// One object per file in commands/.
// clang-format off
extern const CommandEntry
    kInitCommand,
    kAddCommand,
    kCommitCommand,
    kImportCommand,
    kWatchCommand,
    kStatusCommand,
    kListCommand,
    kQueryCommand,
    kShellCommand,
    kLogCommand,
    kDescCommand,
    kDiffCommand,
    kNetworkCommand,
    kPlotCommand,
    kLineageCommand,
    kBlameCommand,
    kSearchCommand,
    kEvalCommand,
    kVerifyCertificateCommand,
    kShowCommand,
    kCheckCommand,
    kCheckoutCommand,
    kExportCommand,
    kAliasCommand,
    kTagCommand,
    kNoteCommand,
    kMvCommand,
    kCopyCommand,
    kUndoCommand,
    kRestoreCommand,
    kOpCommand,
    kDuCommand,
    kRmCommand,
    kGcCommand,
    kFsckCommand,
    kArchiveCommand,
    kQuantizeCommand,
    kConfigCommand,
    kDoctorCommand,
    kCompletionCommand;

namespace {

// In the order of `dlv help`, group by group.
constexpr const CommandEntry* kCommands[] = {
    &kInitCommand,
    &kAddCommand,
    &kCommitCommand,
    &kImportCommand,
    &kWatchCommand,
    &kStatusCommand,
    &kListCommand,
    &kQueryCommand,
    &kShellCommand,
    &kLogCommand,
    &kDescCommand,
    &kDiffCommand,
    &kNetworkCommand,
    &kPlotCommand,
    &kLineageCommand,
    &kBlameCommand,
    &kSearchCommand,
    &kEvalCommand,
    &kVerifyCertificateCommand,
    &kShowCommand,
    &kCheckCommand,
    &kCheckoutCommand,
    &kExportCommand,
    &kAliasCommand,
    &kTagCommand,
    &kNoteCommand,
    &kMvCommand,
    &kCopyCommand,
    &kUndoCommand,
    &kRestoreCommand,
    &kOpCommand,
    &kDuCommand,
    &kRmCommand,
    &kGcCommand,
    &kFsckCommand,
    &kArchiveCommand,
    &kQuantizeCommand,
    &kConfigCommand,
    &kDoctorCommand,
    &kCompletionCommand,
};

constexpr const char* kLater[] = {
    "publish",
    "pull",
    "push",
    "clone",
    "fetch",
    "serve",
};
// clang-format on

}  // namespace

std::span<const CommandEntry* const> AllCommands() { return kCommands; }
std::span<const char* const> LaterCommands() { return kLater; }

}  // namespace dlv::cli
