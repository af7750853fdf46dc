#pragma once
/// \file
/// Files that .onnx files of a commit keep tensors in: found, checked, and taken along.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/commit.h"
#include "dlv/result.h"
#include "storage/interchange/file_format.h"
#include "storage/store/input_file.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Where data files of an .onnx may lie.
enum class DataFiles {
  kBeside,  ///< in its folder or below, behind no link
  kGiven,   ///< only among the files of the request, at the path that the .onnx says: for importers
            ///< that have chosen each source themselves, as in a cache that is made of links
};

class ExternalData {
 public:
  /// Returns the tensors in the file at this path of the version; null: none are known of.
  const std::vector<interchange::ExternalTensor>* Find(const std::string& path) const;

  /// Looks again at an open data file: it must be the one that lies in the folder, still without
  /// links. Errors: kUnsafe, kConflict.
  Status CheckOpened(Store& store, const InputFile& input) const;

 private:
  friend Result<ExternalData> AddExternalData(Store& store, CommitRequest& request,
                                              DataFiles where);
  struct File {
    std::string folder;    ///< of the .onnx; empty: the file was given
    std::string location;  ///< below it
    std::vector<interchange::ExternalTensor> tensors;
  };
  std::map<std::string, File> files_;  ///< by path in the version
};

/// Reads the .onnx files of the request and adds the files that they name to it.
/// Errors: kNotFound: a file that is not there; kUnsafe: one that is, or lies behind, a link, has
/// several names or is no regular file; those of reading an .onnx.
Result<ExternalData> AddExternalData(Store& store, CommitRequest& request, DataFiles where);

/// Returns the path in a version of what an .onnx at `path` calls `location`.
std::string PathBeside(const std::string& path, const std::string& location);

/// Returns the state of the file at `location` below `folder`.
/// Errors: as AddExternalData.
Result<io::FileStat> FindContained(io::FileSystem& files, const std::string& folder,
                                   const std::string& location);

}  // namespace dlv::store
