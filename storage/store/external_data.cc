#include "storage/store/external_data.h"

#include <algorithm>

#include "storage/store/names.h"

namespace dlv::store {
namespace {

bool MayHaveData(const FileInput& file) {
  if (file.as_blob) return false;
  if (!file.format.empty()) return file.format == "onnx";
  return file.source.extension() == ".onnx" || file.path.ends_with(".onnx");
}

Error NotThere(const FileInput& file, const interchange::ExternalTensor& tensor) {
  return Error{ErrorCode::kNotFound, file.source.string() + ": tensor " +
                                         Quoted(tensor.tensor.name) + " is in " +
                                         Quoted(tensor.location) + ", which is not there"};
}

Error NotPlain(const std::string& path, const std::string& why) {
  return Error{ErrorCode::kUnsafe, path + ": external data " + why,
               "external data must be a regular file of one name in the folder of its .onnx"};
}

}  // namespace

const std::vector<interchange::ExternalTensor>* ExternalData::Find(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second.tensors;
}

std::string PathBeside(const std::string& path, const std::string& location) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? location : path.substr(0, slash + 1) + location;
}

Status ExternalData::CheckOpened(Store& store, const InputFile& input) const {
  const File& file = files_.at(input.path());
  if (file.folder.empty()) return Ok();
  DLV_ASSIGN(const io::FileStat stat, FindContained(store.sources(), file.folder, file.location));
  if (stat.change_key == input.stat().change_key) return Ok();
  return Error{ErrorCode::kConflict, input.name() + ": was replaced while it was opened",
               "commit again when its writer has finished"};
}

Result<io::FileStat> FindContained(io::FileSystem& files, const std::string& folder,
                                   const std::string& location) {
  std::string path = folder;
  io::FileStat stat;
  for (std::size_t begin = 0; begin <= location.size();) {
    const std::size_t slash = std::min(location.find('/', begin), location.size());
    path += "/" + location.substr(begin, slash - begin);
    begin = slash + 1;
    auto found = files.Stat(path);
    if (!found.ok()) return std::move(found).error();
    stat = std::move(found).value();
    if (stat.is_link) return NotPlain(path, "is a symbolic link, or lies behind one");
    if (begin <= location.size() && !stat.is_directory) return NotPlain(path, "is no folder");
  }
  if (!stat.is_regular) return NotPlain(path, "is no regular file");
  if (stat.link_count > 1) {
    return NotPlain(path, "has " + std::to_string(stat.link_count) + " names (hard links)");
  }
  return stat;
}

Result<ExternalData> AddExternalData(Store& store, CommitRequest& request, DataFiles where) {
  ExternalData data;
  std::vector<FileInput> added;
  const auto is_given = [&request](const std::string& path) {
    return std::any_of(request.files.begin(), request.files.end(),
                       [&](const FileInput& file) { return PathOf(file) == path; });
  };
  for (const FileInput& file : request.files) {
    if (!MayHaveData(file)) continue;
    DLV_ASSIGN(const auto input, InputFile::Open(store, file));
    DLV_TRY(input->Describe({true, false, file.format}));
    const std::string folder =
        file.source.has_parent_path() ? file.source.parent_path().string() : ".";
    for (const interchange::ExternalTensor& tensor : input->description().external) {
      const std::string path = PathBeside(PathOf(file), tensor.location);
      auto& known = data.files_[path];
      known.tensors.push_back(tensor);
      if (known.tensors.size() > 1) continue;
      if (where == DataFiles::kGiven) {
        if (!is_given(path)) return NotThere(file, tensor);
        continue;
      }
      known.folder = folder;
      known.location = tensor.location;
      const auto found = FindContained(store.sources(), folder, tensor.location);
      if (!found.ok()) {
        return found.error().code == ErrorCode::kNotFound ? NotThere(file, tensor) : found.error();
      }
      FileInput more;
      more.source = folder + "/" + tensor.location;
      more.path = path;
      more.step = file.step;
      added.push_back(std::move(more));
    }
  }
  for (FileInput& file : added) {
    if (!is_given(file.path)) request.files.push_back(std::move(file));
  }
  return data;
}

}  // namespace dlv::store
