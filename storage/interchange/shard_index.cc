#include "storage/interchange/shard_index.h"

#include <algorithm>
#include <set>

#include "storage/interchange/json_scanner.h"
#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kMaxIndexBytes = 256u << 20;
constexpr unsigned kMaxIndexDepth = 8;
constexpr std::size_t kMaxIndexedTensors = 1'000'000;

Status CheckFileName(const JsonScanner& json, const std::string& name) {
  const bool plain = IsCleanText(name) && !name.empty() && name.size() <= 255 && name != "." &&
                     name != ".." && name.find_first_of("/\\:") == std::string::npos;
  if (plain) return Ok();
  Error error = json.Bad("file name '" + Printable(name) + "' is not a plain name");
  error.code = ErrorCode::kUnsafe;
  return error;
}

Status ReadWeightMap(JsonScanner& json, ShardIndex& index) {
  DLV_TRY(json.Expect('{'));
  for (bool more = !json.Accept('}'); more;) {
    DLV_ASSIGN(std::string tensor, json.String());
    DLV_TRY(json.Expect(':'));
    DLV_ASSIGN(std::string file, json.String());
    DLV_TRY(CheckFileName(json, file));
    if (index.weight_map.size() == kMaxIndexedTensors)
      return json.Bad("more than a million tensors");
    const auto [place, is_new] = index.weight_map.emplace(std::move(tensor), std::move(file));
    if (!is_new) return json.Bad("tensor '" + Printable(place->first) + "' stands twice");
    DLV_ASSIGN(more, json.More('}'));
  }
  return Ok();
}

Status ReadMetadata(JsonScanner& json, ShardIndex& index) {
  if (json.Peek() != '{') return json.Skip(kMaxIndexDepth);
  DLV_TRY(json.Expect('{'));
  for (bool more = !json.Accept('}'); more;) {
    DLV_ASSIGN(const std::string key, json.String());
    DLV_TRY(json.Expect(':'));
    // Some writers give the size as text or as a fraction; it is only a check.
    const JsonScanner before = json;
    Result<std::uint64_t> size = json.Unsigned();
    if (key == "total_size" && size.ok()) {
      index.total_size = *size;
    } else {
      json = before;
      DLV_TRY(json.Skip(kMaxIndexDepth));
    }
    DLV_ASSIGN(more, json.More('}'));
  }
  return Ok();
}

}  // namespace

bool IsShardIndexName(std::string_view name) {
  return name.ends_with(".safetensors.index.json") || name.ends_with(".bin.index.json");
}

Result<ShardIndex> ReadShardIndex(const io::ByteSource& file) {
  DLV_ASSIGN(const std::vector<std::byte> bytes, ReadAll(file, kMaxIndexBytes, "shard index"));
  JsonScanner json(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
                   "shard index");
  ShardIndex index;
  bool seen = false;
  DLV_TRY(json.Expect('{'));
  for (bool more = !json.Accept('}'); more;) {
    DLV_ASSIGN(const std::string key, json.String());
    DLV_TRY(json.Expect(':'));
    if (key == "weight_map") {
      if (seen) return json.Bad("weight_map stands twice");
      seen = true;
      DLV_TRY(ReadWeightMap(json, index));
    } else if (key == "metadata") {
      DLV_TRY(ReadMetadata(json, index));
    } else {
      DLV_TRY(json.Skip(kMaxIndexDepth));
    }
    DLV_ASSIGN(more, json.More('}'));
  }
  DLV_TRY(json.ExpectEnd());
  if (!seen) return json.Bad("no weight_map");
  std::set<std::string> files;
  for (const auto& [tensor, name] : index.weight_map) files.insert(name);
  index.files.assign(files.begin(), files.end());
  return index;
}

Result<std::vector<std::string>> CheckShards(
    const ShardIndex& index, const std::map<std::string, std::vector<ShardTensor>>& shards) {
  std::map<std::string_view, std::string_view> holder;  // of each tensor
  std::vector<std::string> warnings;
  std::uint64_t total = 0;
  for (const std::string& name : index.files) {
    const auto shard = shards.find(name);
    if (shard == shards.end()) {
      return Error{ErrorCode::kNotFound, "shard " + Printable(name) + " of the index is missing"};
    }
    std::size_t unnamed = 0;
    for (const ShardTensor& tensor : shard->second) {
      total += tensor.size_bytes;
      const auto entry = index.weight_map.find(tensor.name);
      unnamed += entry == index.weight_map.end() ? 1 : 0;
      const bool here = entry != index.weight_map.end() && entry->second == name;
      if (here || !holder.contains(tensor.name)) holder[tensor.name] = name;
    }
    if (unnamed != 0) {
      warnings.push_back("shard " + Printable(name) + " holds " + std::to_string(unnamed) +
                         (unnamed == 1 ? " tensor" : " tensors") + " that the index does not name");
    }
  }
  for (const auto& [tensor, name] : index.weight_map) {
    const auto found = holder.find(tensor);
    if (found != holder.end() && found->second == name) continue;
    return Error{ErrorCode::kCorruption,
                 "the index puts tensor '" + Printable(tensor) + "' into " + Printable(name) +
                     (found == holder.end() ? std::string(", no shard holds it")
                                            : ", it is in " + Printable(found->second))};
  }
  if (index.total_size && *index.total_size != total) {
    warnings.push_back("the shards hold " + std::to_string(total) + " bytes, the index says " +
                       std::to_string(*index.total_size));
  }
  return warnings;
}

bool LooksLikeShardOf(std::string_view name, std::string_view index_name) {
  constexpr std::string_view kIndex = ".index.json";
  if (!index_name.ends_with(kIndex)) return false;
  const std::string_view whole = index_name.substr(0, index_name.size() - kIndex.size());
  const std::size_t dot = whole.rfind('.');
  if (dot == std::string_view::npos || name.size() <= whole.size() ||
      !name.starts_with(whole.substr(0, dot)) || !name.ends_with(whole.substr(dot))) {
    return false;
  }
  const std::string_view middle = name.substr(dot, name.size() - whole.size());
  return middle.starts_with('-') && middle.find("-of-") != std::string_view::npos &&
         middle.find_first_not_of("-of0123456789") == std::string_view::npos;
}

}  // namespace dlv::interchange
