#include "storage/store/repository_paths.h"

#include <charconv>
#include <span>
#include <vector>

#include "storage/io/hash.h"

namespace dlv::store {
namespace {

// On disk: docs/format/repository.md. Four lines; the last checks the others.
constexpr std::string_view kMagicLine = "dlv repository\n";
constexpr std::uint64_t kFormatLimitBytes = 4096;

std::string Hex16(std::uint64_t value) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 0; i < 16; ++i) text[15 - i] = kDigits[value >> (4 * i) & 15];
  return text;
}

std::string CheckLine(std::string_view body) {
  return "check " + Hex16(io::Xxh3(std::as_bytes(std::span(body.data(), body.size())))) + "\n";
}

/// Takes "NAME VALUE\n" off the front of `text`.
Result<std::uint64_t> TakeNumber(std::string_view& text, std::string_view name) {
  const Error bad{ErrorCode::kCorruption,
                  ".dlv/format: no line \"" + std::string(name) + " NUMBER\" where it belongs"};
  if (text.substr(0, name.size()) != name || text.size() <= name.size() ||
      text[name.size()] != ' ') {
    return bad;
  }
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return bad;
  const std::string_view digits = text.substr(name.size() + 1, end - name.size() - 1);
  std::uint64_t value = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || stop != digits.data() + digits.size()) return bad;
  text.remove_prefix(end + 1);
  return value;
}

}  // namespace

RepositoryPaths::RepositoryPaths(std::string root_folder)
    : root(std::move(root_folder)), dlv(root + (root.ends_with('/') ? ".dlv" : "/.dlv")) {
  format = dlv + "/format";
  catalog = dlv + "/catalog.db";
  log = dlv + "/operations.log";
  packs = dlv + "/packs";
  tmp = dlv + "/tmp";
  trash = dlv + "/trash";
  stage = dlv + "/stage.json";
  lock = dlv + "/lock";
}

std::string EncodeFormat(const RepositoryFormat& format) {
  std::string text(kMagicLine);
  text += "version " + std::to_string(format.version) + "\n";
  text += "features " + std::to_string(format.features) + "\n";
  return text + CheckLine(text);
}

Result<RepositoryFormat> DecodeFormat(std::string_view text) {
  if (text.substr(0, kMagicLine.size()) != kMagicLine) {
    return Error{ErrorCode::kCorruption, ".dlv/format: does not begin with \"dlv repository\""};
  }
  const std::size_t check = text.find("check ");
  if (check == std::string_view::npos || text.substr(check) != CheckLine(text.substr(0, check))) {
    return Error{ErrorCode::kCorruption, ".dlv/format: its checksum is wrong"};
  }
  std::string_view rest = text.substr(kMagicLine.size(), check - kMagicLine.size());
  DLV_ASSIGN(const std::uint64_t version, TakeNumber(rest, "version"));
  if (version > kRepositoryVersion) {
    return Error{ErrorCode::kUnsupported, ".dlv/format: version " + std::to_string(version) +
                                              ", this release knows up to " +
                                              std::to_string(kRepositoryVersion)};
  }
  DLV_ASSIGN(const std::uint64_t features, TakeNumber(rest, "features"));
  if (features != 0) {
    return Error{ErrorCode::kUnsupported,
                 ".dlv/format: needs features " + Hex16(features) + " that this release lacks"};
  }
  return RepositoryFormat{static_cast<std::uint32_t>(version), features};
}

Result<RepositoryFormat> ReadFormat(io::FileSystem& file_system, const RepositoryPaths& paths) {
  auto bytes = io::ReadWholeFile(file_system, paths.format, kFormatLimitBytes);
  if (!bytes.ok() && bytes.error().code == ErrorCode::kNotFound) {
    return Error{ErrorCode::kNotFound, "no repository at " + paths.root, "make one with: dlv init"};
  }
  if (!bytes.ok() && bytes.error().code == ErrorCode::kUnsafe) {
    return Error{ErrorCode::kCorruption, ".dlv/format: longer than any release writes"};
  }
  if (!bytes.ok()) return std::move(bytes).error();
  return DecodeFormat({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
}

Status MakeFolders(io::FileSystem& file_system, const RepositoryPaths& paths) {
  if (file_system.Stat(paths.format).ok()) {
    return Error{ErrorCode::kConflict, "there is a repository at " + paths.root + " already"};
  }
  for (const std::string& folder : {paths.dlv, paths.packs, paths.tmp, paths.trash}) {
    DLV_TRY(file_system.MakeDirectory(folder));
  }
  DLV_TRY(file_system.SyncDirectory(paths.dlv));
  return file_system.SyncDirectory(paths.root);
}

Status WriteFormat(io::FileSystem& file_system, const RepositoryPaths& paths) {
  const std::string text = EncodeFormat({});
  return io::WriteFileAtomically(file_system, paths.format,
                                 std::as_bytes(std::span(text.data(), text.size())));
}

}  // namespace dlv::store
