#include "cli/watch_scan.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <set>

#include "cli/settings.h"
#include "cli/step_names.h"

namespace dlv::cli {
namespace {

namespace fs = std::filesystem;

bool IsDecimalDigit(char c) { return c >= '0' && c <= '9'; }

// Adds a file to a checkpoint; one that vanishes meanwhile is left for the next look.
void AddFile(const fs::path& path, const std::string& name, Checkpoint& checkpoint) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  const auto time = error ? fs::file_time_type() : fs::last_write_time(path, error);
  if (error) return;
  const auto since = fs::file_time_type::clock::to_sys(time).time_since_epoch();
  checkpoint.files.push_back({path, name, std::nullopt});
  checkpoint.stamp.size_bytes += size;
  checkpoint.stamp.modified_ns =
      std::max<std::int64_t>(checkpoint.stamp.modified_ns,
                             std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
  checkpoint.stamp.files += 1;
}

// "model-00002-of-00003.safetensors" -> {"model", 2, 3, ".safetensors"}.
struct Shard {
  std::string series;
  std::uint64_t number = 0, count = 0;
};

std::optional<Shard> ShardOf(const std::string& name) {
  const std::size_t of = name.rfind("-of-");
  if (of == std::string::npos) return std::nullopt;
  std::size_t begin = of, end = of + 4;
  while (begin > 0 && IsDecimalDigit(name[begin - 1])) --begin;
  while (end < name.size() && IsDecimalDigit(name[end])) ++end;
  const std::size_t digits = of - begin;
  if (digits == 0 || digits > 9 || end == of + 4 || end - of - 4 > 9 || begin == 0 ||
      name[begin - 1] != '-')
    return std::nullopt;
  return Shard{name.substr(0, begin - 1) + name.substr(end),
               std::stoull(name.substr(begin, digits)),
               std::stoull(name.substr(of + 4, end - of - 4))};
}

// Whether of every series of shards all are there.
bool HasAllShards(const std::vector<FileInput>& files) {
  std::map<std::string, std::pair<std::set<std::uint64_t>, std::uint64_t>> found;
  for (const FileInput& file : files) {
    if (const auto shard = ShardOf(file.path)) {
      auto& [numbers, count] = found[shard->series];
      numbers.insert(shard->number);
      count = std::max(count, shard->count);
    }
  }
  return std::all_of(found.begin(), found.end(), [](const auto& series) {
    return series.second.first.size() >= series.second.second;
  });
}

bool HasNumber(std::string_view name) {
  return std::any_of(name.begin(), name.end(), IsDecimalDigit);
}

std::optional<Checkpoint> FolderCheckpoint(const fs::path& folder, const std::string& name) {
  Checkpoint checkpoint;
  checkpoint.name = name;
  bool weights = false;
  std::error_code error;
  std::vector<fs::path> paths;
  fs::recursive_directory_iterator it(folder, error);
  for (const fs::recursive_directory_iterator end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_regular_file(ignored)) paths.push_back(it->path());
  }
  std::sort(paths.begin(), paths.end());
  for (const fs::path& path : paths) {
    const std::string own = path.filename().string();
    if (IsTemporaryName(own)) {
      checkpoint.whole = false;  // something is being written
      continue;
    }
    weights = weights || IsCheckpointName(own);
    AddFile(path, (fs::path(name) / path.lexically_relative(folder)).generic_string(), checkpoint);
  }
  if (!weights) return std::nullopt;
  return checkpoint;
}

// Names of one series get their steps together; those without a number have none.
void SetSteps(std::vector<Checkpoint>& checkpoints) {
  std::map<std::string, std::vector<std::size_t>> series;
  for (std::size_t i = 0; i < checkpoints.size(); ++i) {
    if (HasNumber(checkpoints[i].name)) series[NamePattern(checkpoints[i].name)].push_back(i);
  }
  for (const auto& [pattern, members] : series) {
    std::vector<std::string> names;
    for (const std::size_t i : members) names.push_back(checkpoints[i].name);
    const auto steps = StepsFromNames(names);
    for (std::size_t k = 0; steps.ok() && k < members.size(); ++k) {
      checkpoints[members[k]].step = (*steps)[k];
      for (FileInput& file : checkpoints[members[k]].files) file.step = (*steps)[k];
    }
  }
}

bool ComesBefore(const Checkpoint& a, const Checkpoint& b) {
  if (a.step.has_value() != b.step.has_value()) return a.step.has_value();
  if (a.step != b.step) return *a.step < *b.step;
  if (!a.step && a.stamp.modified_ns != b.stamp.modified_ns)
    return a.stamp.modified_ns < b.stamp.modified_ns;
  return a.name < b.name;
}

}  // namespace

bool IsTemporaryName(std::string_view name) {
  const std::string lower = LowerCase(name);
  if (lower.empty() || lower[0] == '.' || lower.back() == '~') return true;
  for (const std::string_view end : {".tmp", ".temp", ".part", ".partial", ".swp", ".lock",
                                     ".incomplete", ".crdownload", "_tmp", "-tmp"}) {
    if (lower.ends_with(end)) return true;
  }
  for (const std::string_view begin : {"tmp-", "tmp_", "tmp.", "temp-", "temp_"}) {
    if (lower.starts_with(begin)) return true;
  }
  return lower.find(".tmp.") != std::string::npos ||
         lower.find("checkpoint-tmp") != std::string::npos;
}

bool IsCheckpointName(std::string_view name) {
  static constexpr std::array<std::string_view, 14> kExtensions = {
      ".pt",   ".pth",        ".ckpt", ".bin", ".safetensors", ".npz", ".npy",
      ".onnx", ".caffemodel", ".gguf", ".jit", ".pkl",         ".ptl", ".pth.tar"};
  const std::string lower = LowerCase(name);
  return !IsTemporaryName(name) &&
         std::any_of(kExtensions.begin(), kExtensions.end(),
                     [&](std::string_view extension) { return lower.ends_with(extension); });
}

Result<std::vector<Checkpoint>> ScanCheckpoints(const fs::path& folder) {
  std::vector<Checkpoint> found;
  std::map<std::string, Checkpoint> shards;
  std::error_code error;
  fs::directory_iterator it(folder, error);
  for (const fs::directory_iterator end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    std::error_code ignored;
    if (IsTemporaryName(name)) continue;
    if (it->is_directory(ignored)) {
      if (!HasNumber(name)) continue;
      if (auto checkpoint = FolderCheckpoint(it->path(), name))
        found.push_back(std::move(*checkpoint));
    } else if (it->is_regular_file(ignored) && IsCheckpointName(name)) {
      const auto shard = ShardOf(name);
      Checkpoint single{shard ? shard->series : name, std::nullopt, {}, {}, true};
      AddFile(it->path(), name,
              shard ? shards.try_emplace(shard->series, single).first->second : single);
      if (!shard && !single.files.empty()) found.push_back(std::move(single));
    }
  }
  if (error) {
    const bool missing = error == std::errc::no_such_file_or_directory;
    return Error{missing ? ErrorCode::kNotFound : ErrorCode::kIo,
                 folder.string() + ": " + error.message()};
  }
  for (auto& [series, checkpoint] : shards) {
    std::sort(checkpoint.files.begin(), checkpoint.files.end(),
              [](const FileInput& a, const FileInput& b) { return a.path < b.path; });
    found.push_back(std::move(checkpoint));
  }
  for (Checkpoint& checkpoint : found)
    checkpoint.whole = checkpoint.whole && HasAllShards(checkpoint.files);
  SetSteps(found);
  std::sort(found.begin(), found.end(), ComesBefore);
  return found;
}

}  // namespace dlv::cli
