#pragma once
/// \file
/// The user's editor.

#include <filesystem>
#include <string>
#include <vector>

#include "dlv/result.h"

namespace dlv::cli {

/// A folder for files that are edited; removed with all in it at the end.
class EditFolder {
 public:
  static Result<EditFolder> Create();
  EditFolder(EditFolder&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  EditFolder& operator=(EditFolder&&) = delete;
  ~EditFolder();
  const std::filesystem::path& path() const { return path_; }

  /// Writes a file below the folder; `name` is relative and has been checked.
  Result<std::filesystem::path> Write(const std::string& name, const std::string& text) const;

 private:
  explicit EditFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

/// Runs DLV_EDITOR, VISUAL, EDITOR or vi, the first that is set, on the files and waits for it.
/// Errors: kInvalidArgument (it ended with another status than 0, or none is set and there is no
/// terminal).
Status RunEditor(const std::vector<std::filesystem::path>& files);

/// Returns a file's text.  Errors: kIo, kNotFound; kInvalidArgument above `limit_bytes`.
Result<std::string> ReadText(const std::filesystem::path& file, std::size_t limit_bytes);

/// Returns what comes on stdin up to its end.  Errors: kIo; kInvalidArgument above `limit_bytes`.
Result<std::string> ReadStdin(std::size_t limit_bytes);

/// Lets the user edit `text` in a file of that name; returns what it is afterwards.
Result<std::string> EditText(const std::string& name, const std::string& text,
                             std::size_t limit_bytes);

}  // namespace dlv::cli
