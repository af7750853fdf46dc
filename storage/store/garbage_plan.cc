#include "storage/store/garbage_plan.h"

#include <algorithm>
#include <charconv>

#include "storage/io/lease.h"
#include "storage/store/new_packs.h"
#include "storage/store/object_lookup.h"
#include "storage/store/pack_check.h"
#include "storage/store/pack_switch.h"
#include "storage/store/replaced_forms.h"
#include "storage/store/stored_file.h"
#include "storage/store/usage.h"

namespace dlv::store {
namespace {

/// Returns "lenet:v2, lenet:v3" for the manifests that no version needs any more.
std::string DeadManifests(Store& store, const PackFate& fate) {
  std::string names;
  for (const catalog::SectionRow& row : fate.sections) {
    if (row.manifest_length == 0 || fate.live_manifests.contains(row.row)) continue;
    const auto section = store.OpenSection(row.row);
    if (!section.ok()) continue;
    const auto manifest = (*section)->ReadManifest();
    const auto envelope = (*section)->ReadEnvelope();
    if (!manifest.ok() || !envelope.ok()) continue;
    names +=
        (names.empty() ? "" : ", ") + manifest->model + ":v" + std::to_string(envelope->number);
  }
  return names;
}

/// Puts a pack on one of the plan's lists.
void Decide(Store& store, PackFate fate, GarbagePlan& plan) {
  if (!fate.wholly_dead() && 2 * fate.dead_bytes <= fate.pack.size_bytes) {
    plan.kept_dead_bytes += fate.dead_bytes;
    return;
  }
  // A rebuilt catalog may know a part of a damaged pack: the rest is not ours to throw away.
  if (std::string why = WhyNotUnderstood(store, fate.pack.name); !why.empty()) {
    plan.kept_dead_bytes += fate.dead_bytes;
    plan.unreadable.push_back({"packs/" + fate.pack.name, std::move(why), fate.pack.size_bytes});
    return;
  }
  fate.held = DeadManifests(store, fate);
  (fate.wholly_dead() ? plan.drop : plan.rewrite).push_back(std::move(fate));
}

struct Roots {
  std::vector<catalog::ObjectNumber> objects;
  std::set<catalog::Row> manifests;
  std::vector<catalog::PackRow> packs;
  std::vector<catalog::SectionRow> sections;
};

Result<Roots> ReadRoots(Store& store) {
  return store.Read([](const catalog::Catalog& catalog) -> Result<Roots> {
    Roots roots;
    DLV_ASSIGN(const auto versions, catalog.ListVersions());
    for (const auto& version : versions) {
      roots.manifests.insert(version.manifest_section);
      DLV_ASSIGN(const auto objects, catalog.ReferencedObjects(version.row));
      roots.objects.insert(roots.objects.end(), objects.begin(), objects.end());
    }
    DLV_ASSIGN(roots.packs, catalog.Packs());
    DLV_ASSIGN(roots.sections, catalog.Sections());
    return roots;
  });
}

std::string NotRemoved(const std::string& names) {
  return "holds " + names + ", of whose removal operations.log does not tell";
}

/// Adds what the version of this manifest needs, as far as it is there.
Status AddObjects(Store& store, const archive::Manifest& manifest, Roots& roots) {
  const auto add = [&](const auto& id) -> Status {
    DLV_ASSIGN(const auto number, FindNumber(store, id));
    if (number) roots.objects.push_back(*number);
    return Ok();
  };
  for (const auto& snapshot : manifest.snapshots) {
    DLV_TRY(add(snapshot.layout));
    for (const TensorId& id : snapshot.tensors) DLV_TRY(add(id));
  }
  for (const auto& file : manifest.files) {
    if (file.form == archive::FileForm::kNone) continue;
    DLV_TRY(add(file.content));
    if (file.form != archive::FileForm::kRecipe) continue;
    const auto assembly = ReadAssembly(store.blobs(), file.content);
    if (!assembly.ok()) continue;
    DLV_TRY(add(assembly->recipe));
    for (const BlobId& literal : assembly->literals) DLV_TRY(add(literal));
  }
  return Ok();
}

/// Keeps versions that are in no list, but of whose removal nothing is known either.
Status AddUnexplained(Store& store, Roots& roots, GarbagePlan& plan) {
  std::map<catalog::Row, std::string> names;  // by pack
  for (const catalog::SectionRow& row : roots.sections) {
    if (row.manifest_length == 0 || roots.manifests.contains(row.row)) continue;
    const auto section = store.OpenSection(row.row);
    if (!section.ok()) continue;  // kept: it cannot be understood
    const auto bytes = (*section)->ReadManifestBytes();
    if (!bytes.ok()) continue;
    DLV_ASSIGN(const bool explained, plan.removals.Explains(store, archive::HashManifest(*bytes)));
    if (explained) continue;
    const auto manifest = (*section)->ReadManifest();
    if (!manifest.ok()) continue;
    DLV_TRY(AddObjects(store, *manifest, roots));
    roots.manifests.insert(row.row);
    std::string& list = names[row.pack];
    list += (list.empty() ? "" : ", ") + CommittedName(**section);
  }
  for (const catalog::PackRow& pack : roots.packs) {
    const auto found = names.find(pack.row);
    if (found == names.end()) continue;
    plan.unreadable.push_back({"packs/" + pack.name, NotRemoved(found->second), pack.size_bytes});
  }
  return Ok();
}

/// The versions in packs that the catalog does not know and that nothing explains, by the lease of
/// their commit.
Result<std::map<std::string, std::string>> UnexplainedLeases(Store& store,
                                                             const std::vector<std::string>& names,
                                                             const std::set<std::string>& known,
                                                             const RemovalCheck& removals) {
  std::map<std::string, std::string> leases;
  for (const std::string& name : names) {
    if (known.contains(name)) continue;
    auto file = store.file_system().OpenForReading(store.paths().Pack(name));
    if (!file.ok()) continue;
    const auto pack = archive::PackReader::Open(std::move(file).value());
    if (!pack.ok()) continue;
    DLV_ASSIGN(const std::string versions, removals.Unexplained(store, *pack));
    if (!versions.empty()) leases[LeaseIdOf(name)] = versions;
  }
  return leases;
}

}  // namespace

Result<GarbagePlan> PlanGarbage(Store& store) {
  GarbagePlan plan;
  DLV_ASSIGN(plan.sequence, SequenceNow(store));
  DLV_ASSIGN(plan.removals, RemovalCheck::Read(store));
  DLV_ASSIGN(Roots roots, ReadRoots(store));
  DLV_TRY(AddUnexplained(store, roots, plan));
  DLV_ASSIGN(plan.graph, ObjectGraph::Load(store));
  std::vector<bool> live(plan.graph.nodes().size(), false);
  for (const std::uint32_t place : plan.graph.Closure(roots.objects)) live[place] = true;

  std::map<catalog::Row, PackFate> fates;
  std::map<catalog::Row, catalog::Row> pack_of;
  for (const auto& pack : roots.packs) fates[pack.row].pack = pack;
  for (const auto& section : roots.sections) {
    PackFate& fate = fates[section.pack];
    fate.sections.push_back(section);
    pack_of[section.row] = section.pack;
    if (roots.manifests.contains(section.row)) fate.live_manifests.insert(section.row);
  }
  for (std::uint32_t place = 0; place < live.size(); ++place) {
    const ObjectNode& node = plan.graph.nodes()[place];
    PackFate& fate = fates[pack_of[node.section]];
    (live[place] ? fate.live : fate.dead).push_back(place);
    (live[place] ? fate.live_bytes : fate.dead_bytes) += node.coded_bytes;
  }
  DLV_ASSIGN(const auto replaced, ReplacedBytes(store, plan.graph));
  for (const auto& [section, bytes] : replaced) {
    const auto pack = pack_of.find(section);
    if (pack != pack_of.end()) fates[pack->second].dead_bytes += bytes;
  }
  for (auto& [row, fate] : fates) Decide(store, std::move(fate), plan);
  return plan;
}

Result<Leftovers> FindLeftovers(Store& store, const std::set<std::string>& known,
                                const RemovalCheck& removals) {
  io::FileSystem& files = store.file_system();
  Leftovers found;
  const auto in_use = [&](const std::string& name) -> Result<bool> {
    const std::string id = LeaseIdOf(name);
    if (id.empty()) return false;
    return io::IsLeaseAlive(files, store.paths().Temporary(id + ".lease"));
  };
  for (const bool temporary : {false, true}) {
    const std::string folder = temporary ? store.paths().tmp : store.paths().packs;
    const auto names = files.List(folder);
    if (!names.ok()) {
      if (names.error().code == ErrorCode::kNotFound) continue;
      return names.error();
    }
    std::map<std::string, std::string> unexplained;
    if (!temporary) {
      DLV_ASSIGN(unexplained, UnexplainedLeases(store, *names, known, removals));
    }
    for (const std::string& name : *names) {
      if (!temporary && known.contains(name)) continue;
      DLV_ASSIGN(const bool busy, in_use(name));
      if (busy) continue;
      DLV_ASSIGN(const std::uint64_t bytes, FolderBytes(files, folder + "/" + name));
      std::string why = temporary ? std::string() : WhyNotUnderstood(store, name);
      const auto versions = unexplained.find(LeaseIdOf(name));
      if (why.empty() && versions != unexplained.end()) why = NotRemoved(versions->second);
      const std::string path = (temporary ? "tmp/" : "packs/") + name;
      if (why.empty()) {
        found.garbage.push_back({path, "left by an interrupted command", bytes});
      } else {
        found.unreadable.push_back({path, why, bytes});
      }
    }
  }
  return found;
}

Result<std::vector<Leftover>> FindExpiredTrash(Store& store, std::int64_t now,
                                               std::int64_t grace_seconds) {
  std::vector<Leftover> expired;
  const auto names = store.file_system().List(store.paths().trash);
  if (!names.ok()) {
    if (names.error().code == ErrorCode::kNotFound) return expired;
    return names.error();
  }
  for (const std::string& name : *names) {
    std::int64_t when = 0;  // folders are named after the second in which gc moved things there
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), when);
    if (error != std::errc() || end != name.data() + name.size() || when > now - grace_seconds)
      continue;
    DLV_ASSIGN(const std::uint64_t bytes,
               FolderBytes(store.file_system(), store.paths().trash + "/" + name));
    expired.push_back({"trash/" + name, "in the trash for longer than the grace time", bytes});
  }
  return expired;
}

}  // namespace dlv::store
