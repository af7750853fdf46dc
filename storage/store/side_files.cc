#include "storage/store/side_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <set>

#include "storage/io/byte_source.h"

namespace dlv::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFolders = 64;
constexpr std::size_t kMaxFiles = 256;
constexpr std::size_t kMaxNames = 10'000;  // of a folder
constexpr std::array<std::string_view, 7> kSubfolders = {
    ".hydra", "tensorboard", "tb", "tb_logs", "logs", "runs", "events"};
constexpr std::array<std::string_view, 6> kCheckpointFolders = {
    "checkpoints", "checkpoint", "ckpts", "ckpt", "weights", "snapshots"};

struct SideFile {
  int kind = 0;
  std::string path;    // as told
  std::string source;  // on the disk
  bool committed = false;
};

template <std::size_t N>
bool IsOneOf(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string NormalOf(const fs::path& path) {
  const std::string text = path.lexically_normal().generic_string();
  return text.empty() ? "." : text;
}

class Finder {
 public:
  Finder(io::FileSystem& file_system, const std::vector<FileInput>& files)
      : file_system_(file_system), files_(files) {}

  std::vector<SideFile> Run() {
    for (const FileInput& file : files_) {
      const std::string told = ToldPath(file);
      seen_.insert(NormalOf(file.source));
      const int kind = interchange::SideReaderFor(told);
      if (kind >= 0 && !file.as_blob) Add({kind, told, file.source.string(), true});
    }
    for (const FileInput& file : files_) {
      const fs::path folder = file.source.parent_path();
      const fs::path told = fs::path(ToldPath(file)).parent_path();
      LookInto(folder, told);
      const fs::path absolute = fs::absolute(folder.empty() ? "." : folder).lexically_normal();
      const fs::path name =
          absolute.has_filename() ? absolute.filename() : absolute.parent_path().filename();
      if (IsOneOf(kCheckpointFolders, name.string())) LookInto(folder / "..", told / "..");
    }
    std::sort(found_.begin(), found_.end(), [](const SideFile& a, const SideFile& b) {
      return a.kind != b.kind ? a.kind < b.kind : a.path < b.path;
    });
    return std::move(found_);
  }

 private:
  static std::string ToldPath(const FileInput& file) {
    return file.path.empty() ? file.source.filename().string() : file.path;
  }

  void Add(SideFile file) {
    if (found_.size() < kMaxFiles) found_.push_back(std::move(file));
  }

  // A folder and its sub-folders of known names; of those with one sub-folder also that.
  void LookInto(const fs::path& folder, const fs::path& told) {
    if (!Look(folder, told)) return;
    for (const std::string_view name : kSubfolders) {
      const fs::path inner = folder / name;
      if (!IsFolder(inner) || !Look(inner, told / name)) continue;
      if (name == ".hydra") continue;
      const auto names = file_system_.List(inner.string());
      std::vector<std::string> folders;
      for (std::size_t i = 0; names.ok() && i < names->size() && i < kMaxNames; ++i) {
        if (folders.size() < 2 && IsFolder(inner / (*names)[i])) folders.push_back((*names)[i]);
      }
      // Several are several runs, and whose this checkpoint is cannot be known.
      if (folders.size() == 1) Look(inner / folders[0], told / name / folders[0]);
    }
  }

  bool IsFolder(const fs::path& path) {
    const auto stat = file_system_.Stat(path.string());
    return stat.ok() && stat->is_directory && !stat->is_link;
  }

  // Returns whether the folder had not been looked at before.
  bool Look(const fs::path& folder, const fs::path& told) {
    if (folders_.size() >= kMaxFolders || !folders_.insert(NormalOf(folder)).second) return false;
    const auto names = file_system_.List(folder.empty() ? "." : folder.string());
    if (!names.ok()) return true;
    for (std::size_t i = 0; i < names->size() && i < kMaxNames; ++i) {
      const fs::path source = folder / (*names)[i];
      const std::string path = (told / (*names)[i]).lexically_normal().generic_string();
      const int kind = interchange::SideReaderFor(path);
      if (kind < 0 || !seen_.insert(NormalOf(source)).second) continue;
      Add({kind, path, source.string(), false});
    }
    return true;
  }

  io::FileSystem& file_system_;
  const std::vector<FileInput>& files_;
  std::vector<SideFile> found_;
  std::set<std::string> seen_;  // files
  std::set<std::string> folders_;
};

// Nothing for what is no regular file.
Result<std::optional<interchange::SideInformation>> Read(io::FileSystem& file_system,
                                                         const SideFile& file) {
  const std::optional<interchange::SideInformation> none;
  // Where a committed file is a link, the commit follows it, too; what only lies beside is no link.
  DLV_ASSIGN(const io::FileStat before, file_system.Stat(file.source));
  if (!file.committed && (!before.is_regular || before.is_link)) return none;
  DLV_ASSIGN(const auto opened, file_system.OpenForReading(file.source));
  DLV_ASSIGN(const io::FileStat stat, opened->Stat());
  if (!stat.is_regular) return none;
  const auto source = io::MakeFileSource(*opened, 0, stat.size_bytes);
  return std::optional(interchange::ReadSideFile(file.kind, *source, file.path));
}

}  // namespace

std::vector<RankedSide> ReadSideFiles(io::FileSystem& file_system,
                                      const std::vector<FileInput>& files) {
  std::vector<RankedSide> all;
  for (const SideFile& file : Finder(file_system, files).Run()) {
    auto found = Read(file_system, file);
    if (found.ok() && !*found) continue;
    const bool joins = interchange::SideReaders()[static_cast<std::size_t>(file.kind)].joins;
    RankedSide ranked{file.kind, joins, {}};
    if (found.ok()) {
      ranked.found = std::move(**found);
    } else {
      ranked.found.warnings.push_back(file.path + ": " + found.error().message);
    }
    ranked.found.source = file.path;
    all.push_back(std::move(ranked));
  }
  return all;
}

}  // namespace dlv::store
