#include "storage/store/pack_switch.h"

#include <algorithm>
#include <cstdlib>

#include "storage/store/version_rows.h"

namespace dlv::store {
namespace {

Result<std::uint64_t> SequenceIn(const catalog::Catalog& catalog) {
  DLV_ASSIGN(const auto text, catalog.GetMeta(kLogSequenceKey));
  return text ? std::strtoull(text->c_str(), nullptr, 10) : std::uint64_t{0};
}

}  // namespace

Result<std::uint64_t> SequenceNow(Store& store) {
  return store.Read([](const catalog::Catalog& catalog) { return SequenceIn(catalog); });
}

Status ExpectSequence(const catalog::Catalog& catalog, std::uint64_t sequence) {
  DLV_ASSIGN(const std::uint64_t now, SequenceIn(catalog));
  if (now == sequence) return Ok();
  return Error{ErrorCode::kConflict, "the repository changed meanwhile", "try again"};
}

Status LogSwitch(Change& change, const std::string& command) {
  DLV_ASSIGN(auto packs, change.catalog.Packs());
  std::sort(packs.begin(), packs.end(), [](const auto& a, const auto& b) { return a.row > b.row; });
  archive::SwitchRecord record{command, {}};
  for (const catalog::PackRow& pack : packs) record.live_packs.push_back(pack.name);
  change.log.emplace_back(std::move(record));
  return Ok();
}

Result<PackRebuilder> PackRebuilder::Create(NewPacks& packs) {
  DLV_ASSIGN(auto file, packs.MakePack());
  DLV_ASSIGN(auto merger, archive::PackMerger::Create(std::move(file)));
  return PackRebuilder(packs, std::move(merger));
}

Status PackRebuilder::Copy(Store& store, const catalog::SectionRow& row) {
  DLV_ASSIGN(const auto section, store.OpenSection(row.row));
  DLV_ASSIGN(auto moved, merger_.CopySection(*section));
  moves_.push_back({row, std::move(moved), nullptr});
  return Ok();
}

Status PackRebuilder::Rewrite(Store& store, const catalog::SectionRow& row,
                              const std::function<bool(std::uint32_t entry)>& live,
                              bool keep_manifest) {
  DLV_ASSIGN(const auto section, store.OpenSection(row.row));
  DLV_ASSIGN(auto moved, merger_.RewriteSection(*section, live, keep_manifest));
  moves_.push_back({row, std::move(moved), nullptr});
  return Ok();
}

Status PackRebuilder::Finish(Store& store) {
  DLV_ASSIGN(const archive::WrittenPack written, merger_.Finish());
  size_bytes_ = written.size_bytes;
  DLV_TRY(packs_->MoveIntoPlace());
  for (SectionMove& move : moves_) {
    DLV_ASSIGN(move.section,
               store.OpenSection(packs_->Name(packs_->count() - 1), move.moved.place.offset));
  }
  return Ok();
}

Status PackRebuilder::Insert(Change& change) const {
  catalog::PackRow pack;
  pack.name = packs_->Name(packs_->count() - 1);
  pack.size_bytes = size_bytes_;
  pack.created = change.now;
  DLV_ASSIGN(const catalog::Row row, change.transaction.InsertPack(pack));
  for (const SectionMove& move : moves_) {
    DLV_ASSIGN(catalog::SectionRow section, DescribeSection(*move.section));
    section.row = move.row.row;
    section.pack = row;
    DLV_TRY(change.transaction.UpdateSection(section));
  }
  return Ok();
}

Status DeletePackRows(Change& change, catalog::Row pack) {
  DLV_ASSIGN(const auto sections, change.catalog.SectionsOfPack(pack));
  for (const catalog::SectionRow& section : sections)
    DLV_TRY(change.transaction.DeleteSection(section.row));
  return change.transaction.DeletePack(pack);
}

}  // namespace dlv::store
