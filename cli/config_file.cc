#include "cli/config_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "cli/settings.h"
#include "cli/write_file.h"

namespace dlv::cli {
namespace {

constexpr std::uintmax_t kLargestFile = 1 << 20;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

std::string_view WithoutBlanks(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

// What follows the "=": quotes, escapes, comments. Returns why it cannot be read, or nothing.
class ValueReader {
 public:
  /// Takes a line; `more` becomes true where the value goes on in the next one.
  const char* Take(std::string_view text, bool& more) {
    more = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == '\\') {
        if (i + 1 == text.size()) {
          more = true;
          return nullptr;
        }
        if (!Escape(text[++i])) return "a backslash may stand before n, t, b, \" and \\ only";
      } else if (c == '"') {
        quoted_ = !quoted_;
        solid_ = value_.size();
      } else if (!quoted_ && (c == '#' || c == ';')) {
        break;
      } else if (quoted_ || !IsBlank(c)) {
        Add(c);
      } else if (!value_.empty()) {
        value_ += c;
      }
    }
    return quoted_ ? "a quote is not closed" : nullptr;
  }
  /// Blanks at the end do not count, unless quoted.
  std::string Finish() { return value_.substr(0, solid_); }

 private:
  void Add(char c) {
    value_ += c;
    solid_ = value_.size();
  }
  bool Escape(char c) {
    static constexpr std::string_view kNames = "ntb\"\\", kMeant = "\n\t\b\"\\";
    const std::size_t at = kNames.find(c);
    if (at == std::string_view::npos) return false;
    Add(kMeant[at]);
    return true;
  }
  std::string value_;
  std::size_t solid_ = 0;
  bool quoted_ = false;
};

// `[section]` or `[section "sub"]`; empty where it is neither.
std::string SectionName(std::string_view line) {
  const std::size_t close = line.rfind(']');
  if (close == std::string_view::npos) return {};
  const std::string_view rest = WithoutBlanks(line.substr(close + 1));
  if (!rest.empty() && rest[0] != '#' && rest[0] != ';') return {};
  std::string_view inside = WithoutBlanks(line.substr(1, close - 1));
  const std::size_t quote = inside.find('"');
  std::string name = LowerCase(WithoutBlanks(inside.substr(0, quote)));
  if (name.empty()) return {};
  for (const char c : name) {
    if (!IsNameCharacter(c) && c != '.') return {};
  }
  if (quote == std::string_view::npos) return name;
  if (inside.back() != '"' || quote + 1 == inside.size()) return {};
  return name + "." + std::string(inside.substr(quote + 1, inside.size() - quote - 2));
}

std::string Quoted(const std::string& value) {
  const bool plain = value.find_first_of("#;\"\\\n\t\b") == std::string::npos &&
                     WithoutBlanks(value).size() == value.size();
  if (plain) return value;
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    if (c == '\n' || c == '\t' || c == '\b') {
      text += c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\b";
    } else {
      text += c;
    }
  }
  return text + "\"";
}

std::string LineFor(const std::string& key, const std::string& value) {
  return "\t" + key.substr(key.rfind('.') + 1) + " = " + Quoted(value);
}

Error SettingsIoError(const std::filesystem::path& path) {
  return {ErrorCode::kIo, path.string() + ": " + std::strerror(errno)};
}

}  // namespace

Result<ConfigFile> ConfigFile::Read(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory)
    return Parse("", path);
  if (error) return Error{ErrorCode::kIo, path.string() + ": " + error.message()};
  if (size > kLargestFile) {
    return Error{ErrorCode::kUnsafe, path.string() + ": " + std::to_string(size) +
                                         " bytes, a file of settings has at most 1 MiB"};
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(size), '\0');
  stream.read(text.data(), static_cast<std::streamsize>(size));
  if (!stream) return SettingsIoError(path);
  return Parse(text, path);
}

Result<ConfigFile> ConfigFile::Parse(std::string_view text, const std::filesystem::path& path) {
  ConfigFile file;
  file.path_ = path;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    file.lines_.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  DLV_TRY(file.ReadLines());
  return file;
}

Status ConfigFile::ReadLines() {
  const auto wrong = [&](std::size_t line, const std::string& why) {
    return Error{ErrorCode::kSyntax, path_.string() + ":" + std::to_string(line + 1) + ": " + why};
  };
  std::string section;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const std::string_view line = WithoutBlanks(lines_[i]);
    if (line.empty() || line[0] == '#' || line[0] == ';') continue;
    if (line[0] == '[') {
      section = SectionName(line);
      if (section.empty()) return wrong(i, "want [section]");
      sections_.emplace_back(section, i);
      continue;
    }
    const std::size_t equals = std::min(line.find('='), line.size());
    const std::string_view name = WithoutBlanks(line.substr(0, equals));
    if (section.empty()) return wrong(i, "a name without a section, such as [core], above it");
    if (name.empty() || !std::all_of(name.begin(), name.end(), IsNameCharacter))
      return wrong(i, "want name = value");
    ConfigEntry entry{section + "." + LowerCase(name), "true", i + 1, i + 1};
    if (equals < line.size()) {
      ValueReader reader;
      bool more = false;
      const char* why = reader.Take(line.substr(equals + 1), more);
      while (why == nullptr && more && i + 1 < lines_.size()) why = reader.Take(lines_[++i], more);
      if (why != nullptr) return wrong(i, why);
      entry.value = reader.Finish();
      entry.last_line = i + 1;
    }
    sections_.back().second = i;
    entries_.push_back(std::move(entry));
  }
  return Ok();
}

void ConfigFile::Reread() {
  entries_.clear();
  sections_.clear();
  DLV_CHECK(ReadLines().ok(), "what Set and Unset write can be read");
}

const ConfigEntry* ConfigFile::Find(std::string_view key) const {
  const auto last = std::find_if(entries_.rbegin(), entries_.rend(),
                                 [&](const ConfigEntry& entry) { return entry.key == key; });
  return last == entries_.rend() ? nullptr : &*last;
}

// The place for a new entry: behind the last one of the section, or nothing.
std::size_t ConfigFile::EndOfSection(std::string_view section) const {
  std::size_t at = 0;
  for (const auto& [name, line] : sections_) {
    if (name == section) at = line + 1;
  }
  return at;
}

void ConfigFile::Set(const std::string& key, const std::string& value) {
  const std::string line = LineFor(key, value);
  const auto place = [&](std::size_t at) {
    return lines_.begin() + static_cast<std::ptrdiff_t>(at);
  };
  const std::string section = key.substr(0, key.rfind('.'));
  if (const ConfigEntry* old = Find(key); old != nullptr) {
    const std::size_t first = old->line - 1;
    lines_.erase(place(first), place(old->last_line));
    lines_.insert(place(first), line);
  } else if (const std::size_t end = EndOfSection(section); end > 0) {
    lines_.insert(place(end), line);
  } else {
    lines_.push_back("[" + section + "]");
    lines_.push_back(line);
  }
  Reread();
}

bool ConfigFile::Unset(std::string_view key) {
  bool found = false;
  while (const ConfigEntry* entry = Find(key)) {
    lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(entry->line - 1),
                 lines_.begin() + static_cast<std::ptrdiff_t>(entry->last_line));
    Reread();
    found = true;
  }
  return found;
}

std::string ConfigFile::Text() const {
  std::string text;
  for (const std::string& line : lines_) text += line + "\n";
  return text;
}

Status ConfigFile::Write() const { return WriteWholeFile(path_, Text()); }

}  // namespace dlv::cli
