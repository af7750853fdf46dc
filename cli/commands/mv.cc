#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_history.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

class MvCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("OLD", &from_, true);
    arguments.Operand("NEW", &to_, true);
  }

  Result<int> Run(Context& context) override {
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToWrite());
    DLV_TRY(repository->RenameModel(*from_, *to_));
    Output& out = context.out();
    if (out.json()) {
      out.Text(RenameDocument(*from_, *to_, out.mode()));
    } else if (out.quiet()) {
      out.Line(Sanitize(*to_));
    } else {
      out.Line(Sanitize(*from_) + " is now " + Sanitize(*to_));
      out.Next("dlv log " + ShellWord(*to_));
    }
    return kExitOk;
  }

 private:
  std::optional<std::string> from_, to_;
};

}  // namespace

extern const CommandEntry kMvCommand;
const CommandEntry kMvCommand = {
    "mv",
    "Name",
    "rename a model",
    "OLD NEW",
    "dlv mv lenet lenet5\tlenet:v3 is lenet5:v3 from now on\n"
    "dlv undo\tand back",
    "Versions keep their ids and numbers, aliases, tags and lineage stay, and NAME@hash finds a "
    "version "
    "as before. The old name is free for another model; until then it is answered with the new "
    "one. A version's manifest, and so its id, keeps the name that the model had at its commit.",
    Make<MvCommand>};

}  // namespace dlv::cli
