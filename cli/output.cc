#include "cli/output.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kNameWidth = 11;

void Write(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

// Messages keep their line breaks (a list of candidates may take several lines); all else is
// escaped.
std::string SanitizeLines(std::string_view text, std::string_view indent) {
  std::string out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (at > 0) out.append("\n").append(indent);
    out += Sanitize(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::vector<std::string> QuotedIn(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t open = text.find('"'); open != std::string_view::npos;) {
    const std::size_t close = text.find('"', open + 1);
    if (close == std::string_view::npos) break;
    names.emplace_back(text.substr(open + 1, close - open - 1));
    open = text.find('"', close + 1);
  }
  return names;
}

std::vector<std::string> WordsIn(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(", ", at), text.size());
    const std::string_view word = text.substr(at, end - at);
    if (!word.empty() && word != "or") names.emplace_back(word);
    at = end + 1;
  }
  return names;
}

}  // namespace

void Output::Line(std::string_view line) {
  Write(stdout, line);
  Write(stdout, "\n");
}

void Output::Text(std::string_view text) { Write(stdout, text); }

void Output::Print(Table& table) {
  Text(table.Render(terminal_.width, style_));
  if (table.hidden_columns() == 0 || !terminal_.stdout_is_terminal) return;
  Line(style_(Paint::kDim,
              Elide("(" + Plural(table.hidden_columns(), "column") + " hidden: --no-truncate)",
                    terminal_.width)));
}

void Output::Paragraph(std::string_view text, std::size_t indent) {
  Line(Wrap(text, terminal_.width, indent));
}

void Output::Field(std::string_view label, std::string_view text) {
  Text(style_(Paint::kDim, PadRight(std::string(label), kNameWidth)));
  Line(Wrap(text, terminal_.width, kNameWidth, kNameWidth));
}

void Output::Next(std::string_view command) {
  if (!human() || !terminal_.stdout_is_terminal) return;
  Line(style_(Paint::kDim, "next: " + Sanitize(command)));
}

void Output::Warn(std::string_view text) {
  const Style style(terminal_.color && terminal_.stderr_is_terminal);
  std::fflush(stdout);
  Write(stderr, style(Paint::kYellow, "warning") + ": " + SanitizeLines(text, "  ") + "\n");
}

Status Output::Flush() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return Ok();
  return Error{ErrorCode::kIo, std::string("standard output: ") + std::strerror(errno)};
}

int ReportError(const Error& error, Output& output) {
  const int status = ExitStatusOf(error.code);
  std::fflush(stdout);
  const Style style(output.terminal().color && output.terminal().stderr_is_terminal);
  std::string text = style(Paint::kRed, "error[" + std::string(ErrorWord(error.code)) + "]") +
                     ": " + SanitizeLines(error.message, "  ") + "\n";
  if (!error.hint.empty()) text += "  hint: " + SanitizeLines(error.hint, "        ") + "\n";
  Write(stderr, text);
  if (output.json()) output.Text(ErrorDocument(error, status, output.mode()));
  return status;
}

std::vector<std::string> SuggestionsIn(std::string_view hint) {
  constexpr std::string_view kLead = "id you mean ";
  const std::size_t lead = hint.find(kLead);
  if (lead == std::string_view::npos) return {};
  hint.remove_prefix(lead + kLead.size());
  return hint.find('"') == std::string_view::npos ? WordsIn(hint.substr(0, hint.find('?')))
                                                  : QuotedIn(hint);
}

}  // namespace dlv::cli
