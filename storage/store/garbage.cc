#include "storage/store/garbage.h"

#include <algorithm>
#include <memory>
#include <span>
#include <unordered_map>

#include "storage/store/garbage_plan.h"
#include "storage/store/pack_switch.h"
#include "storage/store/space_reserve.h"
#include "storage/store/usage.h"

namespace dlv::store {
namespace {

constexpr int kMaxAttempts = 4;
constexpr std::uint64_t kFreeMarginBytes = 64u << 20;  // left free for catalog and log

/// One pack that is written anew with its live objects.
struct Rewritten {
  PackFate fate;
  std::unique_ptr<NewPacks> packs;
  std::unique_ptr<PackRebuilder> rebuilder;
};

class Collector {
 public:
  Collector(Store& store, const GcOptions& options, const Operation& operation)
      : store_(store), options_(options), operation_(operation) {}

  Result<GcResult> Run() {
    if (!options_.execute) return DryRun();
    SpendReserve(store_);
    for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
      result_ = GcResult();
      rewritten_.clear();
      const Status status = Attempt();
      if (status.ok()) return std::move(result_);
      if (!moved_on_) return status.error();
    }
    return Error{ErrorCode::kConflict,
                 "the repository changed while gc was looking at it, several times in a row",
                 "try again"};
  }

 private:
  Result<GcResult> DryRun() {
    DLV_TRY(Plan());
    DLV_ASSIGN(const auto leftovers, FindLeftovers(store_, KnownPacks(), plan_.removals));
    DLV_ASSIGN(const auto expired, FindExpiredTrash(store_, Now(), options_.grace_seconds));
    for (const PackFate& fate : plan_.drop) AddDropped(fate);
    for (const PackFate& fate : plan_.rewrite) AddRewritten(fate);
    for (const Leftover& leftover : leftovers.garbage) Add(leftover);
    for (const Leftover& leftover : expired) Add(leftover);
    AddUnreadable(leftovers);
    return FinishResult();
  }

  Status Attempt() {
    moved_on_ = false;
    DLV_TRY(Plan());
    DLV_TRY(RewritePacks());
    Leftovers leftovers;
    bool began = false;
    const Status written = store_.Write("dlv gc", [&](Change& change) -> Status {
      const Status same = ExpectSequence(change.catalog, plan_.sequence);
      moved_on_ = !same.ok();
      DLV_TRY(same);
      // Under the lock nobody can be between moving a pack into place and naming it without a
      // living lease.
      DLV_ASSIGN(leftovers, FindLeftovers(store_, KnownPacks(), plan_.removals));
      if (plan_.drop.empty() && rewritten_.empty()) return Ok();
      DLV_TRY(Switch(change));
      began = true;
      return Ok();
    });
    if (began) {
      for (Rewritten& item : rewritten_)
        item.packs->Keep();  // the new state may be there even after an error
    }
    DLV_TRY(written);
    store_.ForgetPacks();
    return Sweep(leftovers);
  }

  Status Plan() {
    DLV_ASSIGN(plan_, PlanGarbage(store_));
    DLV_ASSIGN(const auto packs,
               store_.Read([](const catalog::Catalog& catalog) { return catalog.Packs(); }));
    known_.clear();
    for (const auto& pack : packs) known_.insert(pack.name);
    return Ok();
  }

  std::set<std::string> KnownPacks() const {
    std::set<std::string> names = known_;
    for (const Rewritten& item : rewritten_) names.insert(item.packs->Name(0));
    return names;
  }

  /// Writes the live parts of mostly dead packs anew, the most rewarding first, while there is
  /// room.
  Status RewritePacks() {
    std::sort(plan_.rewrite.begin(), plan_.rewrite.end(),
              [](const PackFate& a, const PackFate& b) { return a.dead_bytes > b.dead_bytes; });
    for (PackFate& fate : plan_.rewrite) {
      if (operation_.cancel != nullptr && operation_.cancel->cancelled()) {
        return Error{ErrorCode::kCancelled, "stopped on request"};
      }
      DLV_ASSIGN(const std::uint64_t room, store_.file_system().FreeBytes(store_.paths().packs));
      if (room < fate.pack.size_bytes - fate.dead_bytes + kFreeMarginBytes) {
        plan_.kept_dead_bytes += fate.dead_bytes;
        continue;
      }
      DLV_TRY(RewritePack(std::move(fate)));
    }
    return Ok();
  }

  Status RewritePack(PackFate fate) {
    Rewritten item{std::move(fate), nullptr, nullptr};
    DLV_ASSIGN(item.packs, NewPacks::Begin(store_, "dlv gc"));
    DLV_ASSIGN(auto rebuilder, PackRebuilder::Create(*item.packs));
    std::map<catalog::Row, std::set<std::uint32_t>> live;
    for (const std::uint32_t place : item.fate.live) {
      live[plan_.graph.nodes()[place].section].insert(plan_.graph.nodes()[place].entry);
    }
    for (const catalog::SectionRow& section : item.fate.sections) {
      const bool manifest = item.fate.live_manifests.contains(section.row);
      if (!live.contains(section.row) && !manifest) continue;
      const std::set<std::uint32_t>& entries = live[section.row];
      DLV_TRY(rebuilder.Rewrite(
          store_, section, [&](std::uint32_t entry) { return entries.contains(entry); }, manifest));
    }
    DLV_TRY(rebuilder.Finish(store_));
    item.rebuilder = std::make_unique<PackRebuilder>(std::move(rebuilder));
    rewritten_.push_back(std::move(item));
    return Ok();
  }

  /// Makes the new places count and forgets what is dead.
  Status Switch(Change& change) {
    std::vector<catalog::ObjectNumber> dead;
    const auto forget = [&](const PackFate& fate) {
      for (const std::uint32_t place : fate.dead) dead.push_back(plan_.graph.nodes()[place].number);
    };
    for (const PackFate& fate : plan_.drop) forget(fate);
    for (const Rewritten& item : rewritten_) forget(item.fate);
    std::sort(dead.begin(), dead.end());
    if (!dead.empty()) DLV_TRY(change.transaction.DeleteObjects(dead));
    for (const Rewritten& item : rewritten_) DLV_TRY(SwitchPack(change, item));
    for (const PackFate& fate : plan_.drop) DLV_TRY(DeletePackRows(change, fate.pack.row));
    return LogSwitch(change, "gc");
  }

  Status SwitchPack(Change& change, const Rewritten& item) {
    DLV_TRY(item.rebuilder->Insert(change));
    std::map<std::pair<catalog::Row, std::uint32_t>, std::uint32_t> entries;
    for (const SectionMove& move : item.rebuilder->moves()) {
      for (const archive::MovedEntry& entry : move.moved.entries)
        entries[{move.row.row, entry.from}] = entry.to;
    }
    for (const std::uint32_t place : item.fate.live) {
      const ObjectNode& node = plan_.graph.nodes()[place];
      const auto entry = entries.find({node.section, node.entry});
      if (entry == entries.end())
        return Error{ErrorCode::kInternal, "gc lost a live object while rewriting"};
      DLV_TRY(change.transaction.UpdateObject(node.number, node.section, entry->second));
    }
    return DeletePackRows(change, item.fate.pack.row);  // sections that were not kept, and the pack
  }

  /// After the commit point: moves files away. What fails here is found by the next gc.
  Status Sweep(const Leftovers& leftovers) {
    const std::int64_t now = Now();
    const std::string bin = store_.paths().trash + "/" + std::to_string(now);
    const bool trash = options_.use_trash && options_.grace_seconds > 0;
    for (const PackFate& fate : plan_.drop) {
      AddDropped(fate);
      DLV_TRY(Away(store_.paths().Pack(fate.pack.name), trash ? bin : ""));
    }
    for (const Rewritten& item : rewritten_) {
      AddRewritten(item.fate);
      DLV_TRY(Away(store_.paths().Pack(item.fate.pack.name), trash ? bin : ""));
    }
    for (const Leftover& leftover : leftovers.garbage) {
      Add(leftover);
      // A pack that no record names passes through the trash whatever the grace time.
      const bool pack = leftover.path.starts_with("packs/") && options_.use_trash;
      DLV_TRY(Away(store_.paths().dlv + "/" + leftover.path, pack ? bin : ""));
    }
    DLV_TRY(store_.file_system().SyncDirectory(store_.paths().packs));
    DLV_ASSIGN(const auto expired,
               FindExpiredTrash(store_, now, options_.use_trash ? options_.grace_seconds : 0));
    for (const Leftover& leftover : expired) {
      if (bin_made_ && bin == store_.paths().dlv + "/" + leftover.path) continue;
      Add(leftover);
      DLV_TRY(RemoveFolder(store_.paths().dlv + "/" + leftover.path));
    }
    AddUnreadable(leftovers);
    result_.executed = true;
    DLV_ASSIGN(result_, FinishResult());
    return Ok();
  }

  /// Moves a file to the folder `bin`, or removes it where there is none.
  Status Away(const std::string& path, const std::string& bin) {
    io::FileSystem& files = store_.file_system();
    if (bin.empty()) {
      const Status removed = files.Remove(path);
      return removed.ok() || removed.error().code == ErrorCode::kNotFound ? Ok() : removed;
    }
    if (!bin_made_) {
      DLV_TRY(files.MakeDirectory(bin));
      DLV_TRY(files.SyncDirectory(store_.paths().trash));  // what lies in it must not go with it
      bin_made_ = true;
    }
    const Status moved = files.Rename(path, bin + "/" + path.substr(path.rfind('/') + 1));
    if (!moved.ok() && moved.error().code != ErrorCode::kNotFound) return moved;
    return files.SyncDirectory(bin);
  }

  Status RemoveFolder(const std::string& path) {
    io::FileSystem& files = store_.file_system();
    DLV_ASSIGN(const auto names, files.List(path));
    for (const std::string& name : names) DLV_TRY(files.Remove(path + "/" + name));
    return files.Remove(path);
  }

  void AddDropped(const PackFate& fate) {
    const std::string what = fate.held.empty() ? "no version needs it"
                                               : "held " + fate.held + ", which no version needs";
    Add({"packs/" + fate.pack.name, what, fate.pack.size_bytes});
  }

  void AddRewritten(const PackFate& fate) {
    const std::uint64_t percent =
        fate.pack.size_bytes == 0 ? 0 : 100 * fate.dead_bytes / fate.pack.size_bytes;
    Add({"packs/" + fate.pack.name,
         std::to_string(percent) + " % dead" + (fate.held.empty() ? "" : " (" + fate.held + ")") +
             ", written anew without that",
         fate.dead_bytes});
  }

  void Add(const Leftover& leftover) {
    result_.items.push_back({leftover.path, leftover.reason, leftover.bytes});
    result_.freed_bytes += leftover.bytes;
  }

  /// What gc cannot judge is named and left alone.
  void AddUnreadable(const Leftovers& leftovers) {
    for (const std::span<const Leftover> list :
         {std::span<const Leftover>(plan_.unreadable), std::span(leftovers.unreadable)}) {
      for (const Leftover& pack : list)
        result_.unreadable.push_back({pack.path, pack.reason, pack.bytes});
    }
  }

  Result<GcResult> FinishResult() {
    result_.kept_bytes = plan_.kept_dead_bytes;
    DLV_ASSIGN(result_.trash_bytes, FolderBytes(store_.file_system(), store_.paths().trash));
    return result_;
  }

  Store& store_;
  const GcOptions& options_;
  const Operation& operation_;
  GarbagePlan plan_;
  std::set<std::string> known_;
  std::vector<Rewritten> rewritten_;
  GcResult result_;
  bool moved_on_ = false;
  bool bin_made_ = false;
};

}  // namespace

Result<GcResult> CollectGarbage(Store& store, const GcOptions& options,
                                const Operation& operation) {
  if (options.grace_seconds < 0)
    return Error{ErrorCode::kInvalidArgument, "the grace time is negative"};
  return Collector(store, options, operation).Run();
}

}  // namespace dlv::store
