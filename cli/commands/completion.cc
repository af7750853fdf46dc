#include <string>

#include "cli/command.h"
#include "cli/exit_status.h"

namespace dlv::cli {
namespace {

// The words after the command: options that begin with what was typed, else references or files.
constexpr const char* kBashTail = R"(    *) return ;;
  esac
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
    return
  fi
  case $command in
    init | add | commit | fsck | gc | status) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    help) mapfile -t COMPREPLY < <(compgen -W "$commands revisions formats exit-codes environment" -- "$word") ;;
    *)
      # ':' splits words in bash: what stands in front of it is cut off the answers again.
      local start=$word
      [[ $COMP_WORDBREAKS == *:* && $COMP_CWORD -ge 2 && ${COMP_WORDS[COMP_CWORD]} == : ]] && start=${COMP_WORDS[COMP_CWORD - 1]}:
      [[ $COMP_WORDBREAKS == *:* && $COMP_CWORD -ge 3 && ${COMP_WORDS[COMP_CWORD - 1]} == : ]] && start=${COMP_WORDS[COMP_CWORD - 2]}:$word
      local names
      names=$(dlv list -q 2> /dev/null)
      [[ $start == *:* ]] && names=$(dlv list -q --versions "${start%%:*}" 2> /dev/null)
      mapfile -t COMPREPLY < <(compgen -W "$names" -- "$start")
      [[ $start == *:* ]] && COMPREPLY=("${COMPREPLY[@]#"${start%%:*}":}")
      ;;
  esac
}
complete -o default -F _dlv dlv
)";

std::string OptionWords(const CommandEntry& entry) {
  Arguments arguments;
  GlobalOptions options;
  const std::unique_ptr<Command> command = entry.make();
  command->Declare(arguments);
  options.Declare(arguments);
  std::string words;
  for (const Arguments::Entry& option : arguments.entries()) {
    const std::size_t dashes = option.names.find("--");
    words +=
        (words.empty() ? "" : " ") + option.names.substr(dashes == std::string::npos ? 0 : dashes);
  }
  return words;
}

std::string BashScript() {
  std::string names, cases;
  for (const CommandEntry* entry : AllCommands()) {
    names += std::string(entry->name) + " ";
    cases += "    " + std::string(entry->name) + ") options='" + OptionWords(*entry) + "' ;;\n";
  }
  return "# bash completion of dlv: eval \"$(dlv completion bash)\"\n"
         "_dlv() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} options='' commands='" +
         names +
         "help'\n"
         "  COMPREPLY=()\n"
         "  [[ $word == : ]] && word=''\n"
         "  if ((COMP_CWORD == 1)); then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$commands --version --help\" -- \"$word\")\n"
         "    return\n"
         "  fi\n"
         "  case $command in\n" +
         cases + "    help) ;;\n" + kBashTail;
}

class CompletionCommand : public Command {
 public:
  void Declare(Arguments& arguments) override { arguments.Operand("SHELL", &shell_, true); }

  Result<int> Run(Context& context) override {
    if (*shell_ != "bash") {
      return Error{ErrorCode::kUnsupported,
                   "dlv completion: \"" + *shell_ + "\" is not in this release",
                   "dlv completion bash"};
    }
    context.out().Text(BashScript());
    return kExitOk;
  }

 private:
  std::optional<std::string> shell_;
};

}  // namespace

extern const CommandEntry kCompletionCommand;
const CommandEntry kCompletionCommand = {
    "completion",
    "More",
    "print the completion script for a shell",
    "bash",
    "dlv completion bash > ~/.local/share/bash-completion/completions/dlv\n"
    "eval \"$(dlv completion bash)\"",
    "",
    Make<CompletionCommand>};

}  // namespace dlv::cli
