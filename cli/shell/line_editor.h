#pragma once
/// \file
/// Lines from the terminal, with editing, history and completion. The only file that knows libedit
/// is line_editor.cc.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dlv::cli {

class LineEditor {
 public:
  enum class End : std::uint8_t { kLine, kInterrupted, kEndOfInput };
  struct Line {
    End end = End::kLine;
    std::string text;  ///< may have several lines: a statement that came out of the history
  };
  /// What the word at byte `cursor` of the line may become: where it begins, and whole words.
  struct Completion {
    std::size_t begin = 0;
    std::vector<std::string> words;
  };
  using Complete = std::function<Completion(const std::string& line, std::size_t cursor)>;

  /// Null where there is no terminal that can be edited on (TERM=dumb, a pipe).
  static std::unique_ptr<LineEditor> Create(Complete complete);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  /// Keys are those of emacs, or what the user's ~/.editrc says. Between two lines the terminal
  /// neither echoes nor edits, so that keys typed ahead (Ctrl-D, Tab, a long line) come as they
  /// are.
  Line ReadLine(const std::string& prompt);
  void AddHistory(const std::string& statement);

  /// While it lives the terminal is as it was before there was an editor: for other programs.
  class Release {
   public:
    Release();
    ~Release();
    Release(const Release&) = delete;
    Release& operator=(const Release&) = delete;

   private:
    class Modes;
    std::unique_ptr<Modes> between_;
  };

 private:
  class Impl;
  explicit LineEditor(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Returns the longest text that all words begin with.
std::string CommonPrefix(const std::vector<std::string>& words);
/// Words in columns of at most `width` cells, each line ended; at most `most` of them.
std::string InColumns(const std::vector<std::string>& words, std::size_t width, std::size_t most);

}  // namespace dlv::cli
