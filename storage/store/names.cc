#include "storage/store/names.h"

#include <algorithm>
#include <cstdint>
#include <map>

namespace dlv::store {
namespace {

constexpr std::size_t kMaxModelName = 128;
constexpr std::size_t kMaxKey = 256;
constexpr std::size_t kMaxPath = 4096;
constexpr std::size_t kMaxPart = 255;

Error Bad(std::string_view what, std::string_view name, std::string_view why) {
  return Error{ErrorCode::kInvalidArgument,
               std::string(what) + " " + Quoted(name) + ": " + std::string(why)};
}

bool IsAlnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

Status CheckPlainName(std::string_view what, std::string_view name) {
  if (name.empty()) return Bad(what, name, "is empty");
  if (name.size() > kMaxModelName) return Bad(what, name, "is longer than 128 bytes");
  if (!IsValidUtf8(name)) return Bad(what, name, "is not UTF-8");
  for (const char c : name) {
    const bool other = c == '_' || c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
    if (!IsAlnum(c) && !other) {
      return Bad(what, name, "may have letters, digits, '_', '-' and '.' only");
    }
  }
  if (name[0] == '-' || name[0] == '.') return Bad(what, name, "begins with '-' or '.'");
  return Ok();
}

char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return LowerAscii(c); });
  return lower;
}

/// Some file systems drop trailing dots and spaces, ignore case, skip zero-width characters or know
/// short names.
bool IsReservedPart(std::string_view part) {
  std::string plain;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const auto byte = static_cast<unsigned char>(part[i]);
    if (byte == 0xe2 && i + 2 < part.size()) {  // U+200C.. U+200F, U+202A..2E, U+206A..6F
      const auto second = static_cast<unsigned char>(part[i + 1]);
      if (second == 0x80 || second == 0x81) {
        i += 2;
        continue;
      }
    }
    if (byte == 0xef && i + 2 < part.size() && static_cast<unsigned char>(part[i + 1]) == 0xbb) {
      i += 2;  // U+FEFF
      continue;
    }
    plain.push_back(LowerAscii(part[i]));
  }
  while (!plain.empty() && (plain.back() == '.' || plain.back() == ' ')) plain.pop_back();
  return plain == ".dlv" || plain == ".git" || plain == "git~1" || plain == "dlv~1" ||
         plain.starts_with(".dlv:") || plain.starts_with(".git:");
}

/// Letters to change, add, take away or swap with a neighbour, case aside.
std::size_t EditDistance(std::string_view raw_a, std::string_view raw_b) {
  const std::string a = LowerAscii(raw_a), b = LowerAscii(raw_b);
  // Optimal string alignment: rows i - 2, i - 1 and i of the table.
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({change, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

bool IsValidUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || i + length > text.size()) return false;
    std::uint32_t code = lead & (0xffU >> (length == 1 ? 0 : length + 1));
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xc0U) != 0x80U) return false;
      code = code << 6 | (next & 0x3fU);
    }
    if ((length == 3 && code < 0x800) || (length == 4 && (code < 0x10000 || code > 0x10ffff)) ||
        (code >= 0xd800 && code < 0xe000)) {
      return false;
    }
    i += length;
  }
  return true;
}

std::string Quoted(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  constexpr std::size_t kShown = 200;
  std::string quoted = "\"";
  for (const char c : text.substr(0, kShown)) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    if (IsControl(c)) {
      const auto byte = static_cast<unsigned char>(c);
      quoted += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    } else {
      quoted.push_back(c);
    }
  }
  return quoted + (text.size() > kShown ? "...\"" : "\"");
}

Status CheckModelName(std::string_view name) { return CheckPlainName("model name", name); }

Status CheckAliasName(std::string_view name) {
  DLV_TRY(CheckPlainName("alias", name));
  if (LowerAscii(name) == "latest") return Bad("alias", name, "is reserved for the newest version");
  if (name.size() > 1 && LowerAscii(name[0]) == 'v' &&
      name.substr(1).find_first_not_of("0123456789") == std::string_view::npos) {
    return Bad("alias", name, "looks like a version number");
  }
  return Ok();
}

Status CheckKey(std::string_view what, std::string_view key) {
  if (key.empty()) return Bad(what, key, "is empty");
  if (key.size() > kMaxKey) return Bad(what, key, "is longer than 256 bytes");
  if (!IsValidUtf8(key)) return Bad(what, key, "is not UTF-8");
  if (key.find('=') != std::string_view::npos) return Bad(what, key, "has a '='");
  if (std::any_of(key.begin(), key.end(), IsControl))
    return Bad(what, key, "has control characters");
  return Ok();
}

Status CheckFilePath(std::string_view path) {
  if (path.empty()) return Bad("path", path, "is empty");
  if (path.size() > kMaxPath) return Bad("path", path, "is longer than 4096 bytes");
  if (path[0] == '/') return Bad("path", path, "is absolute");
  if (path.find('\\') != std::string_view::npos) return Bad("path", path, "has a backslash");
  if (std::any_of(path.begin(), path.end(), IsControl)) {
    return Bad("path", path, "has control characters");
  }
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view part = path.substr(start, end - start);
    if (part.empty() || part == "." || part == "..") {
      return Bad("path", path, "has a part that is empty, '.' or '..'");
    }
    if (part.size() > kMaxPart) return Bad("path", path, "has a part of more than 255 bytes");
    if (IsReservedPart(part)) return Bad("path", path, "has a reserved name");
    start = end + 1;
  }
  return Ok();
}

Status CheckPathsTogether(const std::vector<std::string>& paths) {
  std::map<std::string, std::string> folded;
  for (const std::string& path : paths) {
    const auto [at, fresh] = folded.emplace(LowerAscii(path), path);
    if (!fresh) return Bad("path", path, "differs from " + Quoted(at->second) + " at most in case");
  }
  for (const auto& [fold, path] : folded) {
    for (std::size_t slash = fold.find('/'); slash != std::string::npos;
         slash = fold.find('/', slash + 1)) {
      const auto file = folded.find(fold.substr(0, slash));
      if (file != folded.end()) {
        return Bad("path", path, "lies below " + Quoted(file->second) + ", which is a file");
      }
    }
  }
  return Ok();
}

std::vector<std::string> NearestNames(std::string_view name,
                                      std::span<const std::string> candidates) {
  const std::size_t limit = std::min<std::size_t>(3, std::max<std::size_t>(1, name.size() / 3));
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > name.size() + limit || name.size() > candidate.size() + limit) continue;
    const std::size_t distance = EditDistance(name, candidate);
    if (distance <= limit) near.emplace_back(distance, candidate);
  }
  std::sort(near.begin(), near.end());
  std::vector<std::string> names;
  for (std::size_t i = 0; i < near.size() && names.size() < 3; ++i) {
    if (std::find(names.begin(), names.end(), near[i].second) == names.end()) {
      names.push_back(near[i].second);
    }
  }
  return names;
}

std::string DidYouMean(std::string_view name, std::span<const std::string> candidates) {
  const std::vector<std::string> names = NearestNames(name, candidates);
  if (names.empty()) return {};
  std::string text = "did you mean ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text + "?";
}

}  // namespace dlv::store
