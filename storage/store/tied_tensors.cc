#include "storage/store/tied_tensors.h"

#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "storage/interchange/recipe.h"
#include "storage/store/stored_file.h"

namespace dlv::store {
namespace {

using interchange::Instruction;

void CollectTensors(const std::vector<Instruction>& list, std::set<std::uint32_t>& named) {
  for (const Instruction& instruction : list) {
    if (const auto* part = std::get_if<interchange::TensorPart>(&instruction.body)) {
      named.insert(part->tensor);
    } else if (const auto* deflate = std::get_if<interchange::Deflate>(&instruction.body)) {
      CollectTensors(deflate->inner, named);
    } else if (const auto* inner = std::get_if<interchange::Inner>(&instruction.body)) {
      CollectTensors(inner->inner, named);
    }
  }
}

/// Tensors of one file that have the same bytes and shape, in the order of the layout.
using Twins = std::vector<std::vector<std::size_t>>;

Twins FindTwins(const SnapshotContent& content, std::uint32_t file) {
  std::map<std::tuple<TensorId, DType, Shape>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < content.ids.size(); ++i) {
    const archive::LayoutTensor& tensor = content.layout.tensors[i];
    if (tensor.file == file) groups[{content.ids[i], tensor.dtype, tensor.shape}].push_back(i);
  }
  Twins twins;
  for (auto& [key, places] : groups) {
    if (places.size() > 1) twins.push_back(std::move(places));
  }
  return twins;
}

/// `places` hold the same bytes; those that the recipe does not write lie in one that it does.
/// Which of several cannot be told, and does not matter.
void Tie(const std::vector<std::size_t>& places, const std::set<std::size_t>& written,
         std::vector<std::size_t>& tied_to) {
  std::vector<std::size_t> together;  // one that is written, and all that are not
  bool has_owner = false;
  for (const std::size_t place : places) {
    const bool owns = written.contains(place);
    if (!owns || !has_owner) together.push_back(place);
    has_owner = has_owner || owns;
  }
  if (!has_owner) return;  // views of something else
  for (const std::size_t place : together) tied_to[place] = together.front();
}

}  // namespace

Result<std::set<std::size_t>> WrittenTensors(Store& store, const archive::ManifestFile& entry,
                                             const SnapshotContent& content, std::uint32_t file) {
  DLV_ASSIGN(const Assembly assembly, ReadAssembly(store.blobs(), entry.content));
  DLV_ASSIGN(const auto bytes, store.blobs().ReadAll(assembly.recipe, kMaxRecipeBytes));
  DLV_ASSIGN(const interchange::Recipe recipe, interchange::DecodeRecipe(bytes));
  std::set<std::uint32_t> named;
  CollectTensors(recipe.instructions, named);
  std::set<std::size_t> written;
  std::uint32_t place = 0;  // in the file's own list
  for (std::size_t i = 0; i < content.layout.tensors.size(); ++i) {
    if (content.layout.tensors[i].file != file) continue;
    if (named.contains(place++)) written.insert(i);
  }
  return written;
}

Result<std::vector<std::size_t>> FindTiedTensors(Store& store, const archive::Manifest& manifest,
                                                 const SnapshotContent& content) {
  std::vector<std::size_t> tied_to(content.ids.size());
  std::iota(tied_to.begin(), tied_to.end(), std::size_t{0});
  for (std::uint32_t file = 0; file < content.files.size(); ++file) {
    const archive::ManifestFile& entry = manifest.files[content.files[file]];
    if (entry.form != archive::FileForm::kRecipe) continue;
    const Twins twins = FindTwins(content, file);
    if (twins.empty()) continue;
    DLV_ASSIGN(const auto written, WrittenTensors(store, entry, content, file));
    for (const std::vector<std::size_t>& places : twins) Tie(places, written, tied_to);
  }
  return tied_to;
}

}  // namespace dlv::store
