#include "storage/store/tied_tensors.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "storage/interchange/file_format.h"
#include "storage/interchange/recipe.h"
#include "storage/store/file_skeleton.h"
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
  const auto& tensors = content.layout.tensors;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < content.ids.size(); ++i) {
    if (tensors[i].file == file) places.push_back(i);
  }
  const auto bytes_of = [&](std::size_t place) {
    return std::tie(content.ids[place], tensors[place].dtype, tensors[place].shape);
  };
  std::stable_sort(places.begin(), places.end(),
                   [&](std::size_t a, std::size_t b) { return bytes_of(a) < bytes_of(b); });
  Twins twins;
  for (auto begin = places.begin(); begin != places.end();) {
    const auto end = std::find_if(begin, places.end(), [&](std::size_t place) {
      return bytes_of(place) != bytes_of(*begin);
    });
    if (end - begin > 1) twins.emplace_back(begin, end);
    begin = end;
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

/// Returns whether the name is one that dlv gives to storages of PyTorch's files.
bool MayBeUnnamed(const archive::LayoutTensor& tensor) {
  return tensor.role == TensorRole::kOther && tensor.shape.size() == 1 &&
         tensor.name.starts_with("storage.");
}

bool MayHaveUnnamed(const std::string& format) {
  return format.starts_with("pytorch-") || format == "torchscript";
}

/// Which elements of which tensor of the file these are. Axes of one element say nothing.
using Elements = std::tuple<std::size_t, std::uint64_t, Shape, std::vector<std::uint64_t>>;

Elements ElementsOf(const std::vector<interchange::DescribedTensor>& tensors, std::size_t index) {
  const interchange::DescribedTensor& tensor = tensors[index];
  std::vector<std::uint64_t> strides(tensor.shape.size());
  if (tensor.view) strides = tensor.view->strides;
  std::uint64_t stride = 1;
  for (std::size_t axis = strides.size(); axis-- > 0;) {
    if (!tensor.view) strides[axis] = stride;
    if (tensor.shape[axis] <= 1) strides[axis] = 0;
    stride *= static_cast<std::uint64_t>(tensor.shape[axis]);
  }
  if (!tensor.view) return {index, 0, tensor.shape, std::move(strides)};
  return {tensor.view->base, tensor.view->offset, tensor.shape, std::move(strides)};
}

/// Returns the tensors of a stored file as it describes them, `places` being those of the layout;
/// nothing where it cannot be read without decoding all of it.
Result<std::optional<std::vector<interchange::DescribedTensor>>> DescribeAgain(
    Store& store, const archive::ManifestFile& entry, const SnapshotContent& content,
    const std::vector<std::size_t>& places) {
  using Described = std::optional<std::vector<interchange::DescribedTensor>>;
  std::vector<TensorId> ids;
  for (const std::size_t place : places) ids.push_back(content.ids[place]);
  auto file = OpenSkeleton({store.tensors(), store.blobs()}, entry, std::move(ids), 1);
  if (!file.ok() && file.error().code != ErrorCode::kUnsupported) return std::move(file).error();
  if (!file.ok()) return Described();
  interchange::DescribeOptions options;
  options.format = entry.format;
  options.has_values = false;
  DLV_ASSIGN(interchange::FileDescription said,
             interchange::DescribeFile(**file, entry.path, options));
  const auto same = [&](const interchange::DescribedTensor& tensor, std::size_t place) {
    return tensor.name == content.layout.tensors[place].name &&
           tensor.shape == content.layout.tensors[place].shape;
  };
  if (!std::equal(said.tensors.begin(), said.tensors.end(), places.begin(), places.end(), same)) {
    return Described();
  }
  for (interchange::DescribedTensor& tensor : said.tensors) tensor.source = nullptr;
  return Described(std::move(said.tensors));
}

/// Finds the ties of a file in which tensors may be views of a storage without a name.
Status TieViews(Store& store, const archive::ManifestFile& entry, const SnapshotContent& content,
                const std::vector<std::size_t>& places, TensorTies& ties) {
  std::optional<std::vector<interchange::DescribedTensor>> tensors;
  if (entry.form == archive::FileForm::kRecipe) {
    DLV_ASSIGN(tensors, DescribeAgain(store, entry, content, places));
  }
  std::map<Elements, std::size_t> owners;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const archive::LayoutTensor& tensor = content.layout.tensors[places[i]];
    if (tensors ? (*tensors)[i].unnamed : MayBeUnnamed(tensor)) {
      ties.unnamed.insert(places[i]);
      if (!tensors) {
        ties.warnings.push_back(entry.path + ": " + tensor.name +
                                " is left out: it looks like a storage without a name of its own");
      }
    } else if (tensors) {
      ties.tied_to[places[i]] = owners.emplace(ElementsOf(*tensors, i), places[i]).first->second;
    }
  }
  return Ok();
}

std::vector<std::size_t> PlacesOfFile(const SnapshotContent& content, std::uint32_t file) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < content.layout.tensors.size(); ++i) {
    if (content.layout.tensors[i].file == file) places.push_back(i);
  }
  return places;
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

Result<TensorTies> FindTies(Store& store, const archive::Manifest& manifest,
                            const SnapshotContent& content) {
  TensorTies ties;
  ties.tied_to.resize(content.ids.size());
  std::iota(ties.tied_to.begin(), ties.tied_to.end(), std::size_t{0});
  for (std::uint32_t file = 0; file < content.files.size(); ++file) {
    const archive::ManifestFile& entry = manifest.files[content.files[file]];
    const std::vector<std::size_t> places = PlacesOfFile(content, file);
    if (MayHaveUnnamed(entry.format) &&
        std::any_of(places.begin(), places.end(), [&](std::size_t place) {
          return MayBeUnnamed(content.layout.tensors[place]);
        })) {
      DLV_TRY(TieViews(store, entry, content, places, ties));
      continue;
    }
    if (entry.form != archive::FileForm::kRecipe) continue;
    const Twins twins = FindTwins(content, file);
    if (twins.empty()) continue;
    DLV_ASSIGN(const auto written, WrittenTensors(store, entry, content, file));
    for (const std::vector<std::size_t>& alike : twins) Tie(alike, written, ties.tied_to);
  }
  return ties;
}

}  // namespace dlv::store
