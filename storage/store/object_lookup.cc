#include "storage/store/object_lookup.h"

namespace dlv::store {
namespace {

/// Returns the entry's part number where the entry is the object, else nothing.
std::optional<std::uint32_t> PartOf(const archive::DirectoryReader& directory, std::uint32_t entry,
                                    const TensorId& id) {
  if (directory.Find(id) != entry) return std::nullopt;
  const auto tensor = directory.Tensor(entry);
  return tensor.ok() && tensor->is_part ? tensor->part : 0;
}

std::optional<std::uint32_t> PartOf(const archive::DirectoryReader& directory, std::uint32_t entry,
                                    const BlobId& id) {
  if (directory.Find(id) != entry) return std::nullopt;
  return 0;
}

template <class Id>
Result<std::optional<catalog::ObjectNumber>> Find(Store& store, const Id& id,
                                                  catalog::ObjectKind kind) {
  DLV_ASSIGN(const auto places, store.Read([&](const catalog::Catalog& catalog) {
    return catalog.FindObjects(catalog::IdPrefix(id));
  }));
  for (const catalog::ObjectPlace& place : places) {
    if (place.kind != kind) continue;
    auto section = store.OpenSection(place.section);
    if (!section.ok()) {
      // The section may have gone since: then the object is not there either.
      if (section.error().code == ErrorCode::kNotFound) continue;
      return std::move(section).error();
    }
    if (PartOf((*section)->directory(), place.entry, id) == 0U) return std::optional(place.number);
  }
  return std::optional<catalog::ObjectNumber>();
}

}  // namespace

Result<std::optional<catalog::ObjectNumber>> FindNumber(Store& store, const TensorId& id) {
  return Find(store, id, catalog::ObjectKind::kTensor);
}

Result<std::optional<catalog::ObjectNumber>> FindNumber(Store& store, const BlobId& id) {
  return Find(store, id, catalog::ObjectKind::kBlob);
}

}  // namespace dlv::store
