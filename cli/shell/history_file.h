#pragma once
/// \file
/// The statements of earlier sessions.

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "dlv/result.h"

namespace dlv::cli {

/// One statement a line, with "\n" and "\\" for what would break it. Only its owner can read it.
/// Several shells may add to it at one time.
class HistoryFile {
 public:
  /// DLV_HISTORY, else dlv/history in XDG_STATE_HOME or ~/.local/state; an empty path where there
  /// is no home.
  static std::filesystem::path DefaultPath();

  /// An empty path remembers for this session only.
  explicit HistoryFile(std::filesystem::path path) : path_(std::move(path)) {}

  /// Reads what is there; a file that is missing is none. Where it has grown to twice the limit the
  /// oldest are dropped.  Errors: kIo.
  Status Load();
  /// Adds a statement and returns whether it is kept: not what begins with a blank, and not the
  /// one before once more.
  bool Add(const std::string& statement);

  const std::vector<std::string>& statements() const { return statements_; }

  static constexpr std::size_t kMost = 2000;                       ///< statements
  static constexpr std::size_t kMostBytes = std::size_t{8} << 20;  ///< of the file
  static constexpr std::size_t kLongest = 64 << 10;                ///< bytes of one

 private:
  std::filesystem::path path_;
  std::vector<std::string> statements_;
};

}  // namespace dlv::cli
