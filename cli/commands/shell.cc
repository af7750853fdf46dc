#include "cli/shell/shell.h"

#include <unistd.h>

#include "cli/command.h"
#include "cli/editor.h"
#include "cli/exit_status.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kMostPipedBytes = 64 << 20;  // of a script

class ShellCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Flag("--read-only", &read_only_, "refuse statements that write");
    arguments.Value("--mode", &mode_, "MODE", "box, line, json, jsonl, csv or markdown");
    arguments.Flag("--no-init", &no_init_, "do not read dlv/shellrc first");
  }

  Result<int> Run(Context& context) override {
    ShellOptions options;
    options.read_only = read_only_;
    options.start_file = !no_init_;
    DLV_ASSIGN(options.mode, ChooseMode(mode_, context.out()));
    DLV_ASSIGN(const std::unique_ptr<Repository> repository,
               read_only_ ? context.OpenToRead() : context.OpenToWrite());
    QueryOptions query_options;
    query_options.read_only = read_only_;
    DLV_ASSIGN(const std::unique_ptr<QuerySession> session,
               QuerySession::Open(*repository, query_options));
    Shell shell(context, *repository, *session, options);
    if (isatty(STDIN_FILENO) == 1) return shell.RunInteractive();
    DLV_ASSIGN(const std::string script, ReadStdin(kMostPipedBytes));
    return shell.RunScript(script);
  }

 private:
  std::optional<std::string> mode_;
  bool read_only_ = false, no_init_ = false;
};

}  // namespace

extern const CommandEntry kShellCommand;
const CommandEntry kShellCommand = {
    "shell",
    "Look",
    "ask in DQL, interactively",
    "[--read-only] [--mode MODE]",
    "dlv shell\tstatements end with \";\"\n"
    "echo 'select m;' | dlv shell --mode csv\ta script; so does dlv shell < FILE\n"
    "dlv shell --read-only\tnothing can be saved",
    "DQL is the language of dlv query; dlv help dql has it in short. What begins with a dot is for "
    "the "
    "shell: .help lists it (.models, .layers REF, .schema, .mode, .timer, .once FILE, .read FILE, "
    ".edit). "
    "Tab completes keywords, models, aliases, attributes, layers and metrics. Ctrl-C drops what is "
    "typed, or stops the statement that runs; a second one while it still runs leaves. History is "
    "kept in dlv/history in XDG_STATE_HOME (~/.local/state), readable by its owner "
    "only; dlv/shellrc in XDG_CONFIG_HOME (~/.config) is read first. Keys are those of emacs, or "
    "what ~/.editrc says. Without a terminal, statements and dot commands come from stdin and run "
    "up to the first that fails, whose exit status is that of the shell.",
    Make<ShellCommand>};

}  // namespace dlv::cli
