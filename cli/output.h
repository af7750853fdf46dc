#pragma once
/// \file
/// Where commands write. stdout carries the answer and nothing else; stderr carries errors,
/// warnings and progress.

#include <string>
#include <string_view>
#include <vector>

#include "cli/style.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "dlv/result.h"

namespace dlv::cli {

enum class OutputMode { kHuman, kJson, kJsonLines, kQuiet };

class Output {
 public:
  Output(const Terminal& terminal, OutputMode mode)
      : terminal_(terminal), mode_(mode), style_(terminal.color) {}

  OutputMode mode() const { return mode_; }
  bool json() const { return mode_ == OutputMode::kJson || mode_ == OutputMode::kJsonLines; }
  bool quiet() const { return mode_ == OutputMode::kQuiet; }
  bool human() const { return mode_ == OutputMode::kHuman; }
  const Style& style() const { return style_; }
  const Terminal& terminal() const { return terminal_; }

  /// Writes `line` and a newline to stdout. The text must be printable already (see Sanitize).
  void Line(std::string_view line);
  /// Writes text that has its newlines.
  void Text(std::string_view text);
  /// Writes the table, and on a terminal how many columns had no room.
  void Print(Table& table);
  /// Writes `text` broken to the width; lines after the first are indented.
  void Paragraph(std::string_view text, std::size_t indent = 2);
  /// Writes `label` in a column of its own and `text` beside it, broken to the width.
  void Field(std::string_view label, std::string_view text);
  /// The likely next command: only for people, only on a terminal.
  void Next(std::string_view command);
  /// A warning on stderr, also with --json.
  void Warn(std::string_view text);
  /// Sends what is buffered on its way. Errors: kIo (a full disk behind stdout).
  Status Flush();

 private:
  Terminal terminal_;
  OutputMode mode_;
  Style style_;
};

/// Writes "error[not-found]: message" and "  hint: ..." to stderr, and with --json the error
/// document to stdout. Returns the exit status.
int ReportError(const Error& error, Output& output);

/// Returns the names in double quotes that a hint offers after "did you mean".
std::vector<std::string> SuggestionsIn(std::string_view hint);

}  // namespace dlv::cli
