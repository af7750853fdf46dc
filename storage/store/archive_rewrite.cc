#include "storage/store/archive_rewrite.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "storage/io/byte_count.h"
#include "storage/store/form_writer.h"
#include "storage/store/garbage_plan.h"
#include "storage/store/rewrite_parts.h"

namespace dlv::store {
namespace {

constexpr int kRewriteAttempts = 3;
/// After a plan was carried out the next is made, until one has nothing to do: so often at most.
constexpr int kMostPlans = 6;
/// A rewrite must pay for itself: new forms are taken where the whole becomes at least this much
/// smaller.
constexpr std::uint64_t kGainPerMyriad = 50;
/// Cold forms gain little, and were asked for.
constexpr std::uint64_t kColdGainPerMyriad = 5;
/// What a form counts beyond the present one that was written and found to be no smaller.
constexpr std::uint64_t kRefusedBytes = 1;

class Archiver {
 public:
  Archiver(Store& store, std::string_view reference, const PlannerSettings& settings,
           const Operation& operation)
      : store_(store), reference_(reference), settings_(settings), operation_(operation) {}

  /// What was written in one round may open ways to the next: units that rested on several others,
  /// as older archives left them, were held where they were. Nearly always one is enough.
  Result<ArchiveResult> Run() {
    int conflicts = 0;
    for (rounds_left_ = kMostPlans - 1; rounds_left_ >= 0; --rounds_left_) {
      moved_on_ = false;
      const Result<bool> again = Round();
      if (again.ok() && !*again) break;
      if (again.ok()) continue;
      if (again.error().code != ErrorCode::kConflict || !moved_on_) return again.error();
      if (++conflicts == kRewriteAttempts)
        return Error{ErrorCode::kConflict,
                     "the repository changed while it was archived, several times in a row",
                     "try again"};
      ++rounds_left_;
      confirmed_ = confirmed_ && (begun_ || settings_.confirm);
      store_.ForgetPacks();  // tensors are looked for again
    }
    CountMoved();
    return std::move(result_);
  }

 private:
  /// Returns whether to plan once more.
  Result<bool> Round() {
    auto planned = PlanRewrites(store_, reference_, settings_, operation_);
    moved_on_ = !planned.ok() && planned.error().code == ErrorCode::kConflict;
    if (!planned.ok()) return planned.error();
    if (!confirmed_) StartResult(*planned);
    if (planned->is_settled() && reference_.empty()) planned->notes.Settle(planned->marks);
    planned->notes.Save(store_);
    settings_.full = false;  // further rounds may know what this one has found out
    if (planned->is_unreachable() || planned->rewrites.empty()) return false;
    if (settings_.confirm && !confirmed_ && !settings_.confirm(result_.plan)) {
      result_.declined = true;
      return false;
    }
    confirmed_ = true;
    return CarryOut(*planned);
  }

  void StartResult(const PlannedArchive& planned) {
    result_ = ArchiveResult();
    result_.plan = planned.report;
    result_.tensors = std::max<std::uint64_t>(planned.report.tensors, planned.rewrites.size());
    result_.before_bytes = planned.report.now.bytes;
    result_.after_bytes = result_.before_bytes;
  }

  /// What comes out bigger than it is, though no budget asks for that, is left as it is; nearly
  /// always that is nothing, for the plan knows the sizes. Otherwise loads may depend on it, and
  /// the plan is made anew; in the last round the rest is written.
  Result<bool> CarryOut(PlannedArchive& planned) {
    if (const Status room = CheckRoom(planned.report); !room.ok()) {
      if (begun_) return false;
      return room.error();
    }
    while (!planned.rewrites.empty()) {
      FormWriter writer(store_, planned.forms, planned.rewrites, operation_);
      DLV_TRY(writer.Write(settings_.pack_target_bytes));
      const auto parts =
          PartsOf(planned.forms, planned.rewrites, writer.objects(), GrowthOf(planned));
      std::vector<Rewrite> worth =
          WorthRewriting(planned.forms, planned.rewrites, parts, planned.demanded);
      const std::uint64_t least = planned.has_cold ? kColdGainPerMyriad : kGainPerMyriad;
      if (!planned.serves_loads && !Pays(parts, least)) worth.clear();
      if (worth.size() == planned.rewrites.size()) {
        DLV_TRY(Finish(planned, writer));
        return true;
      }
      NoteRefused(planned, worth);
      if (rounds_left_ > 0) return true;
      planned.rewrites = std::move(worth);
    }
    return false;
  }

  static PlannedGrowth GrowthOf(const PlannedArchive& planned) {
    PlannedGrowth growth;
    for (const ChangedUnit& unit : planned.changed)
      growth[unit.first_form] = unit.bytes_planned - static_cast<double>(unit.bytes_now);
    return growth;
  }

  /// The next plan knows better than to try again; that a form is bigger still is not forgotten.
  void NoteRefused(PlannedArchive& planned, const std::vector<Rewrite>& worth) {
    std::unordered_set<std::uint32_t> written;
    for (const Rewrite& rewrite : worth) written.insert(rewrite.form);
    for (const Rewrite& rewrite : planned.rewrites) {
      if (!written.contains(rewrite.form)) refused_.insert(planned.forms.forms()[rewrite.form].id);
    }
    for (const ChangedUnit& unit : planned.changed) {
      if (written.contains(unit.first_form)) continue;
      FormSize known = planned.notes.Size(unit.form).value_or(FormSize());
      known.bytes = std::max(known.bytes, unit.bytes_now + kRefusedBytes);
      planned.notes.KeepSize(unit.form, known);
    }
    planned.notes.Save(store_);
  }

  static bool Pays(const std::vector<RewritePart>& parts, std::uint64_t per_myriad) {
    std::uint64_t before = 0, after = 0;
    for (const RewritePart& part : parts) {
      before += part.bytes_before;
      after += part.planned_growth > 0 ? part.bytes_after
                                       : std::min(part.bytes_before, part.bytes_after);
    }
    return after + before * per_myriad / 10000 < before;
  }

  Status Finish(const PlannedArchive& planned, FormWriter& writer) {
    DLV_TRY(writer.Prove());
    const Status switched = writer.Switch("dlv archive");
    moved_on_ = writer.moved_on();
    DLV_TRY(switched);
    for (const Rewrite& rewrite : planned.rewrites) {
      const StoredForm& form = planned.forms.forms()[rewrite.form];
      moved_.try_emplace(form.id, Moved{form.base, {}}).first->second.after = rewrite.base;
      refused_.erase(form.id);
    }
    const std::uint64_t before = writer.bytes_before();
    if (!begun_) {
      result_.before_bytes = std::max(result_.before_bytes, before);
      result_.after_bytes = result_.before_bytes;
    }
    result_.after_bytes = result_.after_bytes + writer.bytes_after() - before;
    begun_ = true;
    AddFreed();
    store_.ForgetPacks();
    return Ok();
  }

  void CountMoved() {
    result_.kept = refused_.size();
    result_.rewritten = moved_.size();
    result_.tensors = std::max(result_.tensors, result_.rewritten);
    for (const auto& [id, moved] : moved_) result_.rebased += moved.before != moved.after ? 1 : 0;
  }

  Status CheckRoom(const ArchivePlan& plan) {
    DLV_ASSIGN(const std::uint64_t room, store_.file_system().FreeBytes(store_.paths().packs));
    if (room >= plan.free_bytes) return Ok();
    return Error{ErrorCode::kIo,
                 "no space left to archive: it needs " + io::ByteCount(plan.free_bytes) +
                     " until gc, " + io::ByteCount(room) + " are free",
                 "nothing was changed; free some with dlv gc --yes --no-trash, or archive one "
                 "version after the other"};
  }

  /// What cannot be said is left out: the work is done.
  void AddFreed() {
    const auto garbage = PlanGarbage(store_);
    if (!garbage.ok()) return;
    result_.gc_frees_bytes = 0;
    for (const PackFate& fate : garbage->drop) result_.gc_frees_bytes += fate.pack.size_bytes;
    for (const PackFate& fate : garbage->rewrite) result_.gc_frees_bytes += fate.dead_bytes;
  }

  Store& store_;
  std::string_view reference_;
  PlannerSettings settings_;
  const Operation& operation_;
  ArchiveResult result_;
  struct Moved {
    std::optional<TensorId> before, after;  ///< bases
  };
  std::unordered_map<TensorId, Moved> moved_;
  std::unordered_set<TensorId> refused_;
  int rounds_left_ = 0;
  bool moved_on_ = false;
  bool confirmed_ = false;
  bool begun_ = false;  ///< something was switched
};

}  // namespace

Result<ArchiveResult> ArchiveRewrite(Store& store, std::string_view reference,
                                     const PlannerSettings& settings, const Operation& operation) {
  return Archiver(store, reference, settings, operation).Run();
}

}  // namespace dlv::store
