#include "storage/store/form_writer.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "storage/archive/tensor_hash.h"
#include "storage/store/pack_switch.h"
#include "storage/store/publish.h"
#include "storage/store/staged_locator.h"

namespace dlv::store {
namespace {

Error MovedOn(const std::string& what) {
  return {ErrorCode::kConflict, what + " while it was archived", "try again"};
}

/// What a form is, wherever its section lies by now.
bool IsSameForm(const archive::TensorEntry& entry, const StoredForm& form) {
  return entry.id == form.id && entry.depth <= form.depth && entry.base == form.base &&
         entry.second_base == form.second_base;
}

}  // namespace

std::uint64_t FormWriter::bytes_before() const {
  std::uint64_t bytes = 0;
  for (const Rewrite& rewrite : rewrites_) bytes += forms_.forms()[rewrite.form].coded_bytes;
  return bytes;
}

Status FormWriter::CheckCancelled() const {
  if (operation_.cancel == nullptr || !operation_.cancel->cancelled()) return Ok();
  return Error{ErrorCode::kCancelled, "stopped on request"};
}

Status FormWriter::Write(std::uint64_t pack_target_bytes) {
  DLV_ASSIGN(packs_, NewPacks::Begin(store_, "dlv archive"));
  archive::WriterOptions options;
  options.threads = operation_.threads;
  options.cancel = operation_.cancel;
  options.encode.effort = 1;
  if (pack_target_bytes != 0) options.pack_target_bytes = pack_target_bytes;
  std::uint64_t total = 0;
  for (const Rewrite& rewrite : rewrites_) total += forms_.forms()[rewrite.form].size_bytes();
  std::uint64_t done = 0;
  options.on_progress = [&](std::uint64_t bytes) {
    done += bytes;
    if (operation_.progress != nullptr) operation_.progress->Report("archiving", done, total);
  };
  archive::SectionWriter writer(packs_->Factory(), options);
  std::pair<unsigned, std::uint32_t> place;
  for (const Rewrite& rewrite : rewrites_) {
    const std::pair next(rewrite.depth, rewrite.group);
    if (next != std::exchange(place, next)) DLV_TRY(writer.EndClusters());
    DLV_TRY(WriteTensor(rewrite, writer));
  }
  DLV_ASSIGN(written_, writer.Finish());
  return Ok();
}

Result<bool> FormWriter::IsBySignificance(const Rewrite& rewrite) const {
  if (rewrite.base) return false;
  const TensorId& id = forms_.forms()[rewrite.form].id;
  if (const auto wish = by_significance_.find(id); wish != by_significance_.end())
    return wish->second;
  DLV_ASSIGN(const auto handle, store_.tensors().Open(id));
  auto has_steps = store_.tensors().HasSteps(*handle);
  return has_steps.ok() ? has_steps : NameDamaged(store_, id, has_steps.error());
}

Status FormWriter::WriteTensor(const Rewrite& rewrite, archive::SectionWriter& writer) {
  DLV_TRY(CheckCancelled());
  const StoredForm& form = forms_.forms()[rewrite.form];
  const auto raw = store_.tensors().OpenSource(form.id);
  if (!raw.ok()) return NameDamaged(store_, form.id, raw.error());
  archive::TensorPlan plan;
  plan.dtype = form.dtype;
  plan.element_count = form.element_count;
  plan.is_cold = rewrite.is_cold;
  auto hash = archive::HashTensorSource(**raw, plan.dtype, plan.element_count, operation_.threads);
  if (!hash.ok()) return NameDamaged(store_, form.id, hash.error());
  plan.hash = std::move(hash).value();
  if (plan.hash.id != form.id)
    return NameDamaged(store_, form.id, {ErrorCode::kCorruption, "it decodes to another tensor"});
  std::unique_ptr<io::ByteSource> base, second_base;
  if (rewrite.base) {
    auto opened = store_.tensors().OpenSource(*rewrite.base);
    if (!opened.ok()) return NameDamaged(store_, *rewrite.base, opened.error());
    base = std::move(opened).value();
    plan.base = *rewrite.base;
    plan.base_depth = forms_.FindForm(*rewrite.base)->depth;
    plan.base_bytes = base.get();
  }
  if (rewrite.second_base) {
    auto opened = store_.tensors().OpenSource(*rewrite.second_base);
    if (!opened.ok()) return NameDamaged(store_, *rewrite.second_base, opened.error());
    second_base = std::move(opened).value();
    plan.second_base = *rewrite.second_base;
    plan.second_base_depth = forms_.FindForm(*rewrite.second_base)->depth;
    plan.second_base_bytes = second_base.get();
  }
  DLV_ASSIGN(plan.by_significance, IsBySignificance(rewrite));
  // Its levels are its own: it shares no cluster.
  if (plan.by_significance) DLV_TRY(writer.EndClusters());
  const Status added = writer.AddTensor(plan, **raw);
  if (plan.by_significance && added.ok()) DLV_TRY(writer.EndClusters());
  if (added.ok()) return Ok();
  return NameDamaged(store_, rewrite.base ? *rewrite.base : form.id, added.error());
}

Status FormWriter::Prove() {
  DLV_TRY(packs_->MoveIntoPlace());
  std::vector<std::shared_ptr<const archive::SectionReader>> sections;
  for (std::uint32_t pack = 0; pack < written_.packs.size(); ++pack) {
    for (const archive::SectionPlace& place : written_.packs[pack].sections) {
      DLV_ASSIGN(auto section, store_.OpenSection(packs_->Name(pack), place.offset));
      sections.push_back(std::move(section));
    }
  }
  StagedLocator locator(std::move(sections), store_.locator());
  archive::TensorReader reader(locator);
  std::uint64_t done = 0;
  for (const Rewrite& rewrite : rewrites_) {
    DLV_TRY(CheckCancelled());
    const StoredForm& form = forms_.forms()[rewrite.form];
    DLV_ASSIGN(const auto handle, reader.Open(form.id));
    if (handle->depth() > rewrite.depth) {
      return Error{ErrorCode::kInternal,
                   "tensor " + form.id.Hex(16) + " was written deeper than planned"};
    }
    DLV_TRY(reader.Verify(*handle, operation_.threads));
    if (operation_.progress != nullptr)
      operation_.progress->ReportCount("checking", ++done, rewrites_.size(), "tensors");
  }
  return Ok();
}

Status FormWriter::Switch(std::string_view command) {
  bool began = false;
  const Status switched = store_.Write(command, [&](Change& change) -> Status {
    const Status fits = CheckStillFits(change.catalog);
    moved_on_ = !fits.ok() && fits.error().code == ErrorCode::kConflict;
    DLV_TRY(fits);
    DLV_TRY(SwitchAll(change));
    began = true;
    return Ok();
  });
  if (began) packs_->Keep();  // the new state may be there even after an error
  DLV_TRY(switched);
  store_.ForgetPacks();
  return Ok();
}

/// The tensors to switch, and the bases that new forms were written against, must be stored as they
/// were; and nothing that came meanwhile may rely on a depth that changes.
Status FormWriter::CheckStillFits(const catalog::Catalog& catalog) const {
  if (ExpectSequence(catalog, forms_.sequence()).ok()) return Ok();
  DLV_TRY(CheckPlaces(catalog));
  return CheckNewcomers(catalog);
}

Status FormWriter::CheckPlaces(const catalog::Catalog& catalog) const {
  std::unordered_set<std::uint32_t> needed;
  for (const Rewrite& rewrite : rewrites_) {
    needed.insert(rewrite.form);
    for (const auto* base : {&rewrite.base, &rewrite.second_base})
      if (*base) needed.insert(forms_.Find(**base).value());
  }
  for (const std::uint32_t number : needed) {
    const StoredForm& form = forms_.forms()[number];
    for (const catalog::ObjectPlace& place : form.places) {
      DLV_ASSIGN(const auto now, catalog.GetObject(place.number));
      if (!now) return MovedOn("tensor " + form.id.Hex(16) + " was removed");
      if (*now == place) continue;
      DLV_ASSIGN(const auto section, OpenSectionOf(store_, catalog, now->section));
      DLV_ASSIGN(const auto entry, section->directory().Tensor(now->entry));
      if (!IsSameForm(entry, form))
        return MovedOn("tensor " + form.id.Hex(16) + " was stored otherwise");
    }
  }
  return Ok();
}

Status FormWriter::CheckNewcomers(const catalog::Catalog& catalog) const {
  std::unordered_map<TensorId, unsigned> depths;
  for (const archive::WrittenObject& object : written_.objects) {
    if (object.kind == archive::EntryKind::kTensor)
      depths[object.tensor] = std::max<unsigned>(depths[object.tensor], object.depth);
  }
  std::unordered_set<TensorId> ours;
  for (const Rewrite& rewrite : rewrites_) ours.insert(forms_.forms()[rewrite.form].id);
  std::map<catalog::ObjectNumber, catalog::ObjectPlace> known;
  for (const StoredForm& form : forms_.forms()) {
    for (const catalog::ObjectPlace& place : form.places) known[place.number] = place;
  }
  std::vector<catalog::ObjectPlace> fresh;
  DLV_TRY(catalog.ForEachObject([&](const catalog::ObjectPlace& place) {
    const auto found = known.find(place.number);
    if (place.kind == catalog::ObjectKind::kTensor &&
        (found == known.end() || !(found->second == place)))
      fresh.push_back(place);
    return Ok();
  }));
  for (const catalog::ObjectPlace& place : fresh) {
    DLV_ASSIGN(const auto section, OpenSectionOf(store_, catalog, place.section));
    const archive::DirectoryReader& directory = section->directory();
    DLV_ASSIGN(const auto entry, directory.Tensor(place.entry));
    std::vector<archive::TensorEntry> unit = {entry};
    if (entry.clustered) {
      DLV_ASSIGN(unit, directory.Members(entry.cluster));
    }
    if (ours.contains(entry.id)) continue;
    for (const archive::TensorEntry& member : unit) {
      for (const TensorId& id : member.Bases()) {
        const auto base = depths.find(id);
        if (base != depths.end() && base->second >= entry.depth)
          return MovedOn("a tensor was stored against " + id.Hex(16));
      }
    }
  }
  return Ok();
}

Status FormWriter::SwitchAll(Change& change) {
  std::map<std::pair<std::uint32_t, std::uint64_t>, catalog::Row> rows;
  DLV_TRY(InsertWritten(store_, change.transaction, *packs_, written_, change.now, rows));
  std::unordered_map<TensorId, std::vector<const archive::WrittenObject*>> objects;
  for (const archive::WrittenObject& object : written_.objects) {
    if (object.kind == archive::EntryKind::kTensor) objects[object.tensor].push_back(&object);
  }
  for (const Rewrite& rewrite : rewrites_) {
    const StoredForm& form = forms_.forms()[rewrite.form];
    std::vector<const archive::WrittenObject*>& parts = objects[form.id];
    std::ranges::sort(parts, {}, &archive::WrittenObject::part);
    DLV_TRY(SwitchTensor(change, form, parts, rows));
  }
  return LogSwitch(change, "archive");
}

/// Parts take over the numbers of the old ones, the first the one by which versions know the
/// tensor.
Status FormWriter::SwitchTensor(
    Change& change, const StoredForm& form,
    const std::vector<const archive::WrittenObject*>& objects,
    const std::map<std::pair<std::uint32_t, std::uint64_t>, catalog::Row>& rows) {
  if (objects.empty())
    return Error{ErrorCode::kInternal, "tensor " + form.id.Hex(16) + " was not written"};
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const catalog::Row section = rows.at({objects[i]->pack, objects[i]->section_offset});
    if (i < form.places.size()) {
      DLV_TRY(change.transaction.UpdateObject(form.places[i].number, section, objects[i]->entry));
    } else {
      const auto inserted = change.transaction.InsertObject(
          catalog::IdPrefix(form.id), catalog::ObjectKind::kTensor, section, objects[i]->entry);
      if (!inserted.ok()) return inserted.error();
    }
  }
  std::vector<catalog::ObjectNumber> surplus;
  for (std::size_t i = objects.size(); i < form.places.size(); ++i)
    surplus.push_back(form.places[i].number);
  return surplus.empty() ? Ok() : change.transaction.DeleteObjects(surplus);
}

}  // namespace dlv::store
