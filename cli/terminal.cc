#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>
#include <string>
#include <string_view>

namespace dlv::cli {
namespace {

std::string_view ValueOfVariable(const char* name) {
  const char* value =
      std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread is started
  return value == nullptr ? std::string_view() : std::string_view(value);
}

std::size_t WidthOf(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

bool WantsColor(ColorChoice choice, bool is_terminal) {
  if (choice != ColorChoice::kAuto) return choice == ColorChoice::kAlways;
  if (!ValueOfVariable("NO_COLOR").empty() || ValueOfVariable("TERM") == "dumb") return false;
  const std::string_view forced = ValueOfVariable("CLICOLOR_FORCE");
  return is_terminal || (!forced.empty() && forced != "0");
}

bool WantsProgress(std::optional<bool> choice, bool is_terminal) {
  if (choice) return *choice;
  const std::string_view variable = ValueOfVariable("DLV_PROGRESS");
  if (variable == "0" || !ValueOfVariable("CI").empty() || ValueOfVariable("TERM") == "dumb")
    return false;
  return is_terminal;
}

std::string_view LocaleOfCharacters() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (!ValueOfVariable(name).empty()) return ValueOfVariable(name);
  }
  return {};
}

}  // namespace

std::size_t TerminalHeight() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return 24;
  return size.ws_row;
}

Glyphs GlyphsOf(std::string_view locale) {
  if (locale.empty()) return Glyphs::kBlocks;
  std::string lower;
  for (const char c : locale) {
    if (c != '-') lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return lower.find("utf8") == std::string::npos ? Glyphs::kAscii : Glyphs::kBlocks;
}

Terminal DetectTerminal(ColorChoice color, std::optional<bool> progress,
                        std::optional<std::size_t> width, bool no_truncate) {
  Terminal terminal;
  terminal.stdout_is_terminal = isatty(STDOUT_FILENO) == 1;
  terminal.stderr_is_terminal = isatty(STDERR_FILENO) == 1;
  terminal.color = WantsColor(color, terminal.stdout_is_terminal);
  terminal.progress = WantsProgress(progress, terminal.stderr_is_terminal);
  if (terminal.stdout_is_terminal) terminal.width = WidthOf(STDOUT_FILENO);
  if (terminal.stderr_is_terminal) terminal.stderr_width = WidthOf(STDERR_FILENO);
  terminal.glyphs = GlyphsOf(LocaleOfCharacters());
  if (width) terminal.width = *width;
  if (no_truncate) terminal.width = 0;
  return terminal;
}

}  // namespace dlv::cli
