#include "storage/store/stored_forms.h"

#include <algorithm>
#include <map>

#include "storage/store/pack_switch.h"

namespace dlv::store {

struct StoredForms::Loader {
  using Places = std::vector<catalog::ObjectPlace>;

  Store& store;
  StoredForms& result;
  std::map<std::pair<catalog::Row, std::uint32_t>, std::uint32_t> cluster_numbers;
  std::map<std::uint32_t, std::vector<std::pair<std::uint32_t, catalog::ObjectPlace>>> parts;

  Status LoadSection(catalog::Row row, const Places& places) {
    DLV_ASSIGN(const auto section, store.OpenSection(row));
    for (const catalog::ObjectPlace& place : places)
      DLV_TRY(LoadTensor(section->directory(), place));
    return Ok();
  }

  Status LoadTensor(const archive::DirectoryReader& directory, const catalog::ObjectPlace& place) {
    DLV_ASSIGN(const archive::TensorEntry entry, directory.Tensor(place.entry));
    const auto [known, is_new] =
        result.by_id_.try_emplace(entry.id, static_cast<std::uint32_t>(result.forms_.size()));
    if (is_new) result.forms_.emplace_back();
    StoredForm& form = result.forms_[known->second];
    form.id = entry.id;
    form.dtype = entry.dtype;
    form.element_count = entry.element_count;
    form.depth = std::max<unsigned>(form.depth, entry.depth);
    if (entry.base) form.base = entry.base;
    if (entry.second_base) form.second_base = entry.second_base;
    for (const auto& chunk : entry.chunks) form.coded_bytes += chunk.place.coded_bytes;
    if (entry.clustered) DLV_TRY(LoadMember(directory, place, entry, known->second));
    if (entry.is_part) {
      parts[known->second].emplace_back(entry.part, place);
    } else {
      form.places = {place};
    }
    return Ok();
  }

  Status LoadMember(const archive::DirectoryReader& directory, const catalog::ObjectPlace& place,
                    const archive::TensorEntry& entry, std::uint32_t number) {
    DLV_ASSIGN(const archive::ClusterEntry cluster, directory.Cluster(entry.cluster));
    StoredForm& form = result.forms_[number];
    if (cluster.element_count != 0)
      form.coded_bytes += cluster.place.coded_bytes * entry.element_count / cluster.element_count;
    const auto [known, is_new] = cluster_numbers.try_emplace(
        {place.section, entry.cluster}, static_cast<std::uint32_t>(result.clusters_.size()));
    form.cluster = known->second;
    if (is_new) {
      StoredCluster fresh;
      fresh.depth = cluster.depth;
      fresh.coded_bytes = cluster.place.coded_bytes;
      if (cluster.uses_base) {
        DLV_ASSIGN(const auto members, directory.Members(entry.cluster));
        for (const archive::TensorEntry& member : members)
          for (const TensorId& base : member.Bases()) fresh.bases.push_back(base);
      }
      result.clusters_.push_back(std::move(fresh));
    }
    result.clusters_[known->second].members.push_back(number);
    return Ok();
  }

  void OrderParts() {
    for (auto& [number, list] : parts) {
      std::ranges::sort(list, {}, [](const auto& part) { return part.first; });
      for (const auto& [part, place] : list) result.forms_[number].places.push_back(place);
    }
  }
};

Result<StoredForms> StoredForms::Load(Store& store) {
  StoredForms result;
  // Read first: what changes in between is seen as a change by whoever compares later.
  DLV_ASSIGN(result.sequence_, SequenceNow(store));
  std::map<catalog::Row, Loader::Places> by_section;
  DLV_TRY(store.Read([&](const catalog::Catalog& catalog) {
    return catalog.ForEachObject([&](const catalog::ObjectPlace& place) {
      result.last_number_ = std::max(result.last_number_, place.number);
      if (place.kind == catalog::ObjectKind::kTensor) by_section[place.section].push_back(place);
      return Ok();
    });
  }));
  Loader loader{store, result, {}, {}};
  for (const auto& [section, places] : by_section) DLV_TRY(loader.LoadSection(section, places));
  loader.OrderParts();
  return result;
}

std::optional<std::uint32_t> StoredForms::Find(const TensorId& id) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return std::nullopt;
  return found->second;
}

Result<std::shared_ptr<const archive::SectionReader>> OpenSectionOf(Store& store,
                                                                    const catalog::Catalog& catalog,
                                                                    catalog::Row section) {
  DLV_ASSIGN(const auto row, catalog.GetSection(section));
  if (!row) return Error{ErrorCode::kCorruption, "catalog: an object without its section"};
  DLV_ASSIGN(const auto pack, catalog.GetPack(row->pack));
  if (!pack) return Error{ErrorCode::kCorruption, "catalog: a section without its pack"};
  return store.OpenSection(pack->name, row->offset);
}

}  // namespace dlv::store
