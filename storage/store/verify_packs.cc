#include "storage/store/verify_packs.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <set>

#include "storage/io/parallel.h"
#include "storage/store/object_lookup.h"

namespace dlv::store {
namespace {

/// Findings from several threads.
class Report {
 public:
  void Add(const std::string& where, Damage damage, const Error& error) {
    const std::lock_guard guard(mutex_);
    findings_.push_back({{error.code, where, error.message, {}}, std::move(damage)});
  }
  std::vector<PackFinding>& findings() { return findings_; }

 private:
  std::mutex mutex_;
  std::vector<PackFinding> findings_;
};

/// Counts tensors, each once however many copies of it there are. Of their ids eight bytes are
/// kept: a repository has millions of them.
class TensorCount {
 public:
  void Add(const TensorId& id) {
    const std::lock_guard guard(mutex_);
    ids_.push_back(catalog::IdPrefix(id));
  }
  std::uint64_t Distinct() {
    std::sort(ids_.begin(), ids_.end());
    ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
    return ids_.size();
  }

 private:
  std::mutex mutex_;
  std::vector<decltype(catalog::IdPrefix(TensorId{}))> ids_;
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
  /// `decode`: where to find what tensors and blobs are made of; null: only stored bytes.
  SectionCheck(Store* decode, const archive::SectionReader& section, Report& report,
               TensorCount& tensors)
      : store_(decode), section_(section), report_(report), tensors_(tensors) {}

  /// Checks one entry. Only cancelling and the like are errors.
  void Entry(std::uint32_t entry) {
    const auto kind = section_.directory().Kind(entry);
    const Status status = !kind.ok()                           ? Status(kind.error())
                          : *kind == archive::EntryKind::kBlob ? BlobEntry(entry)
                                                               : TensorEntry(entry);
    // A record that cannot even be parsed names no id.
    if (!status.ok()) report_.Add(section_.Name(), {}, status.error());
  }

 private:
  Status ReadUnit(const archive::UnitPlace& unit) {
    thread_local std::vector<std::byte> buffer;
    if (buffer.size() < unit.coded_bytes) buffer.resize(unit.coded_bytes);
    return section_.ReadUnit(unit, std::span(buffer).first(unit.coded_bytes));
  }

  Status TensorEntry(std::uint32_t entry) {
    DLV_ASSIGN(const auto tensor, section_.directory().Tensor(entry));
    tensors_.Add(tensor.id);
    Status status = ForEachUnit(section_.directory(), tensor, entry,
                                [&](const archive::UnitPlace& unit) { return ReadUnit(unit); });
    if (!status.ok() && tensor.clustered) {  // all members of the cluster are lost with it
      DLV_ASSIGN(const auto members, section_.directory().Members(tensor.cluster));
      for (const auto& member : members) Found(member.id, status.error());
      return Ok();
    }
    if (status.ok() && store_ != nullptr && (!tensor.is_part || tensor.part == 0))
      status = Decode(tensor.id);
    if (!status.ok()) Found(tensor.id, status.error());
    return Ok();
  }

  /// An entry that the catalog does not name is garbage: only its stored bytes are checked.
  Status Decode(const TensorId& id) {
    DLV_ASSIGN(const auto number, FindNumber(*store_, id));
    if (!number) return Ok();
    DLV_ASSIGN(const auto handle, store_->tensors().Open(id));
    return store_->tensors().Verify(*handle, 1);
  }

  Status BlobEntry(std::uint32_t entry) {
    DLV_ASSIGN(const auto blob, section_.directory().Blob(entry));
    Status status;
    for (const archive::UnitPlace& frame : blob.frames) {
      status = ReadUnit(frame);
      if (!status.ok()) break;
    }
    if (status.ok() && store_ != nullptr) {
      DLV_ASSIGN(const auto number, FindNumber(*store_, blob.id));
      if (!number) return Ok();
      status = store_->blobs().Stream(blob.id, [](std::span<const std::byte>) { return Ok(); });
    }
    if (!status.ok()) {
      report_.Add(section_.Name() + ", blob " + blob.id.Hex(16), {{}, {blob.id}, {}},
                  status.error());
    }
    return Ok();
  }

  void Found(const TensorId& id, const Error& error) {
    report_.Add(section_.Name() + ", tensor " + id.Hex(16), {{id}, {}, {}}, error);
  }

  Store* store_;
  const archive::SectionReader& section_;
  Report& report_;
  TensorCount& tensors_;
};

Status CheckManifestArea(const archive::SectionReader& section) {
  if (!section.has_manifest()) return Ok();
  DLV_ASSIGN([[maybe_unused]] const auto manifest, section.ReadManifest());
  DLV_ASSIGN([[maybe_unused]] const auto envelope, section.ReadEnvelope());
  return Ok();
}

Status CheckEntries(const archive::SectionReader& section, SectionCheck& check,
                    const Operation& operation) {
  const std::uint32_t entries = section.directory().entry_count();
  return io::ParallelFor(entries, operation.threads, [&](std::uint64_t entry, unsigned) -> Status {
    if (operation.cancel != nullptr && operation.cancel->cancelled()) {
      return Error{ErrorCode::kCancelled, "stopped on request"};
    }
    check.Entry(static_cast<std::uint32_t>(entry));
    return Ok();
  });
}

using Sections = std::vector<catalog::SectionRow>;

/// Checks one pack; counts and findings go to results of its own.
class PackCheck {
 public:
  PackCheck(Store& store, const VerifyOptions& options, const Operation& operation,
            TensorCount& tensors)
      : store_(store), options_(options), operation_(operation), tensors_(tensors) {}

  /// `on_section` is told the length of every section that was read.
  Status Run(const catalog::PackRow& pack, const Sections& sections,
             const std::function<void(std::uint64_t)>& on_section) {
    const std::string where = "packs/" + pack.name;
    ++result_.packs;
    auto file = store_.OpenPack(pack.name);
    if (!file.ok()) {
      Damage damage;
      for (const auto& section : sections) damage.sections.insert(section.row);
      report_.Add(where, std::move(damage),
                  {ErrorCode::kCorruption,
                   "the file is missing or cannot be opened: " + file.error().message});
      return Ok();
    }
    CheckFooter(pack, where, std::move(file).value());
    for (const auto& row : sections) {
      const auto section = store_.OpenSection(pack.name, row.offset);
      if (section.ok()) {
        DLV_TRY(CheckSection(**section, row));
      } else {
        report_.Add(where, {{}, {}, {row.row}}, section.error());
      }
      on_section(row.length);
    }
    return Ok();
  }

  VerifyResult& result() { return result_; }
  std::vector<PackFinding>& findings() { return report_.findings(); }

 private:
  void CheckFooter(const catalog::PackRow& pack, const std::string& where,
                   std::unique_ptr<io::ReadableFile> file) {
    const auto opened = archive::PackReader::Open(std::move(file));
    if (!opened.ok()) return report_.Add(where, {}, opened.error());
    if (opened->size_bytes() == pack.size_bytes) return;
    report_.Add(where, {},
                {ErrorCode::kCorruption, "has " + std::to_string(opened->size_bytes()) +
                                             " bytes, the catalog says " +
                                             std::to_string(pack.size_bytes)});
  }

  Status CheckSection(const archive::SectionReader& section, const catalog::SectionRow& row) {
    const Status manifest = CheckManifestArea(section);
    if (!manifest.ok()) report_.Add(section.Name(), {{}, {}, {row.row}}, manifest.error());
    SectionCheck check(options_.full ? &store_ : nullptr, section, report_, tensors_);
    return CheckEntries(section, check, operation_);
  }

  Store& store_;
  const VerifyOptions& options_;
  const Operation& operation_;
  TensorCount& tensors_;
  VerifyResult result_;
  Report report_;
};

/// Goes through the packs until all that the catalog names have been seen: other commands may
/// merge, rewrite and remove them meanwhile.
class Verifier {
 public:
  Verifier(Store& store, const VerifyOptions& options, const Operation& operation,
           VerifyResult& result, std::vector<PackFinding>& findings)
      : store_(store),
        options_(options),
        operation_(operation),
        result_(result),
        findings_(findings) {}

  Status Run() {
    for (int round = 0; round < kMaxRounds; ++round) {
      DLV_TRY(ReadRows());
      bool fresh = false;
      for (const auto& pack : packs_) {
        if (!seen_.insert(pack.name).second) continue;
        fresh = true;
        DLV_TRY(CheckOne(pack));
      }
      result_.tensors = tensors_.Distinct();
      if (!fresh) return Ok();
    }
    result_.notes.push_back("the packs changed all the time: the newest were not looked at");
    return Ok();
  }

 private:
  static constexpr int kMaxRounds = 16;

  Status ReadRows() {
    Sections sections;
    DLV_TRY(store_.Read([&](const catalog::Catalog& catalog) -> Status {
      DLV_ASSIGN(packs_, catalog.Packs());
      DLV_ASSIGN(sections, catalog.Sections());
      return Ok();
    }));
    sections_.clear();
    total_bytes_ = done_bytes_;
    for (const auto& section : sections) sections_[section.pack].push_back(section);
    for (const auto& pack : packs_) {
      if (seen_.contains(pack.name)) continue;
      for (const auto& section : sections_[pack.row]) total_bytes_ += section.length;
    }
    return Ok();
  }

  Status CheckOne(const catalog::PackRow& pack) {
    PackCheck check(store_, options_, operation_, tensors_);
    DLV_TRY(check.Run(pack, sections_[pack.row], [this](std::uint64_t bytes) {
      done_bytes_ += bytes;
      if (operation_.progress != nullptr)
        operation_.progress->Report("checking", done_bytes_, total_bytes_);
    }));
    if (!check.findings().empty()) {
      DLV_ASSIGN(const bool named, IsStillNamed(pack));
      if (!named) return Ok();  // what it held is in another pack by now, or garbage
    }
    Add(check);
    for (const auto& section : sections_[pack.row]) result_.bytes += section.length;
    return Ok();
  }

  Result<bool> IsStillNamed(const catalog::PackRow& pack) {
    DLV_ASSIGN(const auto row, store_.Read([&](const catalog::Catalog& catalog) {
      return catalog.GetPack(pack.row);
    }));
    return row && row->name == pack.name;
  }

  void Add(PackCheck& check) {
    std::ranges::move(check.findings(), std::back_inserter(findings_));
    result_.packs += check.result().packs;
  }

  Store& store_;
  const VerifyOptions& options_;
  const Operation& operation_;
  VerifyResult& result_;
  std::vector<PackFinding>& findings_;
  std::vector<catalog::PackRow> packs_;
  std::map<catalog::Row, Sections> sections_;  ///< by pack
  std::set<std::string> seen_;
  TensorCount tensors_;
  std::uint64_t done_bytes_ = 0, total_bytes_ = 0;
};

/// Checks a pack that is known by its name only.
Status CheckLoosePack(const std::string& where, const archive::PackReader& pack,
                      const Operation& operation, VerifyResult& result,
                      std::set<VersionId>& versions, TensorCount& tensors) {
  Report report;
  for (std::size_t i = 0; i < pack.sections().size(); ++i) {
    const auto section = pack.OpenSection(i);
    if (!section.ok()) {
      result.findings.push_back({section.error().code, where, section.error().message, {}});
      continue;
    }
    const Status manifest = CheckManifestArea(**section);
    if (!manifest.ok()) {
      result.findings.push_back(
          {manifest.error().code, (*section)->Name(), manifest.error().message, {}});
    } else if ((*section)->has_manifest()) {
      DLV_ASSIGN(const auto bytes, (*section)->ReadManifestBytes());
      versions.insert(archive::HashManifest(bytes));
    }
    SectionCheck check(nullptr, **section, report, tensors);
    DLV_TRY(CheckEntries(**section, check, operation));
  }
  for (PackFinding& found : report.findings()) result.findings.push_back(std::move(found.finding));
  return Ok();
}

void SortByPlace(VerifyResult& result) {
  std::sort(result.findings.begin(), result.findings.end(), [](const Finding& a, const Finding& b) {
    return a.where != b.where ? a.where < b.where : a.what < b.what;
  });
}

}  // namespace

Status VerifyLoosePacks(io::FileSystem& file_system, const RepositoryPaths& paths,
                        const Operation& operation, VerifyResult& result) {
  DLV_ASSIGN(const auto names, file_system.List(paths.packs));
  std::set<VersionId> versions;
  TensorCount tensors;
  for (const std::string& name : names) {
    const std::string where = "packs/" + name;
    auto file = file_system.OpenForReading(paths.Pack(name));
    auto pack = file.ok() ? archive::PackReader::Open(std::move(file).value())
                          : Result<archive::PackReader>(file.error());
    ++result.packs;
    if (!pack.ok()) {
      result.findings.push_back({pack.error().code, where, pack.error().message, {}});
      continue;
    }
    result.bytes += pack->size_bytes();
    DLV_TRY(CheckLoosePack(where, *pack, operation, result, versions, tensors));
  }
  result.versions = versions.size();
  result.tensors = tensors.Distinct();
  SortByPlace(result);
  return Ok();
}

Status VerifyPacks(Store& store, const VerifyOptions& options, const Operation& operation,
                   VerifyResult& result, std::vector<PackFinding>& findings) {
  const Status status = Verifier(store, options, operation, result, findings).Run();
  // Several threads found things in any order.
  std::ranges::sort(findings, {}, [](const PackFinding& one) {
    return std::pair(one.finding.where, one.finding.what);
  });
  return status;
}

}  // namespace dlv::store
