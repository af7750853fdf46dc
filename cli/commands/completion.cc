#include <algorithm>
#include <array>
#include <string>

#include "cli/command.h"
#include "cli/completer.h"
#include "cli/completion_scripts.h"
#include "cli/exit_status.h"
#include "cli/shell_words.h"
#include "dlv/completion.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kMostReferences = 100;

// The repository that the words mean, asked without a sound: a shell has no place for errors.
std::vector<std::string> References(const std::vector<std::string>& words,
                                    const std::string& text) {
  GlobalOptions options;
  for (std::size_t i = 0; i + 2 < words.size(); ++i) {
    if (words[i] == "--repo") options.repository = words[i + 1];
    if (words[i] == "-C" || words[i] == "--directory") options.directory = words[i + 1];
  }
  std::error_code error;
  if (options.directory) std::filesystem::current_path(*options.directory, error);
  const Result<std::filesystem::path> root = FindRoot(options);
  if (error || !root.ok()) return {};
  Result<std::vector<std::string>> found = CompleteReference(*root, text, kMostReferences);
  return found.ok() ? std::move(found).value() : std::vector<std::string>();
}

bool IsPrintable(const std::string& word) { return Sanitize(word) == word; }

class CompletionCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("SHELL", &shell_, true);
    arguments.Operands("WORD", &words_);
    arguments.Value("--line", &line_, "TEXT", "answer for this command line, as the scripts ask");
    arguments.Value("--breaks", &breaks_, "TEXT",
                    "characters at which the shell begins a new word");
  }

  Result<int> Run(Context& context) override {
    static constexpr std::array<std::string_view, 3> kShells = {"bash", "zsh", "fish"};
    if (std::find(kShells.begin(), kShells.end(), *shell_) == kShells.end()) {
      return Error{ErrorCode::kInvalidArgument,
                   "dlv completion: got \"" + *shell_ + "\", want bash, zsh or fish"};
    }
    if (line_ || !words_.empty()) {
      Answer(context.out());
    } else {
      context.out().Text(*shell_ == "bash"  ? BashCompletionScript()
                         : *shell_ == "zsh" ? ZshCompletionScript()
                                            : FishCompletionScript());
    }
    return kExitOk;
  }

 private:
  void Answer(Output& out) {
    std::string typed;
    bool in_quotes = false;
    if (line_) {
      ShellWords split = SplitShellWords(*line_);
      words_.assign(split.words.begin() + 1, split.words.end());
      typed = split.raw_last;
      in_quotes = split.in_quotes;
    } else {
      for (std::string& word : words_) word = SplitShellWords(word).words.back();
    }
    if (words_.empty()) words_.emplace_back();
    const Completion completion = Complete(words_, {References});
    out.Line(completion.kind == Completion::Kind::kFiles     ? "files"
             : completion.kind == Completion::Kind::kFolders ? "folders"
                                                             : "words");
    const std::size_t cut = in_quotes ? 0 : BreakPrefix(typed, breaks_.value_or(""));
    for (const Candidate& candidate : completion.words) {
      if (!IsPrintable(candidate.word)) continue;
      if (*shell_ != "bash") {
        out.Line(candidate.word + (candidate.meaning.empty() ? "" : "\t" + candidate.meaning));
      } else {
        const std::string word = in_quotes ? candidate.word : EscapeForShell(candidate.word);
        out.Line(word.substr(std::min(cut, word.size())));  // what was typed may have quotes
      }
    }
  }

  std::optional<std::string> shell_, line_, breaks_;
  std::vector<std::string> words_;
};

}  // namespace

extern const CommandEntry kCompletionCommand;
const CommandEntry kCompletionCommand = {
    "completion",
    "More",
    "print the completion script for a shell",
    "bash | zsh | fish",
    "eval \"$(dlv completion bash)\"\tfor this shell; the line may stand in ~/.bashrc\n"
    "dlv completion zsh > ~/_dlv\tinto a folder of $fpath\n"
    "dlv completion fish > ~/dlv.fish\tinto ~/.config/fish/completions",
    "Completes commands, options and their values, models, versions, aliases, steps, tensors, "
    "settings and files. cmake --install puts the scripts where the shells look for them.",
    Make<CompletionCommand>,
    true};

}  // namespace dlv::cli
