#include "cli/shell/line_editor.h"

#include <histedit.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "cli/config.h"
#include "cli/shell/interrupts.h"
#include "cli/terminal.h"
#include "cli/text.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kMostOffered = 200;
constexpr int kHistorySize = 2000;

std::size_t CharactersIn(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

/// Bytes that follow the first of a character of UTF-8.
int FollowersOf(unsigned char first) {
  if (first >= 0xF0) return 3;
  if (first >= 0xE0) return 2;
  return first >= 0xC0 ? 1 : 0;
}

/// libedit measures and writes characters by the locale; without one they are those of UTF-8.
void ChooseLocale() {
  std::setlocale(LC_CTYPE, "");
  const bool chosen =
      EnvironmentValue("LC_ALL") || EnvironmentValue("LC_CTYPE") || EnvironmentValue("LANG");
  if (!chosen) std::setlocale(LC_CTYPE, "C.UTF-8");
}

}  // namespace

class LineEditor::Impl {
 public:
  explicit Impl(Complete complete) : complete_(std::move(complete)) {
    ChooseLocale();
    history_ = history_init();
    HistEvent event;
    history(history_, &event, H_SETSIZE, kHistorySize);
    history(history_, &event, H_SETUNIQUE, 1);
    edit_ = el_init("dlv", stdin, stdout, stderr);
    el_set(edit_, EL_CLIENTDATA, this);
    el_set(edit_, EL_PROMPT, &PromptOf);
    el_set(edit_, EL_SIGNAL, 0);
    el_set(edit_, EL_GETCFN, &ReadKey);
    el_set(edit_, EL_HIST, history, history_);
    el_set(edit_, EL_SETTY, "-x", "-icanon", "-echo", nullptr);
    el_set(edit_, EL_EDITOR, "emacs");
    el_set(edit_, EL_ADDFN, "dlv-complete", "complete the word", &OnTab);
    el_set(edit_, EL_ADDFN, "dlv-up", "up a line, or back in history", &OnUp);
    el_set(edit_, EL_ADDFN, "dlv-down", "down a line, or on in history", &OnDown);
    Bind("^I", "dlv-complete");
    for (const char* up : {"\\e[A", "\\eOA"}) Bind(up, "dlv-up");
    for (const char* down : {"\\e[B", "\\eOB"}) Bind(down, "dlv-down");
    Bind("\\e[3~", "ed-delete-next-char");
    Bind("^R", "em-inc-search-prev");
    el_source(edit_, nullptr);
  }
  ~Impl() {
    el_end(edit_);
    history_end(history_);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Line ReadLine(const std::string& prompt) {
    prompt_ = prompt;
    interrupted_ = false;
    int count = 0;
    const char* const line = el_gets(edit_, &count);
    if (line == nullptr || count <= 0) {
      return {interrupted_ && !Interrupts::MustEnd() ? End::kInterrupted : End::kEndOfInput, ""};
    }
    std::string text(line, static_cast<std::size_t>(count));
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    return {End::kLine, std::move(text)};
  }

  void AddHistory(const std::string& statement) {
    HistEvent event;
    history(history_, &event, H_ENTER, statement.c_str());
  }

 private:
  static Impl& Of(EditLine* edit) {
    void* self = nullptr;
    el_get(edit, EL_CLIENTDATA, &self);
    return *static_cast<Impl*>(self);
  }
  static char* PromptOf(EditLine* edit) { return Of(edit).prompt_.data(); }
  void Bind(const char* key, const char* function) {
    el_set(edit_, EL_BIND, key, function, nullptr);
  }

  /// One character. Returns 1, 0 at the end, -1 where a signal says to stop.
  static int ReadKey(EditLine* edit, wchar_t* key) {
    std::array<char, 4> bytes;
    int have = 0, want = 1;
    while (have < want) {
      const int got = ReadByte(edit, bytes[static_cast<std::size_t>(have)]);
      if (got <= 0) return got;
      const auto byte = static_cast<unsigned char>(bytes[static_cast<std::size_t>(have)]);
      if (have == 0) {
        want += FollowersOf(byte);
      } else if ((byte & 0xC0) != 0x80) {  // no character: this byte begins the next one
        Of(edit).held_ = bytes[static_cast<std::size_t>(have)];
        break;
      }
      ++have;
    }
    std::mbstate_t state{};
    const std::size_t length =
        std::mbrtowc(key, bytes.data(), static_cast<std::size_t>(have), &state);
    if (length > static_cast<std::size_t>(have)) *key = L'?';  // no character
    return 1;
  }
  static int ReadByte(EditLine* edit, char& byte) {
    if (std::optional<char>& held = Of(edit).held_) {
      byte = *held;
      held.reset();
      return 1;
    }
    for (;;) {
      if (!Continues(edit)) return -1;
      if (!Interrupts::WaitForInput(STDIN_FILENO)) continue;
      const ssize_t got = read(STDIN_FILENO, &byte, 1);
      if (got >= 0) return static_cast<int>(got);
      if (errno != EINTR && errno != EAGAIN) return -1;
    }
  }
  static bool Continues(EditLine* edit) {
    if (Interrupts::TakeContinue()) {  // whoever had the terminal may have left it otherwise
      el_set(edit, EL_PREP_TERM, 0);
      el_set(edit, EL_PREP_TERM, 1);
      el_set(edit, EL_REFRESH);
    }
    if (Interrupts::TakeResize()) {
      el_resize(edit);
      el_set(edit, EL_REFRESH);
    }
    if (Interrupts::TakeInterrupt()) Of(edit).interrupted_ = true;
    return !Of(edit).interrupted_ && !Interrupts::MustEnd();
  }
  static bool MoreIsTyped() {
    pollfd input = {STDIN_FILENO, POLLIN, 0};
    return poll(&input, 1, 0) > 0;
  }

  static unsigned char OnTab(EditLine* edit, int) {
    const LineInfo* const info = el_line(edit);
    const std::string line(info->buffer, info->lastchar);
    const auto cursor = static_cast<std::size_t>(info->cursor - info->buffer);
    if (line.find_first_not_of(" \t") >= cursor && MoreIsTyped()) {  // indentation that is pasted
      el_insertstr(edit, "  ");
      return CC_REFRESH;
    }
    const Completion found = Of(edit).complete_(line, cursor);
    if (found.words.empty() || found.begin > cursor) return CC_REFRESH_BEEP;
    const std::string typed = line.substr(found.begin, cursor - found.begin);
    const std::string common = CommonPrefix(found.words);
    if (common != typed && common.size() >= typed.size()) {
      el_deletestr(edit, static_cast<int>(CharactersIn(typed)));
      el_insertstr(edit, common.c_str());
      return CC_REFRESH;
    }
    if (found.words.size() == 1) return CC_NORM;
    const Terminal terminal = DetectTerminal(ColorChoice::kNever, false, std::nullopt, false);
    std::fputs(("\r\n" + InColumns(found.words, terminal.width, kMostOffered)).c_str(), stdout);
    std::fflush(stdout);
    return CC_REDISPLAY;
  }

  /// Up and down inside a statement of several lines, and through the history at its ends.
  static unsigned char OnUp(EditLine* edit, int) {
    const LineInfo* const info = el_line(edit);
    const std::string_view before(info->buffer,
                                  static_cast<std::size_t>(info->cursor - info->buffer));
    const std::size_t start = before.rfind('\n');
    if (start == std::string_view::npos) return Push(edit, "\020");
    const std::size_t above = start == 0 ? std::string_view::npos : before.rfind('\n', start - 1);
    const std::size_t above_start = above == std::string_view::npos ? 0 : above + 1;
    const std::size_t column = CharactersIn(before.substr(start + 1));
    const std::size_t width = CharactersIn(before.substr(above_start, start - above_start));
    Move(edit, -static_cast<int>(column + 1 + width - std::min(column, width)));
    return CC_REFRESH;
  }
  static unsigned char OnDown(EditLine* edit, int) {
    const LineInfo* const info = el_line(edit);
    const std::string_view line(info->buffer,
                                static_cast<std::size_t>(info->lastchar - info->buffer));
    const auto cursor = static_cast<std::size_t>(info->cursor - info->buffer);
    const std::size_t end = line.find('\n', cursor);
    if (end == std::string_view::npos) return Push(edit, "\016");
    const std::size_t start = cursor == 0 ? std::string_view::npos : line.rfind('\n', cursor - 1);
    const std::size_t column =
        CharactersIn(line.substr(start == std::string_view::npos ? 0 : start + 1,
                                 cursor - (start == std::string_view::npos ? 0 : start + 1)));
    const std::size_t next_end = std::min(line.find('\n', end + 1), line.size());
    const std::size_t width = CharactersIn(line.substr(end + 1, next_end - end - 1));
    Move(edit, static_cast<int>(CharactersIn(line.substr(cursor, end - cursor)) + 1 +
                                std::min(column, width)));
    return CC_REFRESH;
  }
  static void Move(EditLine* edit, int characters) { el_cursor(edit, characters); }
  static unsigned char Push(EditLine* edit, const char* keys) {
    el_push(edit, keys);
    return CC_NORM;
  }

  Complete complete_;
  std::string prompt_;
  EditLine* edit_ = nullptr;
  History* history_ = nullptr;
  bool interrupted_ = false;
  std::optional<char> held_;  ///< a byte that was read and not used
};

class LineEditor::Release::Modes {
 public:
  Modes() : known_(tcgetattr(STDIN_FILENO, &modes_) == 0) {}
  bool Set() const { return known_ && tcsetattr(STDIN_FILENO, TCSADRAIN, &modes_) == 0; }
  Modes Usual() const {
    Modes usual = *this;
    usual.modes_.c_lflag |= ICANON | ECHO;
    return usual;
  }

 private:
  termios modes_{};
  bool known_;
};

LineEditor::Release::Release() : between_(std::make_unique<Modes>()) { between_->Usual().Set(); }
LineEditor::Release::~Release() { between_->Set(); }

LineEditor::LineEditor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LineEditor::~LineEditor() = default;

std::unique_ptr<LineEditor> LineEditor::Create(Complete complete) {
  if (isatty(STDIN_FILENO) != 1 || isatty(STDOUT_FILENO) != 1) return nullptr;
  if (EnvironmentValue("TERM").value_or("dumb") == "dumb") return nullptr;
  return std::unique_ptr<LineEditor>(new LineEditor(std::make_unique<Impl>(std::move(complete))));
}

LineEditor::Line LineEditor::ReadLine(const std::string& prompt) { return impl_->ReadLine(prompt); }
void LineEditor::AddHistory(const std::string& statement) { impl_->AddHistory(statement); }

std::string CommonPrefix(const std::vector<std::string>& words) {
  if (words.empty()) return "";
  std::string common = words.front();
  for (const std::string& word : words) {
    const auto [end, other] = std::mismatch(common.begin(), common.end(), word.begin(), word.end());
    common.erase(end, common.end());
  }
  // Not in the middle of a character.
  const auto is_whole = [&words](std::size_t size) {
    return size >= words.front().size() ||
           (static_cast<unsigned char>(words.front()[size]) & 0xC0) != 0x80;
  };
  while (!common.empty() && !is_whole(common.size())) common.pop_back();
  return common;
}

std::string InColumns(const std::vector<std::string>& words, std::size_t width, std::size_t most) {
  std::vector<std::string> cells;
  std::size_t widest = 1;
  for (std::size_t i = 0; i < words.size() && i < most; ++i) {
    cells.push_back(Sanitize(words[i]));
    if (width > 0) cells.back() = Elide(cells.back(), width);
    widest = std::max(widest, DisplayWidth(cells.back()));
  }
  const std::size_t across = std::max<std::size_t>(1, (width + 2) / (widest + 2));
  const std::size_t rows = (cells.size() + across - 1) / across;
  std::string text;
  for (std::size_t row = 0; row < rows; ++row) {
    std::string line;
    for (std::size_t at = row; at < cells.size(); at += rows)
      line += (at == row ? "" : "  ") + PadRight(cells[at], widest);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  if (words.size() > most) text += "... " + std::to_string(words.size() - most) + " more\n";
  return text;
}

}  // namespace dlv::cli
