#include <algorithm>

#include "storage/store/store.h"

namespace dlv::store {
namespace {

struct Candidate {
  std::string pack;
  std::uint64_t offset = 0;
  std::uint32_t entry = 0;
};

Result<std::vector<Candidate>> FindCandidates(Store& store, std::uint64_t prefix,
                                              catalog::ObjectKind kind) {
  return store.Read([&](const catalog::Catalog& catalog) -> Result<std::vector<Candidate>> {
    std::vector<Candidate> found;
    DLV_ASSIGN(const auto places, catalog.FindObjects(prefix));
    for (const catalog::ObjectPlace& place : places) {
      if (place.kind != kind) continue;
      DLV_ASSIGN(const auto section, catalog.GetSection(place.section));
      if (!section) return Error{ErrorCode::kCorruption, "catalog: an object without its section"};
      DLV_ASSIGN(const auto pack, catalog.GetPack(section->pack));
      if (!pack) return Error{ErrorCode::kCorruption, "catalog: a section without its pack"};
      found.push_back({pack->name, section->offset, place.entry});
    }
    return found;
  });
}

using Ordered = std::vector<std::pair<std::uint32_t, archive::ObjectPlace>>;  // by part

/// Calls `match(directory, entry)` for every object that may be the one; it returns the part of it
/// that the entry is, or nothing. A pack that is not there is looked for once more: it may have
/// been merged into another meanwhile.
template <class Match>
Result<Ordered> Collect(Store& store, std::uint64_t prefix, catalog::ObjectKind kind,
                        Match&& match) {
  Error missing;
  for (int attempt = 0; attempt < 2; ++attempt) {
    DLV_ASSIGN(const auto candidates, FindCandidates(store, prefix, kind));
    Ordered places;
    bool moved = false;
    for (const Candidate& candidate : candidates) {
      auto section = store.OpenSection(candidate.pack, candidate.offset);
      if (!section.ok() && section.error().code == ErrorCode::kNotFound) {
        missing = {ErrorCode::kCorruption, "packs/" + candidate.pack + " is missing",
                   "see which versions need it with: dlv fsck"};
        moved = true;
        break;
      }
      if (!section.ok()) return std::move(section).error();
      const archive::DirectoryReader& directory = (*section)->directory();
      if (candidate.entry >= directory.entry_count()) {
        return Error{ErrorCode::kCorruption,
                     (*section)->Name() + ": has no entry " + std::to_string(candidate.entry)};
      }
      DLV_ASSIGN(const std::optional<std::uint32_t> part, match(directory, candidate.entry));
      if (part) places.emplace_back(*part, archive::ObjectPlace{*section, candidate.entry});
    }
    if (moved) continue;
    std::sort(places.begin(), places.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return places;
  }
  return missing;
}

using Part = Result<std::optional<std::uint32_t>>;

}  // namespace

Result<std::vector<archive::ObjectPlace>> CatalogLocator::FindTensor(const TensorId& id) {
  DLV_ASSIGN(auto places,
             Collect(store_, catalog::IdPrefix(id), catalog::ObjectKind::kTensor,
                     [&](const archive::DirectoryReader& directory, std::uint32_t entry) -> Part {
                       DLV_ASSIGN(const auto tensor, directory.Tensor(entry));
                       if (tensor.id != id) return std::optional<std::uint32_t>();
                       return std::optional<std::uint32_t>(tensor.is_part ? tensor.part : 0);
                     }));
  if (places.empty()) {
    return Error{ErrorCode::kNotFound, "tensor " + id.Hex(16) + " is not in the repository"};
  }
  std::vector<archive::ObjectPlace> sorted;
  for (auto& [part, place] : places) sorted.push_back(std::move(place));
  return sorted;
}

std::optional<archive::TensorSlice> CatalogLocator::FindSlice(const TensorId& id) {
  return store_.small_tensors().Find(id);
}

Result<archive::ObjectPlace> CatalogLocator::FindBlob(const BlobId& id) {
  DLV_ASSIGN(auto places,
             Collect(store_, catalog::IdPrefix(id), catalog::ObjectKind::kBlob,
                     [&](const archive::DirectoryReader& directory, std::uint32_t entry) -> Part {
                       DLV_ASSIGN(const auto blob, directory.Blob(entry));
                       if (blob.id != id) return std::optional<std::uint32_t>();
                       return std::optional<std::uint32_t>(0);
                     }));
  if (places.empty()) {
    return Error{ErrorCode::kNotFound, "blob " + id.Hex(16) + " is not in the repository"};
  }
  return std::move(places.front().second);
}

}  // namespace dlv::store
