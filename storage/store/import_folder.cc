#include "storage/store/import_folder.h"

#include "storage/store/names.h"

namespace dlv::store {

Result<ImportFolder> ImportFolder::Open(io::FileSystem& file_system, const std::string& root) {
  std::string plain = root;
  while (plain.size() > 1 && plain.back() == '/') plain.pop_back();
  auto stat = file_system.Stat(plain);
  if (!stat.ok() && stat.error().code == ErrorCode::kNotFound)
    return Error{ErrorCode::kNotFound, plain + ": there is no such folder"};
  if (!stat.ok()) return std::move(stat).error();
  if (stat->is_regular)
    return Error{ErrorCode::kInvalidArgument, plain + ": is a file, want a folder"};
  return ImportFolder(file_system, std::move(plain));
}

Result<io::FileStat> ImportFolder::Walk(std::string_view relative) const {
  io::FileStat stat;
  for (std::size_t end = 0; end < relative.size();) {
    end = std::min(relative.find('/', end + 1), relative.size());
    const std::string path = Path(relative.substr(0, end));
    DLV_ASSIGN(stat, file_system_->Stat(path));
    if (stat.is_link)
      return Error{ErrorCode::kUnsafe, path + ": is a link; links are not followed"};
    if (end < relative.size() && !stat.is_directory)
      return Error{ErrorCode::kUnsafe, path + ": is no folder"};
  }
  return stat;
}

Result<io::FileStat> ImportFolder::LookAtFile(std::string_view relative) const {
  const Status path = CheckFilePath(relative);
  if (!path.ok()) return Error{ErrorCode::kUnsafe, root_ + ": " + path.error().message};
  DLV_ASSIGN(const io::FileStat stat, Walk(relative));
  if (!stat.is_regular) return Error{ErrorCode::kUnsafe, Path(relative) + ": is no regular file"};
  return stat;
}

Result<std::vector<std::byte>> ImportFolder::Read(std::string_view relative,
                                                  std::uint64_t limit_bytes) const {
  DLV_ASSIGN([[maybe_unused]] const io::FileStat stat, LookAtFile(relative));
  return io::ReadWholeFile(*file_system_, Path(relative), limit_bytes);
}

Result<std::string> ImportFolder::ReadText(std::string_view relative,
                                           std::uint64_t limit_bytes) const {
  DLV_ASSIGN(const auto bytes, Read(relative, limit_bytes));
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

Result<std::vector<std::string>> ImportFolder::List(std::string_view relative) const {
  if (!relative.empty()) {
    const auto stat = Walk(relative);
    if (!stat.ok() && stat.error().code == ErrorCode::kNotFound) return std::vector<std::string>();
    if (!stat.ok()) return stat.error();
    if (!stat->is_directory) return std::vector<std::string>();
  }
  return file_system_->List(relative.empty() ? root_ : Path(relative));
}

}  // namespace dlv::store
