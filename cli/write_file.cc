#include "cli/write_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

namespace dlv::cli {
namespace {

Error WriteError(const std::filesystem::path& path) {
  return {ErrorCode::kIo, path.string() + ": " + std::strerror(errno)};
}

}  // namespace

Status WriteWholeFile(const std::filesystem::path& path, std::string_view text) {
  std::error_code error;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
  if (error) return Error{ErrorCode::kIo, path.parent_path().string() + ": " + error.message()};
  const std::string temporary = path.string() + ".new-" + std::to_string(getpid());
  std::FILE* stream = std::fopen(temporary.c_str(), "wb");
  if (stream == nullptr) return WriteError(temporary);
  bool written = std::fwrite(text.data(), 1, text.size(), stream) == text.size();
  written = std::fflush(stream) == 0 && fsync(fileno(stream)) == 0 && written;
  written = std::fclose(stream) == 0 && written;
  if (!written || std::rename(temporary.c_str(), path.c_str()) != 0) {
    const Error failed = WriteError(path);
    std::remove(temporary.c_str());
    return failed;
  }
  return Ok();
}

}  // namespace dlv::cli
