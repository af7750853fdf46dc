#include "cli/environment.h"

#include <array>

#include "cli/text.h"

namespace dlv::cli {
namespace {

constexpr std::array<Variable, 32> kVariables = {{
    {"DLV_DIR", "the folder that holds .dlv, as --repo"},
    {"DLV_CONFIG", "the user's file of settings (default: dlv/config in XDG_CONFIG_HOME)"},
    {"XDG_CONFIG_HOME", "the folder of the user's settings (default: ~/.config)"},
    {"XDG_STATE_HOME", "the folder of the shell's history (default: ~/.local/state)"},
    {"DLV_HISTORY", "the file of the shell's history (default: dlv/history in XDG_STATE_HOME)"},
    {"HOME", "the user's folder, for ~/.config and ~/.local/state"},
    {"DLV_AUTHOR", "who makes versions, as --author"},
    {"USER", "the author where nothing else says it"},
    {"LOGNAME", "as USER"},
    {"DLV_THREADS", "number of threads, as --threads"},
    {"OMP_NUM_THREADS", "at most so many threads, where neither option nor setting says it"},
    {"DLV_LOCK_TIMEOUT", "how long to wait for another writer, as --lock-timeout"},
    {"DLV_PROGRESS", "0: no progress; it is also off when stderr is no terminal"},
    {"CI", "no progress"},
    {"DLV_PAGER", "shows long listings on a terminal, as core.pager; \"cat\" for none"},
    {"PAGER", "shows long results in dlv shell, where core.pager is not set"},
    {"DLV_EDITOR", "writes notes (dlv note --edit) and edits copied files"},
    {"VISUAL", "as DLV_EDITOR, where that is not set"},
    {"EDITOR", "as DLV_EDITOR, where neither of the others is set"},
    {"PATH", "where Graphviz is looked for (dlv network --svg)"},
    {"NO_COLOR", "no colour"},
    {"CLICOLOR_FORCE", "1: colour also into a pipe"},
    {"TERM", "dumb: neither colour nor progress"},
    {"LC_ALL", "charts are plain ASCII where the locale is set and is not UTF-8"},
    {"LC_CTYPE", "as LC_ALL, where that is not set"},
    {"LANG", "as LC_ALL, where neither of the others is set"},
    {"TZ", "the time zone of times that are shown"},
    {"DLV_KERNELS",
     "reference, avx2, avx512 or avx512vbmi: the best form of the kernels that may be used"},
    {"DLV_FSYNC", "0: nothing is forced to the disk, for tests; a power cut may lose versions"},
    {"SOURCE_DATE_EPOCH", "the time of new versions, in seconds since 1970"},
    {"DLV_REFERENCE", "set for the command of watch --on-commit: the new version"},
    {"DLV_STEP", "set for the command of watch --on-commit: its step"},
}};

constexpr std::size_t kNameColumn = 22;
constexpr std::size_t kLineWidth = 80;

}  // namespace

std::span<const Variable> AllVariables() { return kVariables; }

std::string EnvironmentHelp() {
  std::string text = "Environment\n\n";
  for (const Variable& variable : kVariables) {
    text += PadRight("  " + std::string(variable.name), kNameColumn) +
            Wrap(variable.meaning, kLineWidth, kNameColumn, kNameColumn) + "\n";
  }
  return text +
         "\nAn option is stronger than the environment, the environment than the files of\n"
         "settings (dlv config). dlv doctor shows what holds, and where it comes from.\n";
}

}  // namespace dlv::cli
