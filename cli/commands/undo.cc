#include <charconv>

#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_history.h"
#include "cli/operation_text.h"

namespace dlv::cli {
namespace {

class UndoCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("OP", &operation_);
    arguments.Flag("--dry-run", &dry_run_, "only show what would be done");
  }

  Result<int> Run(Context& context) override {
    std::uint64_t number = 0;
    if (operation_) {
      const char* const end = operation_->data() + operation_->size();
      const auto [stop, error] = std::from_chars(operation_->data(), end, number);
      if (error != std::errc() || stop != end || number == 0) {
        return Error{ErrorCode::kInvalidArgument,
                     "dlv undo: got \"" + *operation_ + "\", want the number of an operation",
                     "dlv op log shows them"};
      }
    }
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToWrite());
    DLV_ASSIGN(const UndoResult result, repository->Undo(number, dry_run_));
    Output& out = context.out();
    if (out.json()) {
      out.Text(UndoDocument(result, !dry_run_, out.mode()));
      return kExitOk;
    }
    if (out.quiet()) {
      out.Line(std::to_string(dry_run_ ? result.undone.number : result.operation));
      return kExitOk;
    }
    const OperationInfo& undone = result.undone;
    const std::string command = undone.command.empty() ? "" : Sanitize(undone.command) + ", ";
    out.Paragraph(std::string(dry_run_ ? "Would undo" : "Undid") + " operation " +
                  std::to_string(undone.number) + " (" + command +
                  RelativeTime(undone.when, context.now()) + ")" + (dry_run_ ? " (dry run)" : ""));
    for (const OperationChange& change : result.changes)
      out.Paragraph("  " + ChangeText(change), 4);
    out.Next(dry_run_ ? "dlv undo " + std::to_string(undone.number)
                      : "dlv undo " + std::to_string(result.operation) + "   (does it again)");
    return kExitOk;
  }

 private:
  std::optional<std::string> operation_;
  bool dry_run_ = false;
};

}  // namespace

extern const CommandEntry kUndoCommand;
const CommandEntry kUndoCommand = {
    "undo",
    "History",
    "reverse an operation",
    "[OP] [--dry-run]",
    "dlv undo --dry-run\twhat would be reversed\n"
    "dlv undo\treverse the last operation\n"
    "dlv undo 5\treverse operation 5 of dlv op log, and leave later ones",
    "Reverses a commit, alias, tag, rm, mv, note, restore or copy: aliases go back, removed "
    "versions "
    "come back while their bytes exist, and what a commit or copy made is removed, from where dlv "
    "restore brings it back. Undoing is an operation too: dlv undo a second time does again what "
    "the "
    "first took back, so nothing is lost; to go further back name operations by number.\n"
    "Only that operation is reversed. Where something has changed again since (the alias has moved "
    "on, a version was made from the one that would go) nothing is done, and it is said what. gc "
    "and "
    "archive change no names and cannot be undone.",
    Make<UndoCommand>};

}  // namespace dlv::cli
