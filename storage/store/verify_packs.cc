#include "storage/store/verify_packs.h"

#include <algorithm>
#include <mutex>

#include "storage/io/parallel.h"

namespace dlv::store {
namespace {

/// Findings and damage from several threads.
class Report {
 public:
  Report(VerifyResult& result, Damage& damage) : result_(result), damage_(damage) {}

  template <class Id>
  void Add(const std::string& where, const Id& id, const Error& error) {
    const std::lock_guard guard(mutex_);
    result_.findings.push_back({error.code, where, error.message, {}});
    if constexpr (std::is_same_v<Id, TensorId>) {
      damage_.tensors.insert(id);
    } else {
      damage_.blobs.insert(id);
    }
  }

 private:
  std::mutex mutex_;
  VerifyResult& result_;
  Damage& damage_;
};

/// Calls `visit(unit)` for each unit of the entry; a cluster belongs to its first member.
template <class Visit>
Status ForEachUnit(const archive::DirectoryReader& directory, const archive::TensorEntry& tensor,
                   std::uint32_t entry, Visit&& visit) {
  if (!tensor.clustered) {
    for (const archive::ChunkEntry& chunk : tensor.chunks) DLV_TRY(visit(chunk.place));
    return Ok();
  }
  DLV_ASSIGN(const auto cluster, directory.Cluster(tensor.cluster));
  if (cluster.first_entry != entry) return Ok();
  return visit(cluster.place);
}

class SectionCheck {
 public:
  SectionCheck(Store& store, const archive::SectionReader& section, bool full, Report& report)
      : store_(store), section_(section), full_(full), report_(report) {}

  /// Checks one entry. Only cancelling and the like are errors.
  void Entry(std::uint32_t entry) {
    const auto kind = section_.directory().Kind(entry);
    const Status status = !kind.ok()                           ? Status(kind.error())
                          : *kind == archive::EntryKind::kBlob ? BlobEntry(entry)
                                                               : TensorEntry(entry);
    // A record that cannot even be parsed names no id.
    if (!status.ok()) report_.Add(section_.Name(), TensorId{}, status.error());
  }

 private:
  Status ReadUnit(const archive::UnitPlace& unit) {
    thread_local std::vector<std::byte> buffer;
    if (buffer.size() < unit.coded_bytes) buffer.resize(unit.coded_bytes);
    return section_.ReadUnit(unit, std::span(buffer).first(unit.coded_bytes));
  }

  Status TensorEntry(std::uint32_t entry) {
    DLV_ASSIGN(const auto tensor, section_.directory().Tensor(entry));
    Status status = ForEachUnit(section_.directory(), tensor, entry,
                                [&](const archive::UnitPlace& unit) { return ReadUnit(unit); });
    if (!status.ok() && tensor.clustered) {  // all members of the cluster are lost with it
      DLV_ASSIGN(const auto members, section_.directory().Members(tensor.cluster));
      for (const auto& member : members) Found(member.id, status.error());
      return Ok();
    }
    if (status.ok() && full_ && (!tensor.is_part || tensor.part == 0)) status = Decode(tensor.id);
    if (!status.ok()) Found(tensor.id, status.error());
    return Ok();
  }

  Status Decode(const TensorId& id) {
    DLV_ASSIGN(const auto handle, store_.tensors().Open(id));
    return store_.tensors().Verify(*handle, 1);
  }

  Status BlobEntry(std::uint32_t entry) {
    DLV_ASSIGN(const auto blob, section_.directory().Blob(entry));
    Status status;
    for (const archive::UnitPlace& frame : blob.frames) {
      status = ReadUnit(frame);
      if (!status.ok()) break;
    }
    if (status.ok() && full_) {
      status = store_.blobs().Stream(blob.id, [](std::span<const std::byte>) { return Ok(); });
    }
    if (!status.ok()) {
      report_.Add(section_.Name() + ", blob " + blob.id.Hex(16), blob.id, status.error());
    }
    return Ok();
  }

  void Found(const TensorId& id, const Error& error) {
    report_.Add(section_.Name() + ", tensor " + id.Hex(16), id, error);
  }

  Store& store_;
  const archive::SectionReader& section_;
  bool full_;
  Report& report_;
};

Status CheckManifestArea(const archive::SectionReader& section) {
  if (!section.has_manifest()) return Ok();
  DLV_ASSIGN([[maybe_unused]] const auto manifest, section.ReadManifest());
  DLV_ASSIGN([[maybe_unused]] const auto envelope, section.ReadEnvelope());
  return Ok();
}

}  // namespace

Status VerifyPacks(Store& store, const VerifyOptions& options, const Operation& operation,
                   VerifyResult& result, Damage& damage) {
  std::vector<catalog::PackRow> packs;
  std::vector<catalog::SectionRow> sections;
  DLV_TRY(store.Read([&](const catalog::Catalog& catalog) -> Status {
    DLV_ASSIGN(packs, catalog.Packs());
    DLV_ASSIGN(sections, catalog.Sections());
    return Ok();
  }));
  std::uint64_t total = 0;
  for (const auto& section : sections) total += section.length;
  Report report(result, damage);
  for (const catalog::PackRow& pack : packs) {
    const std::string where = "packs/" + pack.name;
    const auto lost = [&](const Error& error) {
      result.findings.push_back({ErrorCode::kCorruption, where, error.message, {}});
      for (const auto& section : sections) {
        if (section.pack == pack.row) damage.sections.insert(section.row);
      }
    };
    auto file = store.OpenPack(pack.name);
    if (!file.ok()) {
      lost({ErrorCode::kCorruption,
            "the file is missing or cannot be opened: " + file.error().message});
      continue;
    }
    const auto opened = archive::PackReader::Open(std::move(file).value());
    if (!opened.ok())
      result.findings.push_back({opened.error().code, where, opened.error().message, {}});
    if (opened.ok() && opened->size_bytes() != pack.size_bytes) {
      result.findings.push_back({ErrorCode::kCorruption,
                                 where,
                                 "has " + std::to_string(opened->size_bytes()) +
                                     " bytes, the catalog says " + std::to_string(pack.size_bytes),
                                 {}});
    }
    ++result.packs;
    for (const auto& row : sections) {
      if (row.pack != pack.row) continue;
      const auto section = store.OpenSection(pack.name, row.offset);
      if (!section.ok()) {
        result.findings.push_back({section.error().code, where, section.error().message, {}});
        damage.sections.insert(row.row);
        continue;
      }
      const Status manifest = CheckManifestArea(**section);
      if (!manifest.ok()) {
        result.findings.push_back(
            {manifest.error().code, (*section)->Name(), manifest.error().message, {}});
        damage.sections.insert(row.row);
      }
      SectionCheck check(store, **section, options.full, report);
      DLV_TRY(io::ParallelFor((*section)->directory().entry_count(), operation.threads,
                              [&](std::uint64_t entry, unsigned) -> Status {
                                if (operation.cancel != nullptr && operation.cancel->cancelled()) {
                                  return Error{ErrorCode::kCancelled, "stopped on request"};
                                }
                                check.Entry(static_cast<std::uint32_t>(entry));
                                return Ok();
                              }));
      result.tensors += (*section)->directory().entry_count();
      result.bytes += row.length;
      if (operation.progress != nullptr)
        operation.progress->Report("checking", result.bytes, total);
    }
  }
  // Several threads found things in any order.
  std::sort(result.findings.begin(), result.findings.end(), [](const Finding& a, const Finding& b) {
    return a.where != b.where ? a.where < b.where : a.what < b.what;
  });
  return Ok();
}

}  // namespace dlv::store
