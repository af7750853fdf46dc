#pragma once
/// \file
/// What gc would do.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/object_graph.h"
#include "storage/store/removal_check.h"
#include "storage/store/store.h"

namespace dlv::store {

struct PackFate {
  catalog::PackRow pack;
  std::vector<catalog::SectionRow> sections;
  std::vector<std::uint32_t> live, dead;  ///< places in the object graph
  std::set<catalog::Row> live_manifests;  ///< sections whose manifest a version needs
  std::uint64_t live_bytes = 0, dead_bytes = 0;
  std::string held;  ///< which versions its dead manifests were of
  bool wholly_dead() const { return live.empty() && live_manifests.empty(); }
};

/// A file or folder below .dlv that nobody needs, or that gc cannot judge.
struct Leftover {
  std::string path;  ///< below .dlv
  std::string reason;
  std::uint64_t bytes = 0;
};

struct GarbagePlan {
  std::uint64_t sequence = 0;  ///< of the state that was looked at
  RemovalCheck removals;
  ObjectGraph graph;
  std::vector<PackFate> drop;         ///< wholly dead
  std::vector<PackFate> rewrite;      ///< more than half dead
  std::vector<Leftover> unreadable;   ///< would be dropped or rewritten, but cannot be read whole,
                                      ///< or hold versions of whose removal nothing is known
  std::uint64_t kept_dead_bytes = 0;  ///< dead, in packs that stay
};

Result<GarbagePlan> PlanGarbage(Store& store);

/// What lies in packs/ and tmp/ without the catalog knowing it.
struct Leftovers {
  std::vector<Leftover> garbage;     ///< left by interrupted commands
  std::vector<Leftover> unreadable;  ///< in packs/, but not read and understood whole: a rebuilt
                                     ///< catalog leaves such packs out, so they may be anything;
                                     ///< or with versions of whose removal nothing is known
};

/// Call under the lock before acting on it: `known` are the names of the packs in the catalog.
Result<Leftovers> FindLeftovers(Store& store, const std::set<std::string>& known,
                                const RemovalCheck& removals);
/// Returns folders of the trash that are older than the grace time.
Result<std::vector<Leftover>> FindExpiredTrash(Store& store, std::int64_t now,
                                               std::int64_t grace_seconds);

}  // namespace dlv::store
