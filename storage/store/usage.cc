#include "storage/store/usage.h"

#include <algorithm>
#include <map>
#include <set>

#include "storage/store/object_graph.h"
#include "storage/store/planner_notes.h"
#include "storage/store/replaced_forms.h"
#include "storage/store/usage_scope.h"

namespace dlv::store {
namespace {

/// Which one line needs an object: none yet, one, or several (or a version outside the scope).
constexpr std::uint32_t kNobody = 0xffffffff;
constexpr std::uint32_t kSeveral = 0xfffffffe;

struct Line {
  UsageLine line;
  std::vector<catalog::ObjectNumber> roots;
};

/// The lines in the order of the listing, with the objects that each names.
std::vector<Line> LinesOf(const UsageScope& scope, bool by_version) {
  std::vector<Line> lines;
  std::map<std::string, std::size_t> places;
  for (const ScopeVersion& version : scope.versions) {
    const VersionSummary& summary = version.row.summary;
    const std::string name = by_version ? summary.reference() : summary.model;
    const auto [place, fresh] = places.emplace(name, lines.size());
    if (fresh) lines.push_back({{name, 0, 0, 0, 0}, {}});
    Line& line = lines[place->second];
    line.line.raw_bytes += summary.raw_bytes;
    line.roots.insert(line.roots.end(), version.roots.begin(), version.roots.end());
  }
  return lines;
}

/// The account of one state of the repository.
class UsageCounter {
 public:
  UsageCounter(Store& store, const UsageOptions& options, UsageScope scope, ObjectGraph graph)
      : store_(store), options_(options), scope_(std::move(scope)), graph_(std::move(graph)) {}

  Result<UsageReport> Run() {
    for (const ScopeVersion& version : scope_.versions) {
      report_.raw_bytes += version.row.summary.raw_bytes;
    }
    others_need_.assign(graph_.nodes().size(), false);
    for (const std::uint32_t place : graph_.Closure(scope_.others)) others_need_[place] = true;
    CountObjects();
    DLV_TRY(AddLines());
    DLV_TRY(CountFolders());
    return std::move(report_);
  }

 private:
  std::uint64_t BytesAt(std::uint32_t place) const { return graph_.nodes()[place].coded_bytes; }

  /// Tensors, blobs and garbage of the whole repository; what removing the scope would free.
  void CountObjects() {
    std::vector<catalog::ObjectNumber> roots;
    for (const ScopeVersion& version : scope_.versions) {
      roots.insert(roots.end(), version.roots.begin(), version.roots.end());
    }
    std::vector<bool> needed = others_need_;
    std::uint64_t freed = 0, kept = 0;
    for (const std::uint32_t place : graph_.Closure(roots)) {
      (others_need_[place] ? kept : freed) += BytesAt(place);
      needed[place] = true;
    }
    if (!options_.references.empty()) {
      report_.freed_bytes = freed;
      report_.kept_bytes = kept;
    }
    for (std::size_t place = 0; place < needed.size(); ++place) {
      const ObjectNode& node = graph_.nodes()[place];
      (!needed[place]                              ? report_.garbage_bytes
       : node.kind == catalog::ObjectKind::kTensor ? report_.tensor_bytes
                                                   : report_.blob_bytes) += node.coded_bytes;
    }
  }

  Status AddLines() {
    switch (options_.by) {
      case UsageBy::kTensor: {
        DLV_ASSIGN(report_.lines, UsageByTensor(store_, scope_, graph_, others_need_));
        return Ok();
      }
      case UsageBy::kPlane: {
        DLV_ASSIGN(report_.lines, UsageByPlane(store_, scope_));
        return Ok();
      }
      case UsageBy::kCodec: {
        DLV_ASSIGN(report_.lines, UsageByCodec(store_, scope_));
        return Ok();
      }
      default:
        AddVersions(options_.by == UsageBy::kVersion);
        return Ok();
    }
  }

  void AddVersions(bool by_version) {
    std::vector<Line> lines = LinesOf(scope_, by_version);
    std::vector<std::uint32_t> owner(graph_.nodes().size(), kNobody);
    for (std::size_t place = 0; place < owner.size(); ++place) {
      if (others_need_[place]) owner[place] = kSeveral;
    }
    for (std::uint32_t i = 0; i < lines.size(); ++i) {
      const std::set<catalog::ObjectNumber> named(lines[i].roots.begin(), lines[i].roots.end());
      for (const std::uint32_t place : graph_.Closure(lines[i].roots)) {
        const ObjectNode& node = graph_.nodes()[place];
        lines[i].line.stored_bytes += node.coded_bytes;
        const bool is_tensor = node.kind == catalog::ObjectKind::kTensor;
        if (is_tensor && !named.contains(node.number)) {
          *lines[i].line.base_bytes += node.coded_bytes;
        }
        owner[place] = owner[place] == kNobody || owner[place] == i ? i : kSeveral;
      }
    }
    for (std::uint32_t place = 0; place < owner.size(); ++place) {
      if (owner[place] < kSeveral) *lines[owner[place]].line.unique_bytes += BytesAt(place);
    }
    for (Line& line : lines) report_.lines.push_back(std::move(line.line));
  }

  Status CountFolders() {
    DLV_ASSIGN(const auto replaced, ReplacedBytes(store_, graph_));
    for (const auto& [section, bytes] : replaced) report_.garbage_bytes += bytes;
    io::FileSystem& files = store_.file_system();
    DLV_ASSIGN(report_.total_bytes, FolderBytes(files, store_.paths().dlv));
    DLV_ASSIGN(report_.trash_bytes, FolderBytes(files, store_.paths().trash));
    DLV_ASSIGN(const auto packs,
               store_.Read([](const catalog::Catalog& catalog) { return catalog.Packs(); }));
    std::uint64_t known = 0;
    for (const auto& pack : packs) known += pack.size_bytes;
    // Packs that the catalog does not name are left over from interrupted commands.
    DLV_ASSIGN(const std::uint64_t in_packs, FolderBytes(files, store_.paths().packs));
    report_.garbage_bytes += in_packs > known ? in_packs - known : 0;
    for (const std::string& path : {store_.paths().dlv + "/derived", PlannerNotes::Path(store_)}) {
      DLV_ASSIGN(const std::uint64_t bytes, FolderBytes(files, path));
      report_.derived_bytes += bytes;
    }
    const std::uint64_t content = report_.tensor_bytes + report_.blob_bytes +
                                  report_.derived_bytes + report_.garbage_bytes +
                                  report_.trash_bytes;
    report_.metadata_bytes = report_.total_bytes > content ? report_.total_bytes - content : 0;
    return Ok();
  }

  Store& store_;
  const UsageOptions& options_;
  UsageScope scope_;
  ObjectGraph graph_;
  std::vector<bool> others_need_;  ///< by place
  UsageReport report_;
};

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

Result<UsageReport> Usage(Store& store, const UsageOptions& options) {
  DLV_ASSIGN(UsageScope scope, FindScope(store, options.references));
  DLV_ASSIGN(ObjectGraph graph, ObjectGraph::Load(store));
  return UsageCounter(store, options, std::move(scope), std::move(graph)).Run();
}

}  // namespace dlv::store
