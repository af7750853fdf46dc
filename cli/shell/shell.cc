#include "cli/shell/shell.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>

#include "cli/config.h"
#include "cli/editor.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/pager.h"
#include "cli/shell/dot_commands.h"
#include "cli/shell/interrupts.h"
#include "cli/shell/plain_lines.h"
#include "cli/text_file.h"

namespace dlv::cli {
namespace {

constexpr unsigned kMostDepth = 16;
constexpr std::size_t kMostScriptBytes = 64 << 20;

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\f") == std::string_view::npos;
}

/// Parentheses that are open, outside of quotes.
int OpenParentheses(std::string_view text) {
  int open = 0;
  char quote = 0;
  for (const char c : text) {
    if (c == '\n') quote = 0;  // no text goes over a line
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'' || c == '`') {
      quote = c;
    } else if (c == '(' || c == '[') {
      ++open;
    } else if (c == ')' || c == ']') {
      --open;
    }
  }
  return open;
}

/// Words that people type to leave or to ask, without the dot.
std::string DotFor(std::string_view line) {
  std::string word(line);
  while (!word.empty() && (word.back() == ';' || word.back() == ' ')) word.pop_back();
  if (word == "quit" || word == "exit" || word == "\\q") return ".quit";
  if (word == "help" || word == "?" || word == "\\?") return ".help";
  return "";
}

std::size_t LinesIn(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// What shows long results: core.pager, PAGER, less where it is installed; "" for none.
std::string PagerProgram(const Config& config) {
  if (const std::string chosen = config.Get("core.pager").text; !chosen.empty()) return chosen;
  if (const auto chosen = EnvironmentValue("PAGER"); chosen && !chosen->empty()) return *chosen;
  const char* const less = "/usr/bin/less";
  return access(less, X_OK) == 0 ? std::string(less) + " -SRFX" : std::string();
}

}  // namespace

Shell::Shell(Context& context, Repository& repository, QuerySession& session,
             const ShellOptions& options)
    : mode(options.mode),
      context_(context),
      repository_(repository),
      session_(session),
      options_(options),
      history_(HistoryFile::DefaultPath()) {}

int Shell::Report(const Error& error) { return ReportQueryError(session_, error, out()); }

void Shell::Emit(const std::string& text) {
  const bool terminal = out().terminal().stdout_is_terminal;
  const bool long_text = terminal && editor_ && pager && LinesIn(text) >= TerminalHeight();
  std::optional<LineEditor::Release> release;
  if (long_text) release.emplace();
  Pager paged;
  if (long_text) paged.Start(PagerProgram(context_.config()));
  out().Text(text);
  std::fflush(stdout);
}

Status Shell::Show(const QueryResult& result) {
  for (const std::string& warning : result.warnings) out().Warn(warning);
  const Terminal& terminal = out().terminal();
  QueryView view{mode, terminal.width, terminal.glyphs, out().style()};
  if (!once.empty()) {
    view.width = 0;
    view.style = Style(false);
    const std::string path = std::exchange(once, "");
    DLV_TRY(WriteTextFile(path, RenderResult(result, view)));
    if (editor_) out().Line("written to " + Sanitize(path));
    return Ok();
  }
  if (editor_ && terminal.width != 0 && !context_.options().width)  // it may have been resized
    view.width = DetectTerminal(ColorChoice::kNever, false, std::nullopt, false).width;
  Emit(RenderResult(result, view));
  return Ok();
}

int Shell::RunOne(const std::string& statement) {
  using Clock = std::chrono::steady_clock;
  CancellationToken token;
  const auto begin = Clock::now();
  Result<QueryResult> result = Error{ErrorCode::kInternal, ""};
  {
    const Interrupts::Guard guard(token);
    QueryParameters none;
    result = RunStatement(session_, statement, true, none, context_.LongOperation(token));
    context_.EndProgress();
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  if (!result.ok()) return Report(result.error());
  const Status shown = Show(*result);
  if (timer) {
    std::fprintf(stderr, "time: %s ms, %s\n", HumanNumber(seconds * 1000, 4).c_str(),
                 Plural(result->rows.size(), "row").c_str());
  }
  return shown.ok() ? kExitOk : Report(shown.error());
}

void Shell::Remember(const std::string& statement) {
  if (!editor_ || !history_.Add(statement)) return;
  editor_->AddHistory(statement);
}

int Shell::RunStatements(std::string_view text) {
  for (const PlacedStatement& statement : PlaceStatements(text)) {
    last_statement = statement.text.substr(statement.text.find_first_not_of('\n')) + ";";
    if (const int status = RunOne(statement.text); status != kExitOk) return status;
  }
  return kExitOk;
}

/// Takes one more line; runs what it completes.
int Shell::Feed(Pending& pending, std::string_view line, bool remember) {
  if (IsBlank(pending.text)) {
    pending.lines_before += LinesIn(pending.text);
    pending.text.clear();
    const std::string dot = line.starts_with('.') ? std::string(line) : DotFor(line);
    if (!dot.empty()) {
      ++pending.lines_before;
      if (remember) Remember(dot);
      return RunDotCommand(*this, dot);
    }
  }
  pending.text += line;
  pending.text += '\n';
  if (line.find(';') == std::string_view::npos) return kExitOk;
  std::vector<PlacedStatement> statements = PlaceStatements(pending.text);
  std::string rest;
  std::size_t end = 0;
  if (!statements.empty() && !statements.back().complete) {
    const std::string& last = statements.back().text;
    end = pending.text.rfind(last.substr(last.find_first_not_of('\n')));
    rest = pending.text.substr(end);
    statements.pop_back();
  } else {
    end = pending.text.size();
  }
  if (statements.empty()) return kExitOk;
  std::string done = pending.text.substr(0, end);
  done.erase(done.find_last_not_of(" \t\r\n") + 1);
  if (remember) Remember(done);
  const std::size_t before = pending.lines_before;
  pending.lines_before += LinesIn(pending.text.substr(0, end));
  pending.text = std::move(rest);
  return RunStatements(std::string(remember ? 0 : before, '\n') + done);
}

int Shell::RunScript(std::string_view text) {
  Pending pending;
  for (std::size_t at = 0; at < text.size() && !leaves;) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (const int status = Feed(pending, line, false); status != kExitOk) return status;
    at = end + 1;
  }
  if (leaves || IsBlank(pending.text)) return kExitOk;
  return RunStatements(std::string(pending.lines_before, '\n') + pending.text);
}

int Shell::ReadFile(const std::string& path) {
  if (depth_ == kMostDepth) {
    return Report({ErrorCode::kInvalidArgument, ".read: files that read files, more than 16 deep"});
  }
  const Result<std::string> text = ReadText(path, kMostScriptBytes);
  if (!text.ok()) return Report(text.error());
  ++depth_;
  const int status = RunScript(*text);
  --depth_;
  return status;
}

void Shell::LoadHistory() {
  if (const Status loaded = history_.Load(); !loaded.ok())
    out().Warn("history: " + loaded.error().message);
  for (const std::string& statement : history_.statements()) editor_->AddHistory(statement);
}

void Shell::ReadStartFile() {
  if (!options_.start_file) return;
  std::filesystem::path folder;
  if (const auto given = EnvironmentValue("XDG_CONFIG_HOME"); given && !given->empty()) {
    folder = *given;
  } else if (const auto home = EnvironmentValue("HOME"); home && !home->empty()) {
    folder = std::filesystem::path(*home) / ".config";
  } else {
    return;
  }
  std::error_code error;
  const std::filesystem::path file = folder / "dlv/shellrc";
  if (std::filesystem::exists(file, error)) ReadFile(file.string());
}

void Shell::Greet() {
  std::string text = "dlv " + std::string(LibraryVersion());
  const auto models = repository_.ListModels();
  if (models.ok()) {
    std::uint64_t versions = 0;
    for (const ModelSummary& model : *models) versions += model.version_count;
    text += ", " + Plural(models->size(), "model") + ", " + Plural(versions, "version");
  }
  if (options_.read_only) text += ", read-only";
  out().Line(out().style()(Paint::kDim, text));
  out().Line(out().style()(Paint::kDim, "End with \";\". .help helps, .quit leaves."));
}

std::string Shell::Prompt(const Pending& pending) const {
  if (IsBlank(pending.text)) return options_.read_only ? "dlv[ro]> " : "dlv> ";
  const std::string indent = options_.read_only ? "    " : "";
  return indent + (OpenParentheses(pending.text) > 0 ? "  (> " : "  -> ");
}

LineEditor::Completion Shell::Complete(const Pending& pending, const std::string& line,
                                       std::size_t cursor) {
  if (IsBlank(pending.text) && line.starts_with('.'))
    return CompleteDotCommand(*this, line, cursor);
  const Result<QueryCompletion> found =
      session_.Complete(pending.text + line, pending.text.size() + cursor);
  if (!found.ok() || found->begin < pending.text.size()) return {};
  return {found->begin - pending.text.size(), found->words};
}

int Shell::RunInteractive() {
  Pending pending;
  Interrupts::Install();
  editor_ = LineEditor::Create(
      [&](const std::string& line, std::size_t cursor) { return Complete(pending, line, cursor); });
  if (editor_) LoadHistory();
  PlainLines plain(STDIN_FILENO);
  Greet();
  ReadStartFile();
  int status = kExitOk;
  while (!leaves && !Interrupts::MustEnd()) {
    Interrupts::TakeInterrupt();  // came while something ran; one after the prompt is for the line
    if (!editor_ && out().terminal().stdout_is_terminal) out().Text(Prompt(pending));
    std::fflush(stdout);
    const LineEditor::Line line = editor_ ? editor_->ReadLine(Prompt(pending)) : plain.ReadLine();
    if (line.end == LineEditor::End::kEndOfInput) {
      out().Line("");
      break;
    }
    if (line.end == LineEditor::End::kInterrupted) {
      out().Line("^C");
      pending = {};
    } else if (!IsBlank(line.text)) {
      status = Feed(pending, line.text, true);
    }
  }
  if (Interrupts::MustEnd()) return kExitInterrupted;
  return editor_ ? kExitOk : status;
}

}  // namespace dlv::cli
