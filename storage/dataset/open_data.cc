#include <algorithm>

#include "storage/dataset/readers.h"

namespace dlv::dataset {
namespace {

constexpr std::size_t kHeadBytes = 16;

Result<std::unique_ptr<DataSource>> OpenDataFile(io::FileSystem& files, const std::string& path,
                                                 const DataOptions& options) {
  DLV_ASSIGN(const OpenFile file, OpenFile::Open(files, path));
  DLV_ASSIGN(const auto head, file.Head(kHeadBytes));
  if (IsIdx(head)) {
    std::string labels = options.labels;
    if (labels.empty()) labels = IdxLabelsOf(path);
    if (options.labels.empty() && !files.Stat(labels).ok()) labels.clear();
    return OpenIdx(files, file, labels);
  }
  if (IsImage(head)) return OpenImage(files, path);
  if (IsCifar(path, file.bytes->size())) return OpenCifar(path, {file});
  return OpenArrays(files, file, options);
}

/// Names of a folder that a test holds for, joined to its path.
template <class Test>
std::vector<std::string> Those(const std::string& folder, const std::vector<std::string>& names,
                               const Test& test) {
  std::vector<std::string> paths;
  for (const std::string& name : names) {
    if (!name.starts_with('.') && test(name)) paths.push_back(Join(folder, name));
  }
  return paths;
}

Error Several(const std::string& folder, const std::vector<std::string>& paths) {
  std::string names;
  for (const std::string& path : paths) names += (names.empty() ? "" : ", ") + NameIn(path);
  return Error{ErrorCode::kInvalidArgument, folder + ": holds several data sets: " + names,
               "name one of these files"};
}

Result<std::unique_ptr<DataSource>> OpenBatches(io::FileSystem& files, const std::string& folder,
                                                const std::vector<std::string>& paths) {
  std::vector<OpenFile> batches;
  for (const std::string& path : paths) {
    DLV_ASSIGN(OpenFile file, OpenFile::Open(files, path));
    batches.push_back(std::move(file));
  }
  return OpenCifar(folder, std::move(batches));
}

Result<std::unique_ptr<DataSource>> OpenFolder(io::FileSystem& files, const std::string& folder,
                                               const DataOptions& options) {
  DLV_ASSIGN(const auto names, files.List(folder));
  const auto idx = Those(folder, names, [](const std::string& name) {
    return name.find("images") != std::string::npos && name.find("idx") != std::string::npos;
  });
  if (idx.size() > 1) return Several(folder, idx);
  if (idx.size() == 1) return OpenDataFile(files, idx.front(), options);
  const auto batches =
      Those(folder, names, [](const std::string& name) { return name.ends_with(".bin"); });
  if (!batches.empty()) {
    // Training and test batches lie in one folder.
    const auto is_test = [](const std::string& path) {
      return NameIn(path).find("test") != std::string::npos;
    };
    const auto tests = std::ranges::count_if(batches, is_test);
    if (tests != 0 && tests != std::ssize(batches)) return Several(folder, batches);
    return OpenBatches(files, folder, batches);
  }
  DLV_ASSIGN(auto images, OpenImageFolder(files, folder, options.labels));
  if (images) return images;
  const auto arrays = Those(folder, names, [](const std::string& name) {
    return name.ends_with(".npz") || name.ends_with(".npy") || name.ends_with(".safetensors");
  });
  if (arrays.size() > 1) return Several(folder, arrays);
  if (arrays.size() == 1) return OpenDataFile(files, arrays.front(), options);
  return Error{ErrorCode::kNotFound, folder + ": holds no data", std::string("want ") + kDataKinds};
}

}  // namespace

Result<bool> IsFolder(io::FileSystem& files, const std::string& path) {
  DLV_ASSIGN(const io::FileStat stat, files.Stat(path));
  return stat.is_directory || (stat.is_link && files.List(path).ok());
}

Result<std::unique_ptr<DataSource>> OpenData(io::FileSystem& files, const std::string& path,
                                             const DataOptions& options) {
  DLV_ASSIGN(const bool is_folder, IsFolder(files, path));
  Result<std::unique_ptr<DataSource>> opened =
      is_folder ? OpenFolder(files, path, options) : OpenDataFile(files, path, options);
  if (!opened.ok() || (*opened)->description().count != 0) return opened;
  return Error{ErrorCode::kInvalidArgument, path + ": holds no examples"};
}

}  // namespace dlv::dataset
