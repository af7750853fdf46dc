#include "cli/completion_scripts.h"

namespace dlv::cli {
namespace {

// The answer: a line "words", "files" or "folders", then one candidate a line (zsh, fish: a tab and
// its meaning behind it).
constexpr std::string_view kBash = R"SHELL(# bash completion of dlv: eval "$(dlv completion bash)"
_dlv() {
  local kind='' line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ -z $kind ]]; then kind=$line; else COMPREPLY+=("$line"); fi
  done < <("${COMP_WORDS[0]}" completion bash --line "${COMP_LINE:0:COMP_POINT}" --breaks "$COMP_WORDBREAKS" 2> /dev/null)
  case $kind in
    files) compopt -o default 2> /dev/null ;;
    folders) compopt -o dirnames 2> /dev/null ;;
  esac
}
complete -o nosort -F _dlv dlv 2> /dev/null || complete -F _dlv dlv
)SHELL";

constexpr std::string_view kZsh = R"SHELL(#compdef dlv
# zsh completion of dlv: eval "$(dlv completion zsh)", or this text as _dlv in a folder of $fpath
_dlv() {
  local -a answer names shown
  local line kind
  answer=("${(@f)$("${words[1]}" completion zsh -- "${(@)words[2,CURRENT-1]}" "$PREFIX" 2> /dev/null)}")
  kind=$answer[1]
  shift answer
  case $kind in
    files) _files; return ;;
    folders) _files -/; return ;;
  esac
  for line in $answer; do
    names+=("${line%%$'\t'*}")
    shown+=("${line/$'\t'/  -- }")
  done
  (( $#names )) && compadd -V dlv -l -d shown -a names
}
if [[ $funcstack[1] == _dlv ]]; then _dlv "$@"; else compdef _dlv dlv; fi
)SHELL";

constexpr std::string_view kFish =
    R"SHELL(# fish completion of dlv: dlv completion fish | source
function __dlv_complete
    set -l before (commandline -opc)
    set -l answer ($before[1] completion fish -- $before[2..-1] (commandline -ct) 2> /dev/null)
    switch "$answer[1]"
        case files
            __fish_complete_path (commandline -ct)
        case folders
            __fish_complete_directories (commandline -ct) ''
        case '*'
            printf '%s\n' $answer[2..-1]
    end
end
complete -c dlv -e
complete -c dlv -f -k -a '(__dlv_complete)'
)SHELL";

}  // namespace

std::string_view BashCompletionScript() { return kBash; }
std::string_view ZshCompletionScript() { return kZsh; }
std::string_view FishCompletionScript() { return kFish; }

}  // namespace dlv::cli
