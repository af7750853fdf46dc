#include "storage/store/export_plan.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace dlv::store {
namespace {

std::uint64_t BytesOf(const TensorInfo& info) { return info.element_count() * SizeOf(info.dtype); }

std::string ShardName(const std::string& stem, std::size_t index, std::size_t count,
                      const std::string& suffix) {
  char numbers[64];
  std::snprintf(numbers, sizeof numbers, "-%05zu-of-%05zu", index, count);
  return stem + numbers + suffix;
}

}  // namespace

const char* SuffixOf(CheckoutFormat format) {
  switch (format) {
    case CheckoutFormat::kOriginal:
      return "";
    case CheckoutFormat::kSafetensors:
      return ".safetensors";
    case CheckoutFormat::kNpz:
      return ".npz";
    case CheckoutFormat::kPyTorch:
      return ".pt";
    case CheckoutFormat::kOnnx:
      return ".onnx";
  }
  return "";
}

TiedTensors TiedOrDefault(const CheckoutOptions& options) {
  if (options.tied != TiedTensors::kDefault) return options.tied;
  return options.format == CheckoutFormat::kPyTorch ? TiedTensors::kKeep : TiedTensors::kDuplicate;
}

void DropTied(PlannedFile& file) {
  std::vector<TensorInfo> kept;
  for (std::size_t i = 0; i < file.tensors.size(); ++i) {
    if (file.tied_to[i] == i) {
      kept.push_back(file.tensors[i]);
    } else {
      file.dropped.emplace_back(file.tensors[i].name, file.tensors[file.tied_to[i]].name);
    }
  }
  file.tensors = std::move(kept);
  file.tied_to.clear();
}

std::vector<PlannedFile> CutIntoShards(PlannedFile whole, std::uint64_t shard_bytes,
                                       const std::string& stem, const std::string& suffix) {
  std::vector<PlannedFile> shards(1);
  std::uint64_t filled = 0;
  for (TensorInfo& info : whole.tensors) {
    const std::uint64_t bytes = BytesOf(info);
    if (filled != 0 && (bytes > shard_bytes || filled > shard_bytes - bytes)) {
      shards.emplace_back();
      filled = 0;
    }
    filled += bytes;
    shards.back().tensors.push_back(std::move(info));
  }
  for (std::size_t i = 0; i < shards.size(); ++i) {
    shards[i].name =
        shards.size() == 1 ? stem + suffix : ShardName(stem, i + 1, shards.size(), suffix);
    shards[i].dropped = whole.dropped;
    shards[i].sources = whole.sources;
  }
  return shards;
}

std::map<std::string, std::vector<PlannedFile>> ShardSets(const std::vector<PlannedFile>& files) {
  constexpr std::string_view kSuffix = ".safetensors";
  constexpr std::string_view kNumbers = "-#####-of-#####";
  const auto fits = [&](std::string_view text) {
    return std::equal(
        text.begin(), text.end(), kNumbers.begin(), kNumbers.end(),
        [](char c, char want) { return want == '#' ? c >= '0' && c <= '9' : c == want; });
  };
  std::map<std::string, std::vector<PlannedFile>> sets;
  for (const PlannedFile& file : files) {
    if (!file.name.ends_with(kSuffix)) continue;
    const std::string path = file.name.substr(0, file.name.size() - kSuffix.size());
    if (path.size() <= kNumbers.size()) continue;
    const std::size_t stem = path.size() - kNumbers.size();
    if (!fits(std::string_view(path).substr(stem))) continue;
    PlannedFile shard = file;
    shard.name = file.name.substr(file.name.rfind('/') + 1);
    sets[path.substr(0, stem) + std::string(kSuffix) + ".index.json"].push_back(std::move(shard));
  }
  return sets;
}

std::string ShardIndexText(const std::vector<PlannedFile>& shards,
                           const std::vector<std::pair<std::string, std::string>>& metadata) {
  nlohmann::json map = nlohmann::json::object();
  std::uint64_t total = 0;
  for (const PlannedFile& shard : shards) {
    for (const TensorInfo& info : shard.tensors) {
      map[info.name] = shard.name;
      total += BytesOf(info);
    }
  }
  nlohmann::json index = {{"metadata", {{"total_size", total}}}, {"weight_map", std::move(map)}};
  for (const auto& [key, value] : metadata) {
    if (key != "format") index["metadata"][key] = value;
  }
  return index.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace dlv::store
