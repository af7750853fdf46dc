#include "storage/store/rebuild_packs.h"

#include <algorithm>
#include <unordered_set>

#include "storage/store/new_packs.h"
#include "storage/store/sound_forms.h"

namespace dlv::store {
namespace {

/// Adds a finding. An error of the disk is passed up instead: what cannot be read today may be
/// whole, and if it were left out gc would take it for garbage.
Status Find(VerifyResult& result, const std::string& where, const Error& error) {
  if (error.code == ErrorCode::kIo) {
    return Error{error.code, error.message, "to go on without " + where + ", move it away"};
  }
  result.findings.push_back({error.code, where, error.message, {}});
  return Ok();
}

Result<FoundPack> OpenPack(io::FileSystem& file_system, const RepositoryPaths& paths,
                           const std::string& name, VerifyResult& result) {
  const std::string where = "packs/" + name;
  DLV_ASSIGN(auto file, file_system.OpenForReading(paths.Pack(name)));
  auto reader = archive::PackReader::Open(std::move(file));
  const bool framed = reader.ok();
  if (!reader.ok()) {
    DLV_TRY(Find(result, where, reader.error()));
    if (reader.error().code == ErrorCode::kUnsupported) return std::move(reader).error();
    DLV_ASSIGN(auto again, file_system.OpenForReading(paths.Pack(name)));
    reader = archive::PackReader::Scan(std::move(again));
    if (!reader.ok()) return std::move(reader).error();
  }
  FoundPack found;
  found.name = name;
  found.whole = framed;
  found.size_bytes = reader->size_bytes();
  for (std::size_t i = 0; i < reader->sections().size(); ++i) {
    auto section = reader->OpenSection(i);
    if (!section.ok()) {
      DLV_TRY(Find(result, where, section.error()));
      found.whole = false;
      continue;
    }
    if ((*section)->has_manifest()) {
      const auto bytes = (*section)->ReadManifestBytes();
      if (bytes.ok()) {
        found.manifests.insert(archive::HashManifest(*bytes));
      } else {
        DLV_TRY(Find(result, (*section)->Name(), bytes.error()));
        found.whole = false;
      }
    }
    found.sections.push_back(std::move(section).value());
  }
  return found;
}

class Adopter {
 public:
  Adopter(catalog::Transaction& transaction, AdoptedPacks& adopted,
          std::set<EntryPlace> passed_over)
      : transaction_(transaction), adopted_(adopted), passed_over_(std::move(passed_over)) {}

  Status Section(const archive::SectionReader& section, catalog::Row row) {
    const archive::DirectoryReader& directory = section.directory();
    for (std::uint32_t entry = 0; entry < directory.entry_count(); ++entry) {
      DLV_ASSIGN(const archive::EntryKind kind, directory.Kind(entry));
      if (kind == archive::EntryKind::kBlob) {
        DLV_ASSIGN(const auto blob, directory.Blob(entry));
        if (adopted_.numbers.blobs.contains(blob.id)) continue;
        DLV_ASSIGN(const auto number,
                   transaction_.InsertObject(catalog::IdPrefix(blob.id), catalog::ObjectKind::kBlob,
                                             row, entry));
        adopted_.numbers.blobs.emplace(blob.id, number);
        continue;
      }
      DLV_ASSIGN(const auto tensor, directory.Tensor(entry));
      if (passed_over_.contains({&section, entry}) || !FirstOfItsKind(tensor)) continue;
      DLV_ASSIGN(const auto number,
                 transaction_.InsertObject(catalog::IdPrefix(tensor.id),
                                           catalog::ObjectKind::kTensor, row, entry));
      if (!tensor.is_part || tensor.part == 0) adopted_.numbers.tensors.emplace(tensor.id, number);
    }
    return Ok();
  }

  /// Parts of one stored form stand in packs that follow each other; a second form begins with part
  /// 0 again.
  bool FirstOfItsKind(const archive::TensorEntry& tensor) {
    if (!tensor.is_part) return !adopted_.numbers.tensors.contains(tensor.id);
    return parts_.insert(tensor.id.Hex() + std::to_string(tensor.part)).second;
  }

 private:
  catalog::Transaction& transaction_;
  AdoptedPacks& adopted_;
  std::set<EntryPlace> passed_over_;
  std::unordered_set<std::string> parts_;
};

/// Returns the rows of its sections.
Result<std::vector<catalog::Row>> InsertPack(catalog::Transaction& transaction,
                                             const FoundPack& pack, std::int64_t now) {
  std::vector<catalog::SectionRow> rows;
  for (const auto& section : pack.sections) {
    DLV_ASSIGN(auto row, DescribeSection(*section));
    rows.push_back(std::move(row));
  }
  return InsertPackRows(transaction, pack.name, pack.size_bytes, now, rows);
}

}  // namespace

Result<std::vector<FoundPack>> FindPacks(io::FileSystem& file_system, const RepositoryPaths& paths,
                                         VerifyResult& result) {
  DLV_ASSIGN(const auto names, file_system.List(paths.packs));
  std::vector<FoundPack> packs;
  for (const std::string& name : names) {
    auto pack = OpenPack(file_system, paths, name, result);
    if (pack.ok()) {
      packs.push_back(std::move(pack).value());
    } else {
      DLV_TRY(Find(result, "packs/" + name, pack.error()));
    }
  }
  return packs;
}

std::vector<FoundPack> ChoosePacks(std::vector<FoundPack> packs,
                                   const std::vector<std::string>& live,
                                   const std::set<VersionId>& logged, bool all,
                                   VerifyResult& result) {
  const std::set<std::string> is_live(live.begin(), live.end());
  std::set<std::string> commits;  // lease ids of packs that count
  for (const FoundPack& pack : packs) {
    const bool known = std::any_of(pack.manifests.begin(), pack.manifests.end(),
                                   [&](const VersionId& id) { return logged.contains(id); });
    if (known || is_live.contains(pack.name)) commits.insert(LeaseIdOf(pack.name));
  }
  std::vector<FoundPack> chosen;
  for (const std::string& name : live) {
    const auto found = std::ranges::find(packs, name, &FoundPack::name);
    if (found == packs.end()) continue;
    chosen.push_back(std::move(*found));
    found->name.clear();
  }
  for (FoundPack& pack : packs) {
    if (pack.name.empty()) continue;  // moved from above
    if (all || commits.contains(LeaseIdOf(pack.name))) {
      chosen.push_back(std::move(pack));
    } else {
      result.notes.push_back("packs/" + pack.name +
                             (pack.whole
                                  ? " belongs to no version (an interrupted command); gc removes it"
                                  : " is left out: no version that could be read needs it"));
    }
  }
  return chosen;
}

Result<AdoptedPacks> AdoptPacks(catalog::Transaction& transaction,
                                const std::vector<FoundPack>& packs, std::int64_t now) {
  AdoptedPacks adopted;
  DLV_ASSIGN(auto passed_over, FormsToPassOver(packs));
  Adopter adopter(transaction, adopted, std::move(passed_over));
  // The later row is the newer pack, as it was before.
  std::vector<std::vector<catalog::Row>> rows_of(packs.size());
  for (std::size_t place = packs.size(); place-- > 0;) {
    DLV_ASSIGN(rows_of[place], InsertPack(transaction, packs[place], now));
  }
  for (std::size_t place = 0; place < packs.size(); ++place) {
    const FoundPack& pack = packs[place];
    const std::vector<catalog::Row>& numbers = rows_of[place];
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const auto& section = pack.sections[i];
      DLV_TRY(adopter.Section(*section, numbers[i]));
      adopted.sections.push_back(section);
      if (!section->has_manifest()) continue;
      auto bytes = section->ReadManifestBytes();
      if (!bytes.ok() && bytes.error().code == ErrorCode::kIo) return std::move(bytes).error();
      if (bytes.ok())
        adopted.manifests.emplace(archive::HashManifest(*bytes),
                                  ManifestPlace{section, numbers[i]});
    }
  }
  return adopted;
}

}  // namespace dlv::store
