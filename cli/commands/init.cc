#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/json_output.h"
#include "cli/text.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

class InitCommand : public Command {
 public:
  void Declare(Arguments& arguments) override { arguments.Operand("DIR", &directory_); }

  Result<int> Run(Context& context) override {
    const std::filesystem::path root(directory_.value_or("."));
    std::error_code error;
    std::filesystem::create_directories(root, error);
    if (error) return Error{ErrorCode::kIo, root.string() + ": " + error.message()};
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, Repository::Init(root));
    const std::string path = (std::filesystem::absolute(root).lexically_normal() / ".dlv").string();
    Output& out = context.out();
    if (out.json()) {
      out.Text(InitDocument(path, out.mode()));
    } else if (out.quiet()) {
      out.Line(Sanitize(path));
    } else {
      out.Line("Initialised " + Sanitize(path));
      const std::string enter = directory_ ? "cd " + ShellWord(*directory_) + " && " : "";
      out.Next(enter + "dlv commit -n NAME FILES...");
    }
    return kExitOk;
  }

 private:
  std::optional<std::string> directory_;
};

}  // namespace

extern const CommandEntry kInitCommand;
const CommandEntry kInitCommand = {
    "init",
    "Start and add",
    "make a repository here",
    "[DIR]",
    "dlv init\tmake .dlv in this folder\n"
    "dlv init ~/models\tmake it there",
    "Everything that dlv keeps lies below .dlv; nothing is written elsewhere.",
    Make<InitCommand>};

}  // namespace dlv::cli
