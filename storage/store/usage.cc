#include "storage/store/usage.h"

#include <algorithm>
#include <map>

#include "storage/store/object_graph.h"
#include "storage/store/replaced_forms.h"

namespace dlv::store {
namespace {

/// Which one line needs an object: none yet, one, or several.
constexpr std::uint32_t kNobody = 0xffffffff;
constexpr std::uint32_t kSeveral = 0xfffffffe;

struct Line {
  UsageLine line;
  std::vector<catalog::ObjectNumber> roots;
};

/// Returns the lines in the order of the listing, with the objects that each names.
Result<std::vector<Line>> CollectLines(Store& store, bool by_version) {
  return store.Read([&](const catalog::Catalog& catalog) -> Result<std::vector<Line>> {
    DLV_ASSIGN(auto versions, catalog.ListVersions());
    std::reverse(versions.begin(), versions.end());  // oldest first
    std::vector<Line> lines;
    std::map<std::string, std::size_t> places;
    for (const catalog::VersionRow& version : versions) {
      const VersionSummary& summary = version.summary;
      const std::string name = by_version ? summary.reference() : summary.model;
      const auto [place, fresh] = places.emplace(name, lines.size());
      if (fresh) lines.push_back({{name, 0, 0, 0}, {}});
      Line& line = lines[place->second];
      line.line.raw_bytes += summary.raw_bytes;
      DLV_ASSIGN(const auto roots, catalog.ReferencedObjects(version.row));
      line.roots.insert(line.roots.end(), roots.begin(), roots.end());
    }
    return lines;
  });
}

}  // namespace

Result<std::uint64_t> FolderBytes(io::FileSystem& file_system, const std::string& path) {
  auto stat = file_system.Stat(path);
  if (!stat.ok()) {
    if (stat.error().code == ErrorCode::kNotFound) return std::uint64_t{0};
    return std::move(stat).error();
  }
  if (!stat->is_directory) return stat->is_regular ? stat->size_bytes : 0;
  DLV_ASSIGN(const auto names, file_system.List(path));
  std::uint64_t total = 0;
  for (const std::string& name : names) {
    DLV_ASSIGN(const std::uint64_t size, FolderBytes(file_system, path + "/" + name));
    total += size;
  }
  return total;
}

Result<UsageReport> Usage(Store& store, bool by_version) {
  UsageReport report;
  DLV_ASSIGN(auto lines, CollectLines(store, by_version));
  DLV_ASSIGN(const ObjectGraph graph, ObjectGraph::Load(store));
  std::vector<std::uint32_t> owner(graph.nodes().size(), kNobody);
  for (std::uint32_t i = 0; i < lines.size(); ++i) {
    for (const std::uint32_t place : graph.Closure(lines[i].roots)) {
      lines[i].line.stored_bytes += graph.nodes()[place].coded_bytes;
      owner[place] = owner[place] == kNobody ? i : owner[place] == i ? i : kSeveral;
    }
    report.raw_bytes += lines[i].line.raw_bytes;
  }
  for (std::size_t place = 0; place < owner.size(); ++place) {
    const ObjectNode& node = graph.nodes()[place];
    if (owner[place] == kNobody) {
      report.garbage_bytes += node.coded_bytes;
      continue;
    }
    if (owner[place] != kSeveral) lines[owner[place]].line.unique_bytes += node.coded_bytes;
    (node.kind == catalog::ObjectKind::kTensor ? report.tensor_bytes : report.blob_bytes) +=
        node.coded_bytes;
  }
  DLV_ASSIGN(const auto replaced, ReplacedBytes(store, graph));
  for (const auto& [section, bytes] : replaced) report.garbage_bytes += bytes;
  for (Line& line : lines) report.lines.push_back(std::move(line.line));

  io::FileSystem& files = store.file_system();
  DLV_ASSIGN(report.total_bytes, FolderBytes(files, store.paths().dlv));
  DLV_ASSIGN(report.trash_bytes, FolderBytes(files, store.paths().trash));
  DLV_ASSIGN(const auto packs,
             store.Read([](const catalog::Catalog& catalog) { return catalog.Packs(); }));
  std::uint64_t known = 0;
  for (const auto& pack : packs) known += pack.size_bytes;
  // Packs that the catalog does not name are left over from interrupted commands.
  DLV_ASSIGN(const std::uint64_t in_packs, FolderBytes(files, store.paths().packs));
  report.garbage_bytes += in_packs > known ? in_packs - known : 0;
  const std::uint64_t content =
      report.tensor_bytes + report.blob_bytes + report.garbage_bytes + report.trash_bytes;
  report.metadata_bytes = report.total_bytes > content ? report.total_bytes - content : 0;
  return report;
}

}  // namespace dlv::store
