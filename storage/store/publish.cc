#include "storage/store/publish.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_set>

#include "storage/store/alias_tag.h"
#include "storage/store/space_reserve.h"
#include "storage/store/stored_forms.h"
#include "storage/store/version_content.h"
#include "storage/store/version_network.h"
#include "storage/store/version_rows.h"

namespace dlv::store {
namespace {

using SectionRows = std::map<std::pair<std::uint32_t, std::uint64_t>, catalog::Row>;

/// Returns whether every stored object that the commit relies on is still in the catalog. Numbers
/// are never used again, and gc forgets what it removes, so a number that exists is the object.
Result<bool> AllStillThere(const catalog::Catalog& catalog, const CommitWriter& writer) {
  for (const auto& [id, number] : writer.stored_tensors()) {
    DLV_ASSIGN(const auto place, catalog.GetObject(number));
    if (!place) return false;
  }
  for (const auto& [id, number] : writer.stored_blobs()) {
    DLV_ASSIGN(const auto place, catalog.GetObject(number));
    if (!place) return false;
  }
  return true;
}

/// Returns whether every stored tensor that a new one was coded against is still less deep than
/// that: archive may have given it another base meanwhile.
Result<bool> BasesStillShallower(Store& store, const catalog::Catalog& catalog,
                                 const CommitWriter& writer) {
  for (const archive::WrittenObject& object : writer.result().objects) {
    if (!object.base) continue;
    const auto base = writer.stored_tensors().find(*object.base);
    if (base == writer.stored_tensors().end()) continue;
    DLV_ASSIGN(const auto place, catalog.GetObject(base->second));
    if (!place) return false;
    DLV_ASSIGN(const auto section, OpenSectionOf(store, catalog, place->section));
    DLV_ASSIGN(const auto entry, section->directory().Tensor(place->entry));
    if (entry.depth >= object.depth) return false;
  }
  return true;
}

/// An object that somebody else has stored since this commit looked for it.
struct Rival {
  catalog::ObjectNumber number = 0;
  unsigned depth = 0;
};

/// Finds the object in the catalog as it is under the lock.
Result<std::optional<Rival>> FindRival(Store& store, const catalog::Catalog& catalog,
                                       const archive::WrittenObject& object) {
  const bool is_tensor = object.kind == archive::EntryKind::kTensor;
  DLV_ASSIGN(const auto places, catalog.FindObjects(is_tensor ? catalog::IdPrefix(object.tensor)
                                                              : catalog::IdPrefix(object.blob)));
  for (const catalog::ObjectPlace& place : places) {
    if ((place.kind == catalog::ObjectKind::kTensor) != is_tensor) continue;
    DLV_ASSIGN(const auto row, catalog.GetSection(place.section));
    if (!row) continue;
    DLV_ASSIGN(const auto pack, catalog.GetPack(row->pack));
    if (!pack) continue;
    DLV_ASSIGN(const auto section, store.OpenSection(pack->name, row->offset));
    const archive::DirectoryReader& directory = section->directory();
    if (!is_tensor) {
      if (directory.Find(object.blob) == place.entry) return std::optional(Rival{place.number, 0});
      continue;
    }
    if (directory.Find(object.tensor) != place.entry) continue;
    DLV_ASSIGN(const auto entry, directory.Tensor(place.entry));
    if (!entry.is_part || entry.part == 0) return std::optional(Rival{place.number, entry.depth});
  }
  return std::optional<Rival>();
}

/// Inserts the new objects. Of what somebody else has stored meanwhile, their copy counts and ours
/// becomes garbage; only where theirs is a longer chain, which could break the rule that depth
/// falls towards the base, the commit has to be made again (nothing is returned).
Result<std::optional<ObjectNumbers>> InsertObjects(Store& store, Change& change,
                                                   const CommitWriter& writer,
                                                   const SectionRows& sections) {
  ObjectNumbers numbers{writer.stored_tensors(), writer.stored_blobs()};
  std::unordered_set<TensorId> theirs;
  for (const archive::WrittenObject& object : writer.result().objects) {
    const bool tensor = object.kind == archive::EntryKind::kTensor;
    if (tensor && theirs.contains(object.tensor)) continue;  // a further part
    const bool first = !object.is_part || object.part == 0;
    std::optional<Rival> rival;
    if (first) {
      DLV_ASSIGN(rival, FindRival(store, change.catalog, object));
    }
    if (rival && rival->depth > object.depth) return std::optional<ObjectNumbers>();
    catalog::ObjectNumber number = rival ? rival->number : 0;
    if (rival && tensor) theirs.insert(object.tensor);
    if (!rival) {
      const auto section = sections.find({object.pack, object.section_offset});
      if (section == sections.end()) {
        return Error{ErrorCode::kInternal, "an object was written into no section"};
      }
      DLV_ASSIGN(number,
                 change.transaction.InsertObject(
                     tensor ? catalog::IdPrefix(object.tensor) : catalog::IdPrefix(object.blob),
                     tensor ? catalog::ObjectKind::kTensor : catalog::ObjectKind::kBlob,
                     section->second, object.entry));
    }
    if (!tensor) {
      numbers.blobs[object.blob] = number;
    } else if (first) {
      numbers.tensors[object.tensor] = number;
    }
  }
  return std::optional(std::move(numbers));
}

Status InsertEverything(Store& store, Change& change, CommitWriter& writer,
                        const Publication& publication, const FoundNetwork* network,
                        Published& published) {
  SectionRows sections;
  DLV_TRY(InsertWritten(store, change.transaction, writer.packs(), writer.result(), change.now,
                        sections));
  DLV_ASSIGN(const auto numbers, InsertObjects(store, change, writer, sections));
  if (!numbers) {
    published.objects_gone = true;
    return Error{ErrorCode::kConflict, "somebody else stored the same tensors meanwhile"};
  }
  archive::BlobReader blobs(writer.locator());
  VersionRowsInput input;
  input.manifest = publication.manifest;
  input.id = publication.id;
  input.model = publication.model.empty() ? publication.manifest->model : publication.model;
  if (publication.number != 0) {
    DLV_ASSIGN(const auto taken, change.catalog.FindVersion(input.model, publication.number));
    DLV_ASSIGN(const bool reserved, change.catalog.IsReserved(input.model, publication.number));
    if (!taken && !reserved) input.number = publication.number;
  }
  input.row = static_cast<catalog::Row>(change.NextSequence());
  input.created = publication.envelope.created;
  input.author = publication.envelope.author;
  input.raw_bytes = publication.envelope.raw_bytes;
  input.stored_bytes = publication.stored_bytes;
  input.tags = publication.envelope.tags;
  input.manifest_section = sections.empty() ? 0 : sections.rbegin()->second;
  input.parent_models = publication.parent_models;
  input.numbers = &*numbers;
  input.network = network;
  input.read_layout = [&](const BlobId& id) -> Result<archive::Layout> {
    DLV_ASSIGN(const auto bytes, blobs.ReadAll(id, kMaxLayoutBytes));
    return archive::DecodeLayout(bytes);
  };
  input.read_assembly = [&](const BlobId& id) { return ReadAssembly(blobs, id); };
  DLV_ASSIGN(const auto inserted, InsertVersionRows(change.transaction, input));
  published.version = inserted.version;
  change.log.emplace_back(archive::CommitRecord{publication.id, input.model, inserted.number,
                                                publication.stored_bytes});
  return Ok();
}

std::string WarningOf(const FoundNetwork& network) {
  if (!network.warning.empty())
    return network.file + ": its network is not read: " + network.warning;
  if (!network.network || network.network->warnings.empty()) return {};
  const auto& warnings = network.network->warnings;
  return network.file + ": " + warnings.front() +
         (warnings.size() > 1 ? " (and " + std::to_string(warnings.size() - 1) + " more)" : "");
}

Result<std::optional<FoundNetwork>> LookForNetwork(Store& store, const Unpublished& one) {
  if (store.options().networks == nullptr) return std::optional<FoundNetwork>();
  archive::TensorReader tensors(one.writer->locator());
  archive::BlobReader blobs(one.writer->locator());
  DLV_ASSIGN(auto found, FindNetwork(store, {tensors, blobs}, *one.publication->manifest));
  return std::optional(std::move(found));
}

/// All that a version is in the catalog.
Status Insert(Store& store, Change& change, const Unpublished& one, const FoundNetwork* network,
              Published& published) {
  const Publication& publication = *one.publication;
  if (publication.check) DLV_TRY(publication.check(change.catalog));
  DLV_ASSIGN(const bool there, AllStillThere(change.catalog, *one.writer));
  if (!there) {
    published.objects_gone = true;
    return Error{ErrorCode::kConflict, "gc removed what the commit relied on"};
  }
  DLV_ASSIGN(const bool shallower, BasesStillShallower(store, change.catalog, *one.writer));
  if (!shallower) {
    published.objects_gone = true;
    return Error{ErrorCode::kConflict, "archive stored a base of the commit otherwise"};
  }
  DLV_TRY(InsertEverything(store, change, *one.writer, publication, network, published));
  DLV_ASSIGN(const auto row, change.catalog.GetVersion(published.version));
  if (!row) return Error{ErrorCode::kInternal, "the new version is not in the catalog"};
  for (const std::string& alias : publication.envelope.aliases) {
    DLV_TRY(MoveAlias(change, alias, *row));
  }
  if (publication.extra) DLV_TRY(publication.extra(change, published.version));
  return Ok();
}

}  // namespace

Status InsertWritten(Store& store, catalog::Transaction& transaction, const NewPacks& packs,
                     const archive::WriteResult& written, std::int64_t now, SectionRows& sections) {
  for (std::uint32_t p = 0; p < written.packs.size(); ++p) {
    const archive::WrittenPack& pack = written.packs[p];
    std::vector<catalog::SectionRow> rows;
    for (const archive::SectionPlace& place : pack.sections) {
      DLV_ASSIGN(const auto section, store.OpenSection(packs.Name(p), place.offset));
      DLV_ASSIGN(const auto row, DescribeSection(*section));
      rows.push_back(row);
    }
    DLV_ASSIGN(const auto inserted,
               InsertPackRows(transaction, packs.Name(p), pack.size_bytes, now, rows));
    for (std::size_t s = 0; s < inserted.size(); ++s) {
      sections[{p, pack.sections[s].offset}] = inserted[s];
    }
  }
  return Ok();
}

Result<Published> Publish(Store& store, CommitWriter& writer, const Publication& publication) {
  const Unpublished one{&writer, &publication};
  DLV_ASSIGN(auto published, PublishTogether(store, std::span(&one, 1)));
  return std::move(published[0]);
}

Result<std::vector<Published>> PublishTogether(Store& store, std::span<const Unpublished> all) {
  std::vector<Published> published(all.size());
  std::vector<std::optional<FoundNetwork>> networks(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    DLV_TRY(all[i].writer->packs().MoveIntoPlace());
    DLV_ASSIGN(networks[i], LookForNetwork(store, all[i]));
    if (networks[i]) published[i].network_warning = WarningOf(*networks[i]);
  }
  bool prepared = false;
  const Status written = store.Write(all[0].publication->command, [&](Change& change) -> Status {
    for (std::size_t i = 0; i < all.size(); ++i) {
      DLV_TRY(Insert(store, change, all[i], networks[i] ? &*networks[i] : nullptr, published[i]));
    }
    prepared = true;
    return Ok();
  });
  const bool gone = std::any_of(published.begin(), published.end(),
                                [](const Published& one) { return one.objects_gone; });
  if (gone) {
    for (Published& one : published) one.objects_gone = true;
    store.ForgetPacks();  // the next attempt looks again
    return published;
  }
  // Once the transaction may have been tried, either state may be there: packs that the catalog
  // perhaps names must stay. gc finds them if it does not.
  for (const Unpublished& one : all) {
    if (prepared) one.writer->packs().Keep();
  }
  DLV_TRY(written);
  KeepReserve(store);
  return published;
}

}  // namespace dlv::store
