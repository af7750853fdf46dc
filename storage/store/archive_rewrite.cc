#include "storage/store/archive_rewrite.h"

#include <algorithm>

#include "storage/store/form_writer.h"
#include "storage/store/garbage_plan.h"
#include "storage/store/rewrite_parts.h"

namespace dlv::store {
namespace {

constexpr int kRewriteAttempts = 3;
/// A rewrite must pay for itself: new forms are taken where the whole becomes at least this much
/// smaller.
constexpr std::uint64_t kGainPerMille = 5;
/// What a form counts beyond the present one that was written and found to be no smaller.
constexpr std::uint64_t kRefusedBytes = 1;

class Archiver {
 public:
  Archiver(Store& store, std::string_view reference, const PlannerSettings& settings,
           const Operation& operation)
      : store_(store), reference_(reference), settings_(settings), operation_(operation) {}

  Result<ArchiveResult> Run() {
    for (int attempt = 0; attempt < kRewriteAttempts; ++attempt) {
      moved_on_ = false;
      const Status status = Attempt();
      if (status.ok()) return std::move(result_);
      if (status.error().code != ErrorCode::kConflict || !moved_on_) return status.error();
      store_.ForgetPacks();  // tensors are looked for again
    }
    return Error{ErrorCode::kConflict,
                 "the repository changed while it was archived, several times in a row",
                 "try again"};
  }

 private:
  Status Attempt() {
    auto planned = PlanRewrites(store_, reference_, settings_, operation_);
    moved_on_ = !planned.ok() && planned.error().code == ErrorCode::kConflict;
    if (!planned.ok()) return planned.error();
    StartResult(*planned);
    planned->notes.Save(store_);
    if (planned->is_unreachable() || planned->rewrites.empty()) return Ok();
    if (settings_.confirm && !confirmed_ && !settings_.confirm(result_.plan)) {
      result_.declined = true;
      return Ok();
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
  /// always that is nothing, for the plan knows the sizes. Otherwise the rest is written again.
  Status CarryOut(PlannedArchive& planned) {
    DLV_TRY(CheckRoom(planned.report));
    const std::size_t asked = planned.rewrites.size();
    while (!planned.rewrites.empty()) {
      FormWriter writer(store_, planned.forms, planned.rewrites, operation_);
      DLV_TRY(writer.Write(settings_.pack_target_bytes));
      const auto parts = PartsOf(planned.forms, planned.rewrites, writer.objects());
      std::vector<Rewrite> worth =
          WorthRewriting(planned.forms, planned.rewrites, parts, planned.demanded);
      if (!planned.serves_loads && !Pays(parts)) worth.clear();
      if (worth.size() == planned.rewrites.size()) return Finish(planned, writer);
      planned.rewrites = std::move(worth);
      result_.kept = asked - planned.rewrites.size();
      NoteRefused(planned);
    }
    return Ok();
  }

  /// The next plan knows better than to try again.
  void NoteRefused(PlannedArchive& planned) {
    std::unordered_set<std::uint32_t> written;
    for (const Rewrite& rewrite : planned.rewrites) written.insert(rewrite.form);
    for (const ChangedUnit& unit : planned.changed) {
      if (!written.contains(unit.first_form))
        planned.notes.KeepSize(unit.form, unit.bytes_now + kRefusedBytes);
    }
    planned.notes.Save(store_);
  }

  static bool Pays(const std::vector<RewritePart>& parts) {
    std::uint64_t before = 0, after = 0;
    for (const RewritePart& part : parts) {
      before += part.bytes_before;
      after += std::min(part.bytes_before, part.bytes_after);
    }
    return after + before * kGainPerMille / 1000 < before;
  }

  Status Finish(const PlannedArchive& planned, FormWriter& writer) {
    DLV_TRY(writer.Prove());
    const Status switched = writer.Switch("dlv archive");
    moved_on_ = writer.moved_on();
    DLV_TRY(switched);
    result_.rewritten = planned.rewrites.size();
    for (const Rewrite& rewrite : planned.rewrites)
      result_.rebased += rewrite.base != planned.forms.forms()[rewrite.form].base ? 1 : 0;
    const std::uint64_t before = writer.bytes_before();
    result_.before_bytes = std::max(result_.before_bytes, before);
    result_.after_bytes = result_.before_bytes + writer.bytes_after() - before;
    AddFreed();
    return Ok();
  }

  Status CheckRoom(const ArchivePlan& plan) {
    DLV_ASSIGN(const std::uint64_t room, store_.file_system().FreeBytes(store_.paths().packs));
    if (room >= plan.free_bytes) return Ok();
    return Error{ErrorCode::kIo,
                 "no space left to archive: it takes " + std::to_string(plan.free_bytes) +
                     " bytes until gc, " + std::to_string(room) + " are free",
                 "nothing was changed; free some with dlv gc --yes --no-trash, or archive one "
                 "version after the other"};
  }

  /// What cannot be said is left out: the work is done.
  void AddFreed() {
    const auto garbage = PlanGarbage(store_);
    if (!garbage.ok()) return;
    for (const PackFate& fate : garbage->drop) result_.gc_frees_bytes += fate.pack.size_bytes;
    for (const PackFate& fate : garbage->rewrite) result_.gc_frees_bytes += fate.dead_bytes;
  }

  Store& store_;
  std::string_view reference_;
  const PlannerSettings& settings_;
  const Operation& operation_;
  ArchiveResult result_;
  bool moved_on_ = false;
  bool confirmed_ = false;
};

}  // namespace

Result<ArchiveResult> ArchiveRewrite(Store& store, std::string_view reference,
                                     const PlannerSettings& settings, const Operation& operation) {
  return Archiver(store, reference, settings, operation).Run();
}

}  // namespace dlv::store
