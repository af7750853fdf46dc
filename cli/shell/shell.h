#pragma once
/// \file
/// `dlv shell`: statements of DQL and dot commands, from a terminal or from a text.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/context.h"
#include "cli/query/query_output.h"
#include "cli/query/run_statement.h"
#include "cli/shell/history_file.h"
#include "cli/shell/line_editor.h"
#include "dlv/query.h"
#include "dlv/repository.h"

namespace dlv::cli {

struct ShellOptions {
  bool read_only = false;
  bool start_file = true;  ///< read dlv/shellrc first
  QueryMode mode = QueryMode::kBox;
};

class Shell {
 public:
  Shell(Context& context, Repository& repository, QuerySession& session,
        const ShellOptions& options);

  /// With editing, history and completion; errors are shown, and the shell goes on. Returns an exit
  /// status.
  int RunInteractive();
  /// Statements and dot commands from a text, up to the first error; the last statement may do
  /// without its ";". Returns its exit status.
  int RunScript(std::string_view text);
  /// What has been typed so far, kept line by line.
  struct Pending {
    std::string text;
    std::size_t lines_before = 0;  ///< in a script: lines in front of it
  };

  // For the dot commands (dot_commands.cc).
  Output& out() { return context_.out(); }
  Context& context() { return context_; }
  Repository& repository() { return repository_; }
  QuerySession& session() { return session_; }
  /// Shows the error and returns its exit status.
  int Report(const Error& error);
  /// Shows a result as the mode says: in the file of .once, through the pager, or as it is.
  Status Show(const QueryResult& result);
  /// Runs all statements of a text.
  int RunStatements(std::string_view text);
  int ReadFile(const std::string& path);
  /// Adds to the history, where there is one.
  void Remember(const std::string& statement);

  QueryMode mode = QueryMode::kBox;
  bool timer = false;
  bool pager = true;
  bool leaves = false;
  std::string once;            ///< file for the next result; empty: none
  std::string last_statement;  ///< for .edit

 private:
  int Feed(Pending& pending, std::string_view line, bool remember);
  int RunOne(const std::string& statement);
  void LoadHistory();
  void ReadStartFile();
  void Greet();
  std::string Prompt(const Pending& pending) const;
  void Emit(const std::string& text);
  LineEditor::Completion Complete(const Pending& pending, const std::string& line,
                                  std::size_t cursor);

  Context& context_;
  Repository& repository_;
  QuerySession& session_;
  ShellOptions options_;
  HistoryFile history_;
  std::unique_ptr<LineEditor> editor_;
  unsigned depth_ = 0;  ///< of .read
};

}  // namespace dlv::cli
