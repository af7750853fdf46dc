#include "storage/store/export_plan.h"

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
  }
  return shards;
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
