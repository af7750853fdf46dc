#include "storage/store/verify_damage.h"

#include <set>
#include <unordered_map>

#include "storage/store/stored_file.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

/// Places in the list of findings.
using Culprits = std::set<std::size_t>;

class DamageTracer {
 public:
  DamageTracer(Store& store, const std::vector<PackFinding>& findings) : store_(store) {
    for (std::size_t i = 0; i < findings.size(); ++i) {
      const Damage& damage = findings[i].damage;
      for (const TensorId& id : damage.tensors) tensors_[id].insert(i);
      for (const BlobId& id : damage.blobs) blobs_[id].insert(i);
      for (const catalog::Row section : damage.sections) sections_[section].insert(i);
      all_.insert(i);
    }
  }

  Culprits OfVersion(const catalog::VersionRow& version) {
    Culprits culprits;
    const auto manifest = ReadVersionManifest(store_, version);
    if (!manifest.ok()) {
      Add(sections_, version.manifest_section, culprits);
      return culprits.empty() ? all_ : culprits;
    }
    for (const auto& snapshot : manifest->snapshots) {
      AddBlob(snapshot.layout, ReadLayout(store_, snapshot.layout).ok(), culprits);
      for (const TensorId& id : snapshot.tensors) AddTensor(id, culprits);
    }
    for (const auto& file : manifest->files) AddFile(file, culprits);
    return culprits;
  }

 private:
  template <class Map, class Key>
  static void Add(const Map& map, const Key& key, Culprits& culprits) {
    const auto found = map.find(key);
    if (found != map.end()) culprits.insert(found->second.begin(), found->second.end());
  }

  /// What cannot be read: for the section that holds it, as far as that is among the findings.
  void AddLost(std::uint64_t prefix, catalog::ObjectKind kind, Culprits& culprits) {
    Culprits found;
    const auto places =
        store_.Read([&](const catalog::Catalog& catalog) { return catalog.FindObjects(prefix); });
    for (std::size_t i = 0; places.ok() && i < places->size(); ++i) {
      if ((*places)[i].kind == kind) Add(sections_, (*places)[i].section, found);
    }
    if (found.empty()) found = all_;
    culprits.insert(found.begin(), found.end());
  }

  void AddFile(const archive::ManifestFile& file, Culprits& culprits) {
    if (file.form == archive::FileForm::kNone) return;
    if (file.form == archive::FileForm::kBlob) return AddStored(file.content, culprits);
    const auto assembly = ReadAssembly(store_.blobs(), file.content);
    AddBlob(file.content, assembly.ok(), culprits);
    if (!assembly.ok()) return;
    Add(blobs_, assembly->recipe, culprits);
    for (const BlobId& literal : assembly->literals) AddStored(literal, culprits);
  }

  void AddStored(const BlobId& id, Culprits& culprits) {
    AddBlob(id, store_.locator().FindBlob(id).ok(), culprits);
  }

  void AddBlob(const BlobId& id, bool is_readable, Culprits& culprits) {
    const bool is_known = blobs_.contains(id);
    Add(blobs_, id, culprits);
    if (!is_readable && !is_known)
      AddLost(catalog::IdPrefix(id), catalog::ObjectKind::kBlob, culprits);
  }

  void AddTensor(const TensorId& id, Culprits& culprits) {
    const auto known = memo_.find(id);
    const Culprits& found = known != memo_.end() ? known->second : memo_[id] = Traced(id);
    culprits.insert(found.begin(), found.end());
  }

  /// Whatever decoding the tensor passes through.
  Culprits Traced(const TensorId& id) {
    std::set<TensorId> seen;
    std::vector<TensorId> open = {id};
    Culprits culprits;
    while (!open.empty()) {
      const TensorId at = open.back();
      open.pop_back();
      const auto known = memo_.find(at);
      if (known != memo_.end()) culprits.insert(known->second.begin(), known->second.end());
      if (known != memo_.end() || !seen.insert(at).second) continue;
      Add(tensors_, at, culprits);
      const auto handle = store_.tensors().Open(at);
      if (handle.ok()) {
        for (const TensorId& base : (*handle)->Bases()) open.push_back(base);
      } else if (!tensors_.contains(at)) {
        AddLost(catalog::IdPrefix(at), catalog::ObjectKind::kTensor, culprits);
      }
    }
    // What was passed on the way to something damaged may do without it.
    if (culprits.empty())
      for (const TensorId& link : seen) memo_[link] = {};
    return culprits;
  }

  Store& store_;
  Culprits all_;
  std::unordered_map<TensorId, Culprits> tensors_, memo_;
  std::unordered_map<BlobId, Culprits> blobs_;
  std::unordered_map<catalog::Row, Culprits> sections_;
};

}  // namespace

void NameAffected(Store& store, const std::vector<catalog::VersionRow>& versions,
                  std::vector<PackFinding>& findings) {
  DamageTracer tracer(store, findings);
  for (const auto& version : versions) {
    for (const std::size_t culprit : tracer.OfVersion(version))
      findings[culprit].finding.affected.push_back(version.summary.reference());
  }
}

}  // namespace dlv::store
