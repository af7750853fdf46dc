#include "storage/store/small_packs.h"

#include <algorithm>
#include <map>
#include <set>

#include "storage/store/pack_switch.h"

namespace dlv::store {
namespace {

// Sixteen small packs become one. What a commit adds is so copied about log16(16 MiB / its size)
// times in all.
constexpr std::size_t kMergeCount = 16;
constexpr std::uint64_t kSmallPackBytes = 16u << 20;

/// Packs that hold forms which the catalog finds elsewhere by now. Copied into a pack that is newer
/// than where they are found, they would be what a rebuilt catalog takes; gc leaves them out first.
Result<std::set<catalog::Row>> PacksWithOldForms(const catalog::Catalog& catalog) {
  std::map<catalog::Row, std::uint64_t> named;
  DLV_TRY(catalog.ForEachObject([&](const catalog::ObjectPlace& place) {
    ++named[place.section];
    return Ok();
  }));
  DLV_ASSIGN(const auto sections, catalog.Sections());
  std::set<catalog::Row> packs;
  for (const catalog::SectionRow& section : sections)
    if (named[section.row] != section.object_count) packs.insert(section.pack);
  return packs;
}

Result<std::vector<catalog::PackRow>> SmallPacks(Store& store) {
  DLV_ASSIGN(auto packs,
             store.Read([](const catalog::Catalog& catalog) { return catalog.Packs(); }));
  std::erase_if(packs, [](const auto& pack) { return pack.size_bytes >= kSmallPackBytes; });
  if (packs.size() < kMergeCount) return std::vector<catalog::PackRow>();
  DLV_ASSIGN(const auto old_forms, store.Read(PacksWithOldForms));
  std::erase_if(packs, [&](const auto& pack) { return old_forms.contains(pack.row); });
  // Of similar size, so that a big one is not copied again for a few small ones.
  std::sort(packs.begin(), packs.end(),
            [](const auto& a, const auto& b) { return a.size_bytes < b.size_bytes; });
  if (packs.size() < kMergeCount) return std::vector<catalog::PackRow>();
  packs.resize(kMergeCount);
  return packs;
}

Status Merge(Store& store) {
  DLV_ASSIGN(const std::uint64_t sequence, SequenceNow(store));
  DLV_ASSIGN(const auto small, SmallPacks(store));
  if (small.empty()) return Ok();
  DLV_ASSIGN(const auto packs, NewPacks::Begin(store, "dlv commit (merging small packs)"));
  DLV_ASSIGN(PackRebuilder rebuilder, PackRebuilder::Create(*packs));
  for (const catalog::PackRow& pack : small) {
    DLV_ASSIGN(const auto sections, store.Read([&](const catalog::Catalog& catalog) {
      return catalog.SectionsOfPack(pack.row);
    }));
    for (const catalog::SectionRow& section : sections) DLV_TRY(rebuilder.Copy(store, section));
  }
  DLV_TRY(rebuilder.Finish(store));
  bool began = false;
  const Status switched =
      store.Write("dlv commit (merging small packs)", [&](Change& change) -> Status {
        DLV_TRY(ExpectSequence(change.catalog, sequence));
        DLV_TRY(rebuilder.Insert(change));
        for (const catalog::PackRow& pack : small) DLV_TRY(DeletePackRows(change, pack.row));
        DLV_TRY(LogSwitch(change, "merge"));
        began = true;
        return Ok();
      });
  if (began)
    packs->Keep();  // the new state may be there even if the commit point reported an error
  DLV_TRY(switched);
  store.ForgetPacks();
  for (const catalog::PackRow& pack : small) {
    // A verified copy is live; what cannot be removed now is found by gc.
    [[maybe_unused]] const Status removed =
        store.file_system().Remove(store.paths().Pack(pack.name));
  }
  return Ok();
}

}  // namespace

void MergeSmallPacks(Store& store) { [[maybe_unused]] const Status merged = Merge(store); }

}  // namespace dlv::store
