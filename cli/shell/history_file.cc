#include "cli/shell/history_file.h"

#include <algorithm>
#include <fstream>
#include <optional>

#include "cli/config.h"
#include "cli/editor.h"
#include "cli/write_file.h"

namespace dlv::cli {
namespace fs = std::filesystem;
namespace {

std::string Encode(const std::string& statement) {
  std::string line;
  for (const char c : statement) {
    if (c == '\\') {
      line += "\\\\";
    } else if (c == '\n') {
      line += "\\n";
    } else if (c != '\r') {
      line += c;
    }
  }
  return line;
}

std::string Decode(std::string_view line) {
  std::string statement;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\' || i + 1 == line.size()) {
      statement += line[i];
      continue;
    }
    ++i;
    statement += line[i] == 'n' ? '\n' : line[i];
  }
  return statement;
}

/// Makes the file, readable by its owner only, before anything is in it.
bool MakePrivate(const fs::path& path) {
  std::error_code error;
  if (fs::exists(path, error)) return !error;
  fs::create_directories(path.parent_path(), error);
  if (!std::ofstream(path, std::ios::app)) return false;
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
  return !error;
}

}  // namespace

fs::path HistoryFile::DefaultPath() {
  if (const auto given = EnvironmentValue("DLV_HISTORY")) return *given;
  if (const auto state = EnvironmentValue("XDG_STATE_HOME"); state && !state->empty())
    return fs::path(*state) / "dlv/history";
  if (const auto home = EnvironmentValue("HOME"); home && !home->empty())
    return fs::path(*home) / ".local/state/dlv/history";
  return {};
}

Status HistoryFile::Load() {
  std::error_code error;
  if (path_.empty() || !fs::exists(path_, error)) return Ok();
  DLV_ASSIGN(const std::string text, ReadText(path_, kMostBytes));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) statements_.push_back(Decode(std::string_view(text).substr(at, end - at)));
    at = end + 1;
  }
  if (statements_.size() <= kMost) return Ok();
  const bool rewrite = statements_.size() >= 2 * kMost;
  statements_.erase(statements_.begin(), statements_.end() - static_cast<std::ptrdiff_t>(kMost));
  if (!rewrite) return Ok();
  std::string kept;
  for (const std::string& statement : statements_) kept += Encode(statement) + "\n";
  DLV_TRY(WriteWholeFile(path_, kept));
  fs::permissions(path_, fs::perms::owner_read | fs::perms::owner_write, error);
  return Ok();
}

bool HistoryFile::Add(const std::string& statement) {
  if (statement.empty() || statement.front() == ' ' || statement.size() > kLongest) return false;
  if (!statements_.empty() && statements_.back() == statement) return false;
  statements_.push_back(statement);
  if (!path_.empty() && MakePrivate(path_)) {
    std::ofstream out(path_, std::ios::app | std::ios::binary);
    out << Encode(statement) + "\n";  // in one write: other shells add to it too
  }
  return true;
}

}  // namespace dlv::cli
