#include "cli/graphviz.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "cli/editor.h"
#include "cli/text.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxSvgBytes = 256u << 20;
constexpr std::size_t kMaxComplaint = 300;

std::string FindProgram(const std::string& name) {
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): no thread writes it
  std::string_view folders = path == nullptr ? "" : path;
  while (!folders.empty()) {
    const std::size_t colon = folders.find(':');
    const fs::path program = fs::path(folders.substr(0, colon)) / name;
    std::error_code error;
    if (program.is_absolute() && fs::is_regular_file(program, error) &&
        access(program.c_str(), X_OK) == 0) {
      return program.string();
    }
    folders = colon == std::string_view::npos ? std::string_view() : folders.substr(colon + 1);
  }
  return {};
}

std::string FirstLine(const fs::path& file) {
  const Result<std::string> text = ReadText(file, 1u << 20);
  if (!text.ok()) return {};
  return Sanitize(text->substr(0, std::min(text->find('\n'), kMaxComplaint)));
}

}  // namespace

Result<std::string> DrawGraph(const std::string& dot) {
  const std::string program = FindProgram("dot");
  if (program.empty()) {
    return Error{ErrorCode::kUnsupported,
                 "drawing needs the program dot of graphviz, which is not in PATH",
                 "install it (Debian: apt install graphviz), or take --dot and draw it elsewhere"};
  }
  DLV_ASSIGN(const EditFolder folder, EditFolder::Create());
  DLV_ASSIGN(const fs::path in, folder.Write("network.dot", dot));
  DLV_ASSIGN(const fs::path out, folder.Write("network.svg", ""));
  DLV_ASSIGN(const fs::path complaint, folder.Write("complaint.txt", ""));
  const std::string command = ShellWord(program) + " -Tsvg -o " + ShellWord(out.string()) + " " +
                              ShellWord(in.string()) + " 2> " + ShellWord(complaint.string());
  const int status = std::system(command.c_str());  // NOLINT: all words are quoted
  if (status != 0) {
    return Error{ErrorCode::kIo, program + ": failed on the network: " + FirstLine(complaint)};
  }
  return ReadText(out, kMaxSvgBytes);
}

}  // namespace dlv::cli
