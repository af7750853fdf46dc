#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_history.h"
#include "cli/operation_text.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

class OpCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("log", &word_);
    arguments.Number("-n,--limit", &limit_, "N", "at most N operations");
    arguments.Flag("--all", &all_, "also those that only moved bytes (gc, archive)");
  }

  Result<int> Run(Context& context) override {
    if (word_.value_or("log") != "log") {
      return Error{ErrorCode::kInvalidArgument, "dlv op: got \"" + *word_ + "\", want log",
                   *word_ == "undo" ? "dlv undo OP" : "dlv op log"};
    }
    OperationLogOptions options;
    options.limit = static_cast<std::size_t>(limit_.value_or(0));
    options.with_storage = all_;
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(const std::vector<OperationInfo> operations, repository->Operations(options));
    Output& out = context.out();
    if (out.json()) {
      out.Text(OperationsDocument(operations, out.mode()));
    } else if (out.quiet()) {
      for (const OperationInfo& info : operations) out.Line(std::to_string(info.number));
    } else {
      Show(context, operations);
    }
    return kExitOk;
  }

 private:
  static void Show(Context& context, const std::vector<OperationInfo>& operations) {
    Output& out = context.out();
    if (operations.empty()) return out.Line("No operations yet.");
    Table table({{"OP", Align::kRight},
                 {"WHEN", Align::kRight, 1},
                 {"AUTHOR", Align::kLeft, 3, 6},
                 {"COMMAND", Align::kLeft, 2, 8},
                 {"WHAT IT CHANGED", Align::kLeft, 0, 20},
                 {"", Align::kLeft, 4}});
    for (const OperationInfo& info : operations) {
      std::string fate;
      if (info.undoes != 0) fate = "undoes " + std::to_string(info.undoes);
      if (info.undone_by != 0) {
        fate += (fate.empty() ? "" : ", ") + ("undone by " + std::to_string(info.undone_by));
      }
      table.AddRow(
          {std::to_string(info.number), RelativeTime(info.when, context.now()), info.author,
           info.command, ChangesText(info.changes, 3), fate},
          {Paint::kYellow, Paint::kDim, Paint::kDim, Paint::kDim, Paint::kNone, Paint::kDim});
    }
    out.Print(table);
    out.Next("dlv undo --dry-run");
  }

  std::optional<std::string> word_;
  std::optional<std::uint64_t> limit_;
  bool all_ = false;
};

}  // namespace

extern const CommandEntry kOpCommand;
const CommandEntry kOpCommand = {
    "op",
    "History",
    "show the operation log",
    "log [-n N] [--all]",
    "dlv op log\teverything that changed what names mean, the newest first\n"
    "dlv op log -n 5 --jsonl\tthe last five, for a script\n"
    "dlv undo 5\treverse operation 5",
    "Each commit, alias, tag, rm, mv, note, restore, copy and undo is one operation, with who did "
    "it "
    "when. The log is only ever added to, and is what dlv fsck --rebuild-catalog goes by.",
    Make<OpCommand>};

}  // namespace dlv::cli
