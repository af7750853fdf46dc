#include "cli/shell/plain_lines.h"

#include <unistd.h>

#include <array>
#include <cerrno>

#include "cli/shell/interrupts.h"

namespace dlv::cli {

bool PlainLines::TakeLine(std::string& line) {
  const std::size_t end = read_.find('\n');
  if (end == std::string::npos && (!ended_ || read_.empty())) return false;
  line = read_.substr(0, end);
  read_.erase(0, end == std::string::npos ? end : end + 1);
  if (line.ends_with('\r')) line.pop_back();
  return true;
}

LineEditor::Line PlainLines::ReadLine() {
  using End = LineEditor::End;
  std::array<char, 4096> bytes;
  for (std::string line; !Interrupts::MustEnd();) {
    if (TakeLine(line)) return {End::kLine, line};
    if (ended_) return {End::kEndOfInput, ""};
    if (Interrupts::TakeInterrupt()) {
      read_.clear();
      return {End::kInterrupted, ""};
    }
    if (!Interrupts::WaitForInput(file_)) continue;
    const ssize_t got = read(file_, bytes.data(), bytes.size());
    if (got > 0) read_.append(bytes.data(), static_cast<std::size_t>(got));
    ended_ = got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN);
  }
  return {End::kEndOfInput, ""};
}

}  // namespace dlv::cli
