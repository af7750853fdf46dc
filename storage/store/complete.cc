#include "storage/store/complete.h"

#include <algorithm>
#include <charconv>

#include "storage/store/resolve.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

using catalog::Catalog;
using Names = std::vector<std::string>;

Result<Names> CompleteModels(const Catalog& catalog, std::string_view text, std::size_t limit) {
  Names found;
  DLV_ASSIGN(const auto names, catalog.ModelNames());
  for (const std::string& name : names) {
    if (found.size() < limit && name.starts_with(text)) found.push_back(name);
  }
  return found;
}

struct Range {
  std::uint64_t from = 0, count = 0;
};

// The numbers up to `most` that begin with `digits`: "12" gives 12, 120 .. 129, 1200 .. 1299, ...
std::vector<Range> NumbersBeginningWith(std::string_view digits, std::uint64_t most) {
  if (digits.empty()) return {{1, most}};
  std::uint64_t first = 0;
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), first);
  if (status != std::errc() || end != digits.data() + digits.size() || first == 0) return {};
  std::vector<Range> ranges;
  for (std::uint64_t from = first, count = 1; from <= most; from *= 10, count *= 10) {
    ranges.push_back({from, std::min(count, most - from + 1)});
    if (from > most / 10) break;
  }
  return ranges;
}

// Newest first. Numbers are looked up one by one: that is cheap, and listing ten thousand versions
// is not.
Status AddNumbers(const Catalog& catalog, const std::string& model, std::string_view digits,
                  std::size_t limit, Names& found) {
  DLV_ASSIGN(const auto latest, catalog.FindLatest(model));
  if (!latest) return Ok();
  const std::vector<Range> ranges = NumbersBeginningWith(digits, latest->summary.number);
  std::size_t looked_at = 0;
  for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
    for (std::uint64_t i = range->count; i > 0 && found.size() < limit; --i) {
      if (++looked_at > 4 * limit) return Ok();  // most of them were removed
      const std::uint64_t number = range->from + i - 1;
      DLV_ASSIGN(const auto version, catalog.FindVersion(model, number));
      if (version) found.push_back(version->summary.reference());
    }
  }
  return Ok();
}

Result<Names> CompleteVersions(const Catalog& catalog, const std::string& model,
                               std::string_view text, std::size_t limit) {
  Names found;
  DLV_ASSIGN(const auto aliases, catalog.Aliases(model));
  for (const auto& [alias, row] : aliases) {
    if (found.size() < limit && alias.starts_with(text)) found.push_back(model + ":" + alias);
  }
  const bool listed = std::find(found.begin(), found.end(), model + ":latest") != found.end();
  if (!listed && std::string_view("latest").starts_with(text)) found.push_back(model + ":latest");
  if (text.empty() || text.starts_with('v'))
    DLV_TRY(AddNumbers(catalog, model, text.substr(text.empty() ? 0 : 1), limit, found));
  return found;
}

Result<Names> CompleteSteps(Store& store, const std::string& version, std::string_view text,
                            std::size_t limit) {
  DLV_ASSIGN(const Target target, ResolveTarget(store, version));
  return store.Read([&](const Catalog& catalog) -> Result<Names> {
    Names found;
    DLV_ASSIGN(const auto snapshots, catalog.Snapshots(target.version.row));
    for (const catalog::SnapshotRow& snapshot : snapshots) {
      const std::string step = snapshot.info.step ? std::to_string(*snapshot.info.step) : "";
      if (found.size() < limit && !step.empty() && step.starts_with(text))
        found.push_back(version + "#" + step);
    }
    return found;
  });
}

Result<Names> CompleteTensors(Store& store, const std::string& version, std::string_view text,
                              std::size_t limit) {
  DLV_ASSIGN(const Target target, ResolveTarget(store, version));
  DLV_ASSIGN(const archive::Manifest manifest, ReadVersionManifest(store, target.version));
  DLV_ASSIGN(const std::uint32_t ordinal, FindSnapshot(manifest, target.step, version));
  DLV_ASSIGN(const archive::Layout layout, ReadLayout(store, manifest.snapshots[ordinal].layout));
  Names found;
  for (const archive::LayoutTensor& tensor : layout.tensors) {
    const bool wanted = tensor.role != TensorRole::kOptimizer && tensor.name.starts_with(text);
    if (wanted && found.size() < limit) found.push_back(version + "/" + tensor.name);
  }
  return found;
}

}  // namespace

Result<Names> CompleteReference(Store& store, std::string_view text, std::size_t limit) {
  const std::size_t slash = text.find('/');
  const std::size_t hash = text.find('#');
  if (slash != std::string_view::npos) {
    return CompleteTensors(store, std::string(text.substr(0, slash)), text.substr(slash + 1),
                           limit);
  }
  if (hash != std::string_view::npos) {
    return CompleteSteps(store, std::string(text.substr(0, hash)), text.substr(hash + 1), limit);
  }
  const std::size_t colon = text.find(':');
  return store.Read([&](const Catalog& catalog) -> Result<Names> {
    if (colon == std::string_view::npos) return CompleteModels(catalog, text, limit);
    return CompleteVersions(catalog, std::string(text.substr(0, colon)), text.substr(colon + 1),
                            limit);
  });
}

}  // namespace dlv::store
