#include "storage/store/layout_rewrite.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "storage/archive/format.h"
#include "storage/codec/chunk_codec.h"
#include "storage/io/byte_count.h"
#include "storage/store/chosen_tensors.h"
#include "storage/store/form_writer.h"
#include "storage/store/garbage_plan.h"
#include "storage/store/planner_notes.h"
#include "storage/store/rewrite_set.h"

namespace dlv::store {
namespace {

/// Fewer elements are read at once anyway (docs/format/codec.md, section 4).
constexpr std::uint64_t kLeastElements = 1024;
constexpr int kLayoutAttempts = 3;

class LayoutWriter {
 public:
  LayoutWriter(Store& store, std::string_view reference, TensorLayout layout,
               const Operation& operation)
      : store_(store),
        reference_(reference),
        by_significance_(layout == TensorLayout::kSignificance),
        operation_(operation) {}

  Result<ArchiveResult> Run() {
    for (int attempt = 1;; ++attempt) {
      bool moved_on = false;
      const Status done = Attempt(moved_on);
      if (done.ok()) return std::move(result_);
      if (!moved_on || attempt == kLayoutAttempts) return done.error();
      store_.ForgetPacks();  // tensors are looked for again
    }
  }

 private:
  Status Attempt(bool& moved_on) {
    result_ = ArchiveResult();
    DLV_ASSIGN(const StoredForms forms, StoredForms::Load(store_));
    DLV_TRY(Choose(forms));
    if (layouts_.empty()) return Ok();
    DLV_ASSIGN(const std::vector<Rewrite> rewrites, RewritesOf(forms));
    FormWriter writer(store_, forms, rewrites, operation_);
    writer.SetLayout(layouts_);
    DLV_TRY(CheckRoom(writer.bytes_before()));
    DLV_TRY(writer.Write());
    DLV_TRY(writer.Prove());
    const Status switched = writer.Switch("dlv archive");
    moved_on = writer.moved_on();
    DLV_TRY(switched);
    result_.rewritten = rewrites.size();
    result_.tensors = std::max(result_.tensors, result_.rewritten);
    result_.before_bytes = writer.bytes_before();
    result_.after_bytes = writer.bytes_after();
    Unsettle();
    AddFreed();
    return Ok();
  }

  /// The tensors that have no base and the other layout.
  Status Choose(const StoredForms& forms) {
    layouts_.clear();
    DLV_ASSIGN(const ChosenTensors named, ChooseTensors(store_, reference_, true));
    std::unordered_set<TensorId> seen;
    for (const ChosenTensor& tensor : named.tensors) {
      if (!seen.insert(tensor.info.id).second) continue;
      ++result_.tensors;
      const StoredForm* const form = forms.FindForm(tensor.info.id);
      if (form == nullptr || form->element_count < kLeastElements) continue;
      if (form->base) {
        ++result_.differences;
        continue;
      }
      DLV_ASSIGN(const bool changes, Changes(*tensor.handle));
      if (changes) layouts_[form->id] = by_significance_;
    }
    return Ok();
  }

  Result<bool> Changes(const archive::TensorHandle& tensor) {
    const auto has_steps = store_.tensors().HasSteps(tensor);
    if (!has_steps.ok()) return NameDamaged(store_, tensor.id(), has_steps.error());
    if (*has_steps == by_significance_) return false;
    return by_significance_ ? TakesSignificance(tensor) : Result<bool>(true);
  }

  /// Whether a chunk gets levels by significance where they are asked for: not if it is no float,
  /// say, or repeats itself.
  Result<bool> TakesSignificance(const archive::TensorHandle& tensor) {
    codec::EncodeOptions options;
    options.effort = 1;  // as FormWriter does
    options.by_significance = true;
    options.cluster = tensor.element_count() < archive::kSmallTensorElements;
    codec::EncodedChunk coded;
    for (std::uint64_t i = 0; i < archive::ChunkCount(tensor.element_count()); ++i) {
      if (operation_.cancel != nullptr && operation_.cancel->cancelled())
        return Error{ErrorCode::kCancelled, "stopped on request"};
      std::vector<std::byte> raw(static_cast<std::size_t>(
          archive::ChunkLength(tensor.element_count(), i) * SizeOf(tensor.dtype())));
      const auto read = store_.tensors().Read(tensor, i * archive::kChunkElements, raw);
      if (!read.ok()) return NameDamaged(store_, tensor.id(), read.error());
      DLV_TRY(encoder_.Encode(tensor.dtype(), raw, {}, options, coded));
      if (coded.header.mode == codec::ChunkMode::kSignificance) return true;
    }
    return false;
  }

  /// With what shares a cluster with them. A tensor by significance stands alone: it comes behind
  /// the others of its group, whose cluster it would end.
  Result<std::vector<Rewrite>> RewritesOf(const StoredForms& forms) const {
    std::vector<TensorId> chosen;
    for (const auto& [id, layout] : layouts_) chosen.push_back(id);
    DLV_ASSIGN(std::vector<Rewrite> rewrites,
               MakeRewriteSet(forms, {}, chosen, archive::kCommitDepth, LoadTrash(store_, forms)));
    std::ranges::stable_sort(rewrites, {}, [&](const Rewrite& rewrite) {
      return std::tuple(rewrite.depth, rewrite.group,
                        layouts_.contains(forms.forms()[rewrite.form].id));
    });
    return rewrites;
  }

  /// What is written anew takes about what is there, until gc.
  Status CheckRoom(std::uint64_t needed) const {
    DLV_ASSIGN(const std::uint64_t room, store_.file_system().FreeBytes(store_.paths().packs));
    if (room >= needed) return Ok();
    return Error{ErrorCode::kIo,
                 "no space left to archive: it needs " + io::ByteCount(needed) + " until gc, " +
                     io::ByteCount(room) + " are free",
                 "nothing was changed; free some with dlv gc --yes --no-trash"};
  }

  /// Of what has another layout now archive may think otherwise.
  void Unsettle() {
    PlannerNotes notes = PlannerNotes::Load(store_);
    notes.Settle({});
    notes.Save(store_);
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
  bool by_significance_;
  const Operation& operation_;
  codec::ChunkEncoder encoder_;
  std::unordered_map<TensorId, bool> layouts_;  ///< of what is to change: whether by significance
  ArchiveResult result_;
};

}  // namespace

Result<ArchiveResult> RewriteLayout(Store& store, std::string_view reference, TensorLayout layout,
                                    const Operation& operation) {
  return LayoutWriter(store, reference, layout, operation).Run();
}

}  // namespace dlv::store
