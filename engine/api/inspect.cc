#include "dlv/inspect.h"

#include "storage/interchange/file_format.h"
#include "storage/io/byte_source.h"
#include "storage/io/file_system.h"

namespace dlv {

Result<InspectedFile> InspectFile(const std::filesystem::path& path) {
  const std::string name = path.string();
  DLV_ASSIGN(const auto file, io::PosixFileSystem().OpenForReading(name));
  DLV_ASSIGN(const io::FileStat stat, file->Stat());
  if (!stat.is_regular) return Error{ErrorCode::kInvalidArgument, name + ": is no regular file"};
  const auto source = io::MakeFileSource(*file, 0, stat.size_bytes);
  auto described = interchange::DescribeFile(*source, name);
  if (!described.ok() && described.error().code == ErrorCode::kUnsupported)
    return InspectedFile{"blob", stat.size_bytes, 0, described.error().message};
  if (!described.ok()) {
    Error error = std::move(described).error();
    if (error.message.find(name) == std::string::npos) error.message = name + ": " + error.message;
    return error;
  }
  return InspectedFile{described->format, stat.size_bytes,
                       static_cast<std::uint32_t>(described->tensors.size()), described->note};
}

}  // namespace dlv
