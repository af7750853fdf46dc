#include "cli/input_files.h"

#include <glob.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <system_error>

#include "cli/step_names.h"
#include "cli/suggest.h"

namespace dlv::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 200'000;

bool IsSkippedFolder(const std::string& name) {
  static constexpr std::array<std::string_view, 6> kNames = {
      ".dlv", ".git", ".hg", ".svn", "__pycache__", ".ipynb_checkpoints"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool HasWildcard(const std::string& text) { return text.find_first_of("*?[") != std::string::npos; }

Error NoSuchFile(const std::string& path) {
  std::error_code no_link;
  if (const fs::path target = fs::read_symlink(path, no_link); !no_link) {
    return {ErrorCode::kNotFound,
            path + ": is a link to " + target.string() + ", which does not exist"};
  }
  std::vector<std::string> siblings;
  const fs::path folder =
      fs::path(path).has_parent_path() ? fs::path(path).parent_path() : fs::path(".");
  std::error_code ignored;
  for (fs::directory_iterator it(folder, ignored), end;
       !ignored && it != end && siblings.size() < 1000; it.increment(ignored)) {
    siblings.push_back(it->path().filename().string());
  }
  const std::vector<std::string> nearest = Nearest(fs::path(path).filename().string(), siblings);
  return {ErrorCode::kNotFound, "no such file: " + path, DidYouMean(nearest)};
}

// Names the first of what a folder holds besides plain files.
void WarnOf(const fs::path& folder, const std::string& what, const std::vector<std::string>& names,
            InputFiles& inputs) {
  constexpr std::size_t kShown = 3;
  if (names.empty()) return;
  std::string text = folder.string() + ": " + what + ": ";
  for (std::size_t i = 0; i < std::min(kShown, names.size()); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() > kShown) text += " and " + std::to_string(names.size() - kShown) + " more";
  inputs.warnings.push_back(std::move(text));
}

// Whether the file behind a link lies outside the folder.
bool LeadsOut(const fs::path& link, const fs::path& folder) {
  std::error_code error;
  const fs::path file = fs::canonical(link, error);
  if (error) return true;
  const fs::path root = fs::canonical(folder, error);
  return error ||
         std::mismatch(root.begin(), root.end(), file.begin(), file.end()).first != root.end();
}

// Whether the path lies in the .dlv folder of a repository.
bool IsInRepositoryFolder(const fs::path& path) {
  fs::path folder = fs::absolute(path).lexically_normal();
  for (; folder.has_relative_path(); folder = folder.parent_path()) {
    std::error_code error;
    if (folder.filename() == ".dlv" && fs::exists(folder / "format", error)) return true;
  }
  return false;
}

// Adds the regular files below `folder`, sorted, with names relative to it.
Status AddFolder(const fs::path& folder, std::optional<std::int64_t> step, const fs::path& prefix,
                 InputFiles& inputs) {
  std::error_code error;
  std::vector<fs::path> found;
  std::vector<std::string> left_out, leading_out;
  fs::recursive_directory_iterator it(folder, error);
  for (const fs::recursive_directory_iterator end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_directory(ignored) && IsSkippedFolder(it->path().filename().string())) {
      it.disable_recursion_pending();
    } else if (it->is_regular_file(ignored)) {
      found.push_back(it->path());
      if (it->is_symlink(ignored) && LeadsOut(it->path(), folder)) {
        leading_out.push_back(it->path().lexically_relative(folder).string() + " -> " +
                              fs::read_symlink(it->path(), ignored).string());
      }
      if (found.size() > kMostFiles) {
        return Error{ErrorCode::kInvalidArgument,
                     folder.string() + ": more than 200000 files below it",
                     "name the folders with the checkpoints"};
      }
    } else if (it->is_symlink(ignored) || !it->is_directory(ignored)) {
      left_out.push_back(it->path().lexically_relative(folder).string());
    }
  }
  if (error) return Error{ErrorCode::kIo, folder.string() + ": " + error.message()};
  std::sort(left_out.begin(), left_out.end());
  std::sort(leading_out.begin(), leading_out.end());
  WarnOf(folder, "left out, no files or links to folders", left_out, inputs);
  WarnOf(folder, "taken along, though the links lead out of the folder", leading_out, inputs);
  std::sort(found.begin(), found.end());
  for (const fs::path& path : found) {
    inputs.files.push_back(
        {path, (prefix / path.lexically_relative(folder)).generic_string(), step});
  }
  return Ok();
}

// Adds one path as given: a file by its name, a folder with all in it.
Status AddPath(const std::string& path, std::optional<std::int64_t> step, const std::string& name,
               InputFiles& inputs) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    if (!error || error == std::errc::no_such_file_or_directory) return NoSuchFile(path);
    return Error{ErrorCode::kIo, path + ": " + error.message()};
  }
  if (IsInRepositoryFolder(path)) {
    return Error{ErrorCode::kInvalidArgument, path + ": lies in the .dlv folder of a repository",
                 "to keep a copy of a repository use: dlv export --all"};
  }
  if (fs::is_directory(status)) return AddFolder(fs::path(path), step, name, inputs);
  if (!fs::is_regular_file(status)) {
    return Error{ErrorCode::kInvalidArgument, path + ": is not a regular file"};
  }
  const std::string own_name = fs::path(path).filename().string();
  inputs.files.push_back({fs::path(path), name.empty() ? own_name : name, step});
  return Ok();
}

Result<std::vector<std::string>> ExpandGlob(const std::string& pattern) {
  glob_t matches{};
  const int status = glob(pattern.c_str(), 0, nullptr, &matches);
  std::vector<std::string> paths;
  for (std::size_t i = 0; status == 0 && i < matches.gl_pathc; ++i)
    paths.emplace_back(matches.gl_pathv[i]);
  globfree(&matches);
  if (!paths.empty()) return paths;
  return Error{ErrorCode::kNotFound, "--snapshots \"" + pattern + "\": no file matches"};
}

// The folder in front of the first wildcard: "runs/a/step_*.pt" gives "runs/a/".
std::string FixedFolder(const std::string& pattern) {
  const std::size_t wildcard = std::min(pattern.find_first_of("*?["), pattern.size());
  const std::size_t slash = pattern.rfind('/', wildcard == 0 ? 0 : wildcard - 1);
  return slash == std::string::npos || slash >= wildcard ? "" : pattern.substr(0, slash + 1);
}

Status AddSeries(const std::vector<std::string>& matches, const std::string& folder,
                 InputFiles& inputs) {
  std::vector<std::string> names;
  for (const std::string& match : matches) names.push_back(match.substr(folder.size()));
  DLV_ASSIGN(const std::vector<std::int64_t> steps, StepsFromNames(names));
  for (std::size_t i = 0; i < matches.size(); ++i) {
    DLV_TRY(AddPath(matches[i], steps[i], names[i], inputs));
    inputs.steps.emplace_back(steps[i], names[i]);
  }
  return Ok();
}

// An unquoted glob arrives as its first match with the others among the paths: takes those that are
// named alike.
std::vector<std::string> TakeExpandedGlob(const std::string& first,
                                          std::vector<std::string>& paths) {
  std::vector<std::string> series{first};
  const std::string pattern = NamePattern(first);
  std::erase_if(paths, [&](const std::string& path) {
    if (NamePattern(path) != pattern) return false;
    series.push_back(path);
    return true;
  });
  return series;
}

// Gives every file the name relative to the folder that holds all of them.
void NameFromCommonFolder(std::vector<FileInput>& files) {
  fs::path common;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const fs::path folder = fs::absolute(files[i].source).lexically_normal().parent_path();
    if (i == 0) common = folder;
    while (!folder.empty() &&
           std::mismatch(common.begin(), common.end(), folder.begin(), folder.end()).first !=
               common.end()) {
      common = common.parent_path();
    }
  }
  for (FileInput& file : files) {
    file.path =
        fs::absolute(file.source).lexically_normal().lexically_relative(common).generic_string();
  }
}

std::optional<std::string> FirstDuplicate(const std::vector<FileInput>& files) {
  std::set<std::string_view> seen;
  for (const FileInput& file : files) {
    if (!seen.insert(file.path).second) return file.path;
  }
  return std::nullopt;
}

// A file given twice (by name and by its folder) is one file; a step that was said is kept.
void RemoveRepeatedSources(std::vector<FileInput>& files) {
  std::map<std::string, std::size_t> first;
  std::vector<FileInput> kept;
  for (FileInput& file : files) {
    const auto [at, added] =
        first.emplace(fs::absolute(file.source).lexically_normal().string(), kept.size());
    if (added) {
      kept.push_back(std::move(file));
      continue;
    }
    const bool as_blob = file.as_blob || kept[at->second].as_blob;
    const std::string format = file.format.empty() ? kept[at->second].format : file.format;
    if (file.step) kept[at->second] = std::move(file);
    kept[at->second].as_blob = as_blob;
    kept[at->second].format = format;
  }
  files = std::move(kept);
}

Status AddFormatted(const std::string& pair, InputFiles& inputs) {
  const std::size_t equals = pair.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == pair.size()) {
    return Error{ErrorCode::kInvalidArgument, "--as: got \"" + pair + "\", want FORMAT=FILE",
                 "for instance: --as llama2c=model.bin"};
  }
  const std::size_t before = inputs.files.size();
  DLV_TRY(AddPath(pair.substr(equals + 1), std::nullopt, "", inputs));
  for (std::size_t i = before; i < inputs.files.size(); ++i) {
    inputs.files[i].format = pair.substr(0, equals);
  }
  return Ok();
}

}  // namespace

Result<InputFiles> FindInputFiles(const std::vector<std::string>& paths,
                                  const std::vector<std::string>& series,
                                  const std::vector<std::string>& unread,
                                  const std::vector<std::string>& formatted) {
  InputFiles inputs;
  std::vector<std::string> plain = paths;
  for (const std::string& pattern : series) {
    if (HasWildcard(pattern)) {
      DLV_ASSIGN(const std::vector<std::string> matches, ExpandGlob(pattern));
      DLV_TRY(AddSeries(matches, FixedFolder(pattern), inputs));
    } else {
      const std::vector<std::string> matches = TakeExpandedGlob(pattern, plain);
      // Names must not repeat: the folder is left off only where it is the same for all.
      std::string folder = fs::path(pattern).parent_path().string();
      if (!folder.empty()) folder += '/';
      const bool shared =
          std::all_of(matches.begin(), matches.end(),
                      [&](const std::string& match) { return match.starts_with(folder); });
      DLV_TRY(AddSeries(matches, shared ? folder : "", inputs));
    }
  }
  for (const std::string& path : plain) DLV_TRY(AddPath(path, std::nullopt, "", inputs));
  const std::size_t read = inputs.files.size();
  for (const std::string& path : unread) DLV_TRY(AddPath(path, std::nullopt, "", inputs));
  for (std::size_t i = read; i < inputs.files.size(); ++i) inputs.files[i].as_blob = true;
  for (const std::string& pair : formatted) DLV_TRY(AddFormatted(pair, inputs));
  RemoveRepeatedSources(inputs.files);
  if (FirstDuplicate(inputs.files)) NameFromCommonFolder(inputs.files);
  std::stable_sort(inputs.files.begin(), inputs.files.end(),
                   [](const FileInput& a, const FileInput& b) {
                     return a.step != b.step ? a.step < b.step : a.path < b.path;
                   });
  std::stable_sort(inputs.steps.begin(), inputs.steps.end());
  return inputs;
}

Error ExplainRefusal(Error error) {
  // What the library says to programmers is said here to people.
  const bool for_programmers = error.hint.find("as_blob") != std::string::npos;
  if (for_programmers) error.hint.clear();
  if (error.code != ErrorCode::kUnsafe && !for_programmers) return error;
  error.hint += std::string(error.hint.empty() ? "" : "\n") +
                "--as-file FILE keeps such a file unread, byte for byte";
  return error;
}

}  // namespace dlv::cli
