#include "cli/editor.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "cli/version_text.h"

namespace dlv::cli {
namespace {

namespace fs = std::filesystem;

/// Only from the user's environment, never from a repository.
std::string EditorCommand() {
  for (const char* name : {"DLV_EDITOR", "VISUAL", "EDITOR"}) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no thread writes it
    if (value != nullptr && *value != '\0') return value;
  }
  return isatty(STDIN_FILENO) != 0 ? "vi" : "";
}

}  // namespace

Result<EditFolder> EditFolder::Create() {
  std::error_code error;
  const fs::path parent = fs::temp_directory_path(error);
  if (error) return Error{ErrorCode::kIo, "folder for temporary files: " + error.message()};
  std::string name = (parent / "dlv-edit-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr)
    return Error{ErrorCode::kIo, parent.string() + ": no temporary folder can be made there"};
  return EditFolder(name);
}

EditFolder::~EditFolder() {
  std::error_code error;
  if (!path_.empty()) fs::remove_all(path_, error);
}

Result<fs::path> EditFolder::Write(const std::string& name, const std::string& text) const {
  const fs::path path = path_ / name;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) return Error{ErrorCode::kIo, path.string() + ": cannot be written"};
  return path;
}

Status RunEditor(const std::vector<fs::path>& files) {
  std::string command = EditorCommand();
  if (command.empty()) {
    return Error{ErrorCode::kInvalidArgument, "no editor is known, and there is no terminal",
                 "set DLV_EDITOR, VISUAL or EDITOR"};
  }
  const std::string editor = command;
  for (const fs::path& file : files) command += " " + ShellWord(file.string());
  const int status = std::system(command.c_str());  // NOLINT: the editor is a shell command line
  if (status == 0) return Ok();
  return Error{ErrorCode::kInvalidArgument,
               "the editor \"" + editor + "\" ended with status " +
                   std::to_string((status & 0x7f) == 0 ? (status >> 8) & 0xff : status) +
                   "; nothing was changed"};
}

Result<std::string> ReadText(const fs::path& file, std::size_t limit_bytes) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error{ErrorCode::kNotFound, file.string() + ": cannot be opened"};
  std::string text;
  for (char buffer[4096]; in.read(buffer, sizeof buffer) || in.gcount() > 0;) {
    text.append(buffer, static_cast<std::size_t>(in.gcount()));
    if (text.size() > limit_bytes) {
      return Error{ErrorCode::kInvalidArgument,
                   file.string() + ": has more than " + std::to_string(limit_bytes) + " bytes"};
    }
  }
  if (in.bad()) return Error{ErrorCode::kIo, file.string() + ": cannot be read"};
  return text;
}

Result<std::string> ReadStdin(std::size_t limit_bytes) {
  std::string text;
  std::array<char, 65536> buffer;
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), stdin)) > 0;) {
    text.append(buffer.data(), got);
    if (text.size() > limit_bytes) {
      return Error{ErrorCode::kInvalidArgument,
                   "stdin: has more than " + std::to_string(limit_bytes) + " bytes"};
    }
  }
  if (std::ferror(stdin) != 0) return Error{ErrorCode::kIo, "stdin: cannot be read"};
  return text;
}

Result<std::string> EditText(const std::string& name, const std::string& text,
                             std::size_t limit_bytes) {
  DLV_ASSIGN(const EditFolder folder, EditFolder::Create());
  DLV_ASSIGN(const fs::path file, folder.Write(name, text));
  DLV_TRY(RunEditor({file}));
  return ReadText(file, limit_bytes);
}

}  // namespace dlv::cli
