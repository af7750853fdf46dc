#include "cli/text_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

namespace dlv::cli {
namespace {

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Error Failed(int number) { return {ErrorCode::kIo, std::strerror(number)}; }

// The file is new: a link that lies there is not followed.
Status WriteNew(const std::string& path, std::string_view text) {
  errno = 0;
  std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "wbx"));
  if (!file) return Failed(errno);
  const bool written = std::fwrite(text.data(), 1, text.size(), file.get()) == text.size() &&
                       std::fflush(file.get()) == 0 && fsync(fileno(file.get())) == 0;
  if (!written) return Failed(errno);
  if (std::fclose(file.release()) != 0) return Failed(errno);
  return Ok();
}

}  // namespace

Status WriteTextFile(const std::string& path, std::string_view text) {
  if (path == "-") {
    std::fwrite(text.data(), 1, text.size(), stdout);  // Output::Flush tells of errors
    return Ok();
  }
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    return Error{ErrorCode::kIo, path + ": is a folder"};
  const std::string temporary = path + ".tmp-" + std::to_string(getpid());
  const Status written = WriteNew(temporary, text);
  if (written.ok()) {
    std::filesystem::rename(temporary, path, error);
    if (!error) return Ok();
  }
  std::error_code ignored;
  std::filesystem::remove(temporary, ignored);
  if (!written.ok()) return Error{ErrorCode::kIo, path + ": " + written.error().message};
  return Error{ErrorCode::kIo, path + ": " + error.message()};
}

}  // namespace dlv::cli
