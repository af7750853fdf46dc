#include "cli/shell_words.h"

namespace dlv::cli {
namespace {

class Splitter {
 public:
  ShellWords Run(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      const char c = line[i];
      if (quote_ == 0 && (c == ' ' || c == '\t' || c == '\n')) {
        EndWord();
        continue;
      }
      raw_ += c;
      open_ = true;
      if (c == '\\' && quote_ != '\'') {
        if (i + 1 < line.size()) {
          raw_ += line[++i];
          word_ += line[i];
        }
      } else if (quote_ == 0 && (c == '\'' || c == '"')) {
        quote_ = c;
      } else if (quote_ != 0 && c == quote_) {
        quote_ = 0;
      } else {
        word_ += c;
      }
    }
    result_.words.push_back(word_);  // behind a blank, the word being typed is empty
    result_.raw_last = raw_;
    result_.in_quotes = quote_ != 0;
    return std::move(result_);
  }

 private:
  void EndWord() {
    if (open_) result_.words.push_back(word_);
    word_.clear();
    raw_.clear();
    open_ = false;
  }

  ShellWords result_;
  std::string word_, raw_;
  bool open_ = false;
  char quote_ = 0;
};

}  // namespace

ShellWords SplitShellWords(std::string_view line) { return Splitter().Run(line); }

std::string EscapeForShell(std::string_view word) {
  static constexpr std::string_view kOwn = " \t\"'\\$`!*?[](){}<>|&;#~";
  std::string text;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    const bool only_in_front = c == '#' || c == '~';
    if (kOwn.find(c) != std::string_view::npos && (!only_in_front || i == 0)) text += '\\';
    text += c;
  }
  return text;
}

std::size_t BreakPrefix(std::string_view typed, std::string_view break_characters) {
  std::size_t prefix = 0;
  for (std::size_t i = 0; i < typed.size(); ++i) {
    const char c = typed[i];
    if (c == '\\') {
      ++i;
    } else if (break_characters.find(c) != std::string_view::npos) {
      prefix = i + 1;
    }
  }
  return prefix;
}

}  // namespace dlv::cli
