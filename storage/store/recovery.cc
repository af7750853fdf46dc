#include "storage/store/recovery.h"

#include <algorithm>
#include <charconv>

#include "storage/io/lease.h"
#include "storage/store/new_packs.h"
#include "storage/store/object_lookup.h"
#include "storage/store/stored_file.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

Error Lost(const char* what, const std::string& id) {
  return Error{ErrorCode::kNotFound, std::string(what) + " " + id + " is not whole in any pack"};
}

}  // namespace

Result<std::unique_ptr<Recovery>> Recovery::Begin(Store& store, bool dry_run) {
  std::unique_ptr<Recovery> recovery(new Recovery(store, dry_run));
  DLV_TRY(recovery->OpenLoose());
  DLV_TRY(recovery->FindManifests());
  return recovery;
}

Status Recovery::OpenLoose() {
  io::FileSystem& files = store_.file_system();
  DLV_ASSIGN(const auto packs,
             store_.Read([](const catalog::Catalog& catalog) { return catalog.Packs(); }));
  std::set<std::string> known;
  for (const auto& pack : packs) known.insert(pack.name);
  DLV_ASSIGN(const auto names, files.List(store_.paths().packs));
  for (const std::string& name : names) {
    const std::string id = LeaseIdOf(name);
    if (known.contains(name) || id.empty()) continue;
    DLV_ASSIGN(const bool busy, io::IsLeaseAlive(files, store_.paths().Temporary(id + ".lease")));
    if (!busy) DLV_TRY(OpenLoosePack(store_.paths().packs, name, 0));
  }
  const auto folders = files.List(store_.paths().trash);
  if (!folders.ok()) return folders.error().code == ErrorCode::kNotFound ? Ok() : folders.error();
  for (const std::string& folder : *folders) {
    std::int64_t since = 0;
    std::from_chars(folder.data(), folder.data() + folder.size(), since);
    const std::string path = store_.paths().trash + "/" + folder;
    const auto thrown = files.List(path);
    if (!thrown.ok()) continue;  // no folder
    for (const std::string& name : *thrown) {
      if (!known.contains(name) && !LeaseIdOf(name).empty())
        DLV_TRY(OpenLoosePack(path, name, std::max<std::int64_t>(since, 1)));
    }
  }
  std::vector<std::shared_ptr<const archive::SectionReader>> sections;
  for (std::size_t i = 0; i < loose_.size(); ++i) {
    for (const auto& section : loose_[i].sections) {
      pack_of_.emplace(section.get(), i);
      sections.push_back(section);
    }
  }
  locator_ = std::make_unique<StagedLocator>(std::move(sections), store_.locator());
  return Ok();
}

Status Recovery::OpenLoosePack(const std::string& folder, const std::string& name,
                               std::int64_t since) {
  const auto same = [&](const LoosePack& pack) { return pack.name == name; };
  if (std::any_of(loose_.begin(), loose_.end(), same)) return Ok();
  LoosePack pack{name, folder + "/" + name, since, 0, {}};
  auto file = store_.file_system().OpenForReading(pack.path);
  if (!file.ok()) return file.error().code == ErrorCode::kNotFound ? Ok() : file.error();
  const auto reader = archive::PackReader::Open(std::move(file).value());
  if (!reader.ok()) return reader.error().code == ErrorCode::kIo ? reader.error() : Ok();
  pack.size_bytes = reader->size_bytes();
  for (std::size_t i = 0; i < reader->sections().size(); ++i) {
    auto section = reader->OpenSection(i);
    if (!section.ok()) return section.error().code == ErrorCode::kIo ? section.error() : Ok();
    pack.sections.push_back(std::move(section).value());
  }
  loose_.push_back(std::move(pack));
  return Ok();
}

/// Looks at the manifests that no version has, in the catalog's packs and in the loose ones.
Status Recovery::FindManifests() {
  std::vector<catalog::Row> dead;
  const Status read = store_.Read([&](const catalog::Catalog& catalog) -> Status {
    std::set<catalog::Row> live;
    DLV_ASSIGN(const auto versions, catalog.ListVersions());
    for (const auto& version : versions) live.insert(version.manifest_section);
    DLV_ASSIGN(const auto sections, catalog.Sections());
    for (const auto& section : sections) {
      if (section.manifest_length != 0 && !live.contains(section.row)) dead.push_back(section.row);
    }
    return Ok();
  });
  DLV_TRY(read);
  const auto add = [&](std::shared_ptr<const archive::SectionReader> section, catalog::Row row) {
    const auto bytes = section->ReadManifestBytes();
    if (bytes.ok())
      manifests_.emplace(archive::HashManifest(*bytes), Place{std::move(section), row});
  };
  for (const catalog::Row row : dead) {
    auto section = store_.OpenSection(row);
    if (section.ok()) add(std::move(section).value(), row);
  }
  for (const LoosePack& pack : loose_) {
    for (const auto& section : pack.sections) {
      if (section->has_manifest()) add(section, 0);
    }
  }
  return Ok();
}

/// Follows a version's objects to everything that they are coded against.
class Recovery::Walk {
 public:
  Walk(Recovery& recovery, RecoveryPlan& plan)
      : recovery_(recovery), plan_(plan), blobs_(recovery.locator()) {}

  Status Run(const Place& place) {
    DLV_ASSIGN(plan_.manifest, place.section->ReadManifest());
    DLV_ASSIGN(plan_.envelope, place.section->ReadEnvelope());
    plan_.manifest_section = place.row;
    plan_.manifest_in = place.section;
    if (place.row == 0) Need(recovery_.pack_of_.at(place.section.get()));
    for (const archive::ManifestSnapshot& snapshot : plan_.manifest.snapshots) {
      DLV_TRY(Blob(snapshot.layout));
      for (const TensorId& id : snapshot.tensors) DLV_TRY(Tensor(id, kNoLimit));
    }
    for (const archive::ManifestFile& file : plan_.manifest.files) {
      if (file.form == archive::FileForm::kNone) continue;
      DLV_TRY(Blob(file.content));
      if (file.form != archive::FileForm::kRecipe) continue;
      DLV_ASSIGN(const Assembly assembly, ReadAssembly(blobs_, file.content));
      DLV_TRY(Blob(assembly.recipe));
      for (const BlobId& literal : assembly.literals) DLV_TRY(Blob(literal));
    }
    while (!open_.empty()) {
      const auto [id, limit] = open_.back();
      open_.pop_back();
      DLV_TRY(Tensor(id, limit));
    }
    return Ok();
  }

 private:
  /// A pack is taken back with the others of its commit: parts of one tensor may be in several.
  void Need(std::size_t pack) {
    const std::string commit = LeaseIdOf(recovery_.loose_[pack].name);
    for (std::size_t i = 0; i < recovery_.loose_.size(); ++i) {
      const LoosePack& other = recovery_.loose_[i];
      if (LeaseIdOf(other.name) != commit || !plan_.packs.insert(i).second) continue;
      if (other.since != 0 && (plan_.in_trash_since == 0 || other.since < plan_.in_trash_since)) {
        plan_.in_trash_since = other.since;
      }
    }
  }

  void Need(const archive::ObjectPlace& place) {
    const auto pack = recovery_.pack_of_.find(place.section.get());
    if (pack != recovery_.pack_of_.end()) Need(pack->second);
  }

  /// `limit`: the depth of what is coded against it, which must be deeper. The base of a tensor
  /// that was thrown away may have been stored anew since, in a longer chain.
  Status Tensor(const TensorId& id, unsigned limit) {
    const auto known = depths_.find(id);
    if (known != depths_.end()) return CheckDepth(id, known->second, limit);
    DLV_ASSIGN(const auto number, FindNumber(recovery_.store_, id));
    if (number) {
      plan_.numbers.tensors.emplace(id, *number);
    } else {
      plan_.missing_tensors.push_back(id);
    }
    auto& rest = recovery_.store_.locator();
    DLV_ASSIGN(const auto places,
               number ? rest.FindTensor(id) : recovery_.locator().FindTensor(id));
    unsigned depth = 0;
    for (const archive::ObjectPlace& place : places) {
      if (!number) Need(place);
      const archive::DirectoryReader& directory = place.section->directory();
      DLV_ASSIGN(const auto entry, directory.Tensor(place.entry));
      depth = std::max<unsigned>(depth, entry.depth);
      for (const TensorId& base : entry.Bases()) open_.emplace_back(base, entry.depth);
      if (!entry.clustered) continue;
      DLV_ASSIGN(const auto members, directory.Members(entry.cluster));
      for (const archive::TensorEntry& member : members) {
        for (const TensorId& base : member.Bases()) open_.emplace_back(base, member.depth);
      }
    }
    depths_.emplace(id, depth);
    return CheckDepth(id, depth, limit);
  }

  static Status CheckDepth(const TensorId& id, unsigned depth, unsigned limit) {
    if (depth < limit) return Ok();
    return Error{ErrorCode::kNotFound, "tensor " + id.Hex(16) +
                                           ", against which it was coded, was stored anew in a "
                                           "longer chain"};
  }

  Status Blob(const BlobId& first) {
    for (std::optional<BlobId> id = first; id && seen_blobs_.insert(*id).second;) {
      DLV_ASSIGN(const auto number, FindNumber(recovery_.store_, *id));
      if (number) {
        plan_.numbers.blobs.emplace(*id, *number);
      } else {
        plan_.missing_blobs.push_back(*id);
      }
      auto& rest = recovery_.store_.locator();
      DLV_ASSIGN(const auto place, number ? rest.FindBlob(*id) : recovery_.locator().FindBlob(*id));
      if (!number) Need(place);
      DLV_ASSIGN(const auto entry, place.section->directory().Blob(place.entry));
      id = entry.prefix;
    }
    return Ok();
  }

  Recovery& recovery_;
  RecoveryPlan& plan_;
  archive::BlobReader blobs_;
  static constexpr unsigned kNoLimit = 1000;
  std::map<TensorId, unsigned> depths_;
  std::set<BlobId> seen_blobs_;
  std::vector<std::pair<TensorId, unsigned>> open_;
};

Result<RecoveryPlan> Recovery::Plan(const VersionId& id) {
  const auto place = manifests_.find(id);
  if (place == manifests_.end()) {
    return Error{ErrorCode::kNotFound, "its description " + id.Hex(12) + " is gone"};
  }
  RecoveryPlan plan;
  DLV_TRY(Walk(*this, plan).Run(place->second));
  return plan;
}

/// Whether the catalog has no other copy of the tensor.
Result<bool> Recovery::IsNew(const archive::TensorEntry& entry) {
  if (adopted_parts_.contains({entry.id, entry.is_part ? entry.part : 0})) return false;
  DLV_ASSIGN(const auto number, FindNumber(store_, entry.id));
  return !number.has_value();
}

Status Recovery::AdoptPack(Change& change, std::size_t index) {
  const LoosePack& pack = loose_[index];
  if (pack.since != 0 && !dry_run_) {
    DLV_TRY(store_.file_system().Rename(pack.path, store_.paths().Pack(pack.name)));
    DLV_TRY(store_.file_system().SyncDirectory(store_.paths().packs));
  }
  std::vector<catalog::SectionRow> rows;
  for (const auto& section : pack.sections) {
    DLV_ASSIGN(const auto row, DescribeSection(*section));
    rows.push_back(row);
  }
  DLV_ASSIGN(rows_[index],
             InsertPackRows(change.transaction, pack.name, pack.size_bytes, change.now, rows));
  for (std::size_t s = 0; s < pack.sections.size(); ++s) {
    const archive::DirectoryReader& directory = pack.sections[s]->directory();
    for (std::uint32_t entry = 0; entry < directory.entry_count(); ++entry) {
      DLV_ASSIGN(const archive::EntryKind kind, directory.Kind(entry));
      if (kind == archive::EntryKind::kBlob) {
        DLV_ASSIGN(const auto blob, directory.Blob(entry));
        DLV_ASSIGN(const auto known, FindNumber(store_, blob.id));
        if (known || adopted_.blobs.contains(blob.id)) continue;
        DLV_ASSIGN(
            adopted_.blobs[blob.id],
            change.transaction.InsertObject(catalog::IdPrefix(blob.id), catalog::ObjectKind::kBlob,
                                            rows_[index][s], entry));
        continue;
      }
      DLV_ASSIGN(const auto tensor, directory.Tensor(entry));
      DLV_ASSIGN(const bool is_new, IsNew(tensor));
      if (!is_new) continue;
      DLV_ASSIGN(const auto number, change.transaction.InsertObject(catalog::IdPrefix(tensor.id),
                                                                    catalog::ObjectKind::kTensor,
                                                                    rows_[index][s], entry));
      const std::uint32_t part = tensor.is_part ? tensor.part : 0;
      adopted_parts_.emplace(tensor.id, part);
      if (part == 0) adopted_.tensors[tensor.id] = number;
    }
  }
  return Ok();
}

Status Recovery::Adopt(Change& change, RecoveryPlan& plan) {
  for (const std::size_t pack : plan.packs) {
    if (!rows_.contains(pack)) DLV_TRY(AdoptPack(change, pack));
  }
  for (const TensorId& id : plan.missing_tensors) {
    const auto number = adopted_.tensors.find(id);
    if (number == adopted_.tensors.end()) return Lost("tensor", id.Hex(16));
    plan.numbers.tensors[id] = number->second;
  }
  for (const BlobId& id : plan.missing_blobs) {
    const auto number = adopted_.blobs.find(id);
    if (number == adopted_.blobs.end()) return Lost("blob", id.Hex(16));
    plan.numbers.blobs[id] = number->second;
  }
  if (plan.manifest_section != 0) return Ok();
  const std::size_t pack = pack_of_.at(plan.manifest_in.get());
  for (std::size_t s = 0; s < loose_[pack].sections.size(); ++s) {
    if (loose_[pack].sections[s] == plan.manifest_in) plan.manifest_section = rows_[pack][s];
  }
  return Ok();
}

}  // namespace dlv::store
