#include "cli/shell/shell.h"

#include <unistd.h>

#include <cstdio>

#include "cli/command.h"
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
    DLV_ASSIGN(options.mode, Mode(context.out()));
    DLV_ASSIGN(const std::unique_ptr<Repository> repository,
               read_only_ ? context.OpenToRead() : context.OpenToWrite());
    QueryOptions query_options;
    query_options.read_only = read_only_;
    DLV_ASSIGN(const std::unique_ptr<QuerySession> session,
               QuerySession::Open(*repository, query_options));
    Shell shell(context, *repository, *session, options);
    if (isatty(STDIN_FILENO) == 1) return shell.RunInteractive();
    DLV_ASSIGN(const std::string script, ReadScript());
    return shell.RunScript(script);
  }

 private:
  Result<QueryMode> Mode(const Output& out) const {
    if (!mode_) {
      if (out.mode() == OutputMode::kJsonLines) return QueryMode::kJsonLines;
      return out.mode() == OutputMode::kJson ? QueryMode::kJson : QueryMode::kBox;
    }
    if (const auto mode = QueryModeFromName(*mode_)) return *mode;
    return Error{ErrorCode::kInvalidArgument,
                 "--mode: got \"" + *mode_ + "\", want box, line, json, jsonl, csv or markdown"};
  }

  static Result<std::string> ReadScript() {
    std::string text;
    char buffer[65536];
    for (std::size_t got = 0; (got = std::fread(buffer, 1, sizeof buffer, stdin)) > 0;) {
      text.append(buffer, got);
      if (text.size() > kMostPipedBytes)
        return Error{ErrorCode::kInvalidArgument, "stdin: has more than 64 MiB"};
    }
    if (std::ferror(stdin) != 0) return Error{ErrorCode::kIo, "stdin: cannot be read"};
    return text;
  }

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
    "dlv shell\tstatements end with \";\", .help helps\n"
    "echo 'select m;' | dlv shell --mode csv\ta script; so does dlv shell < FILE\n"
    "dlv shell --read-only\tnothing can be saved",
    "History is kept in dlv/history in XDG_STATE_HOME (~/.local/state), readable by its owner "
    "only; dlv/shellrc in XDG_CONFIG_HOME (~/.config) is read first. Keys are those of emacs, or "
    "what ~/.editrc says. Without a terminal, statements and dot commands come from stdin and run "
    "up to the first that fails, whose exit status is that of the shell.",
    Make<ShellCommand>};

}  // namespace dlv::cli
