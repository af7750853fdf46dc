#include "engine/query/execute/lineage_graph.h"

#include <algorithm>

namespace dlv::query {

LineageGraph::Lists LineageGraph::MakeLists(std::size_t versions, std::span<const EdgeEntry> edges,
                                            bool of_child) {
  Lists lists;
  lists.begin.assign(versions + 1, 0);
  const auto present = [](const EdgeEntry& edge) { return edge.parent != kNoVersion; };
  for (const EdgeEntry& edge : edges) {
    if (present(edge)) ++lists.begin[(of_child ? edge.child : edge.parent) + 1];
  }
  for (std::size_t i = 1; i <= versions; ++i) lists.begin[i] += lists.begin[i - 1];
  lists.members.resize(lists.begin.back());
  std::vector<std::uint32_t> next(lists.begin.begin(), lists.begin.end() - 1);
  for (const EdgeEntry& edge : edges) {
    if (!present(edge)) continue;
    lists.members[next[of_child ? edge.child : edge.parent]++] =
        of_child ? edge.parent : edge.child;
  }
  return lists;
}

LineageGraph::LineageGraph(const Snapshot& snapshot)
    : size_(snapshot.versions.size()),
      parents_(MakeLists(size_, snapshot.lineage, true)),
      children_(MakeLists(size_, snapshot.lineage, false)) {}

std::vector<VersionIndex> LineageGraph::Walk(const Lists& lists, VersionIndex from) const {
  std::vector<VersionIndex> found = {from};
  std::vector<std::uint8_t> seen(size_);
  seen[from] = 1;
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const VersionIndex next : lists.Of(found[i])) {
      if (seen[next] != 0) continue;
      seen[next] = 1;
      found.push_back(next);
    }
  }
  return found;
}

std::vector<VersionIndex> LineageGraph::Ancestors(VersionIndex version) const {
  auto found = Walk(parents_, version);
  found.erase(found.begin());
  return found;
}

std::vector<VersionIndex> LineageGraph::Descendants(VersionIndex version) const {
  auto found = Walk(children_, version);
  found.erase(found.begin());
  return found;
}

std::vector<VersionIndex> LineageGraph::Path(VersionIndex from, VersionIndex to) const {
  std::vector<VersionIndex> queue = {from}, came_from(size_, kNoVersion);
  came_from[from] = from;
  for (std::size_t i = 0; i < queue.size() && came_from[to] == kNoVersion; ++i) {
    for (const auto& lists : {&parents_, &children_}) {
      for (const VersionIndex next : lists->Of(queue[i])) {
        if (came_from[next] != kNoVersion) continue;
        came_from[next] = queue[i];
        queue.push_back(next);
      }
    }
  }
  if (came_from[to] == kNoVersion) return {};
  std::vector<VersionIndex> path = {to};
  while (path.back() != from) path.push_back(came_from[path.back()]);
  std::reverse(path.begin(), path.end());
  return path;
}

std::vector<VersionIndex> LineageGraph::LowestCommonAncestors(VersionIndex a,
                                                              VersionIndex b) const {
  std::vector<std::uint8_t> of_b(size_), above(size_);
  for (const VersionIndex version : Walk(parents_, b)) of_b[version] = 1;
  std::vector<VersionIndex> common;
  for (const VersionIndex version : Walk(parents_, a)) {
    if (of_b[version] != 0) common.push_back(version);
  }
  // What is above a common ancestor is none of the lowest; each version is visited once.
  std::vector<VersionIndex> stack;
  const auto visit_parents = [&](VersionIndex version) {
    for (const VersionIndex parent : parents_.Of(version)) {
      if (above[parent] != 0) continue;
      above[parent] = 1;
      stack.push_back(parent);
    }
  };
  for (const VersionIndex version : common) visit_parents(version);
  while (!stack.empty()) {
    const VersionIndex version = stack.back();
    stack.pop_back();
    visit_parents(version);
  }
  std::erase_if(common, [&](VersionIndex version) { return above[version] != 0; });
  return common;
}

std::optional<std::size_t> LineageGraph::Depth(VersionIndex version, VersionIndex ancestor) const {
  std::vector<VersionIndex> level = {version};
  std::vector<std::uint8_t> seen(size_);
  seen[version] = 1;
  for (std::size_t depth = 0; !level.empty(); ++depth) {
    std::vector<VersionIndex> next_level;
    for (const VersionIndex one : level) {
      if (one == ancestor) return depth;
      for (const VersionIndex parent : parents_.Of(one)) {
        if (seen[parent] != 0) continue;
        seen[parent] = 1;
        next_level.push_back(parent);
      }
    }
    level = std::move(next_level);
  }
  return std::nullopt;
}

}  // namespace dlv::query
