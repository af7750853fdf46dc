#pragma once
/// \file
/// Taking everything out of a repository into files that need no dlv, and bringing it back; and
/// bringing in what other tools keep.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dlv {

/// A folder that explains itself (README.md in it): the original files byte for byte, safetensors
/// for tensors that came from no file, metrics as CSV, everything else as JSON.
struct ExportOptions {
  std::filesystem::path output;  ///< made if missing; files that are there and differ are an error
};

struct ExportResult {
  std::uint64_t models = 0, versions = 0, files = 0;
  std::uint64_t bytes = 0;    ///< of all files
  std::uint64_t written = 0;  ///< files that were not there already
  std::vector<std::string> warnings;
};

/// What a folder to import is.
enum class ImportKind : std::uint8_t {
  kDetect,       ///< find out
  kExport,       ///< what ExportAll has written, here or elsewhere: ids come out the same
  kHuggingFace,  ///< a cache folder: models--OWNER--NAME/snapshots/REVISION
  kMlflow,       ///< a tracking folder: mlruns/EXPERIMENT/RUN
  kDvc,          ///< a work tree with .dvc files and its cache
};
/// Returns "export", "hf-cache", "mlflow", "dvc".
std::string_view NameOf(ImportKind kind);

struct ImportOptions {
  std::filesystem::path source;
  ImportKind kind = ImportKind::kDetect;
  bool dry_run = false;  ///< only say what would be imported
};

/// One thing found in the folder.
struct ImportItem {
  std::string source;  ///< where in the folder
  std::string
      reference;  ///< the version that it is, or would be: "lenet:v2"; a model, in a dry run
  enum class State : std::uint8_t {
    kImported,  ///< made now (dry run: would be made)
    kThere,     ///< was there already
    kSkipped,   ///< `note` says why
  } state = State::kImported;
  std::string note;
  std::uint64_t bytes = 0;
};

struct ImportResult {
  ImportKind kind = ImportKind::kExport;
  std::vector<ImportItem> items;
  std::uint64_t imported = 0, there = 0, skipped = 0;
  std::vector<std::string> warnings;
};

}  // namespace dlv
