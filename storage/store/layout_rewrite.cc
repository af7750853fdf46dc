#include "storage/store/layout_rewrite.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "storage/codec/chunk_codec.h"
#include "storage/store/chosen_tensors.h"
#include "storage/store/form_writer.h"
#include "storage/store/garbage_plan.h"
#include "storage/store/rewrite_set.h"

namespace dlv::store {
namespace {

/// Fewer elements are read at once anyway (codec.md, section 4).
constexpr std::uint64_t kLeastElements = 1024;
constexpr int kAttempts = 3;

/// Whether a chunk of these elements gets levels by significance where they are asked for.
Result<bool> TakesSignificance(Store& store, const archive::TensorHandle& tensor,
                               const Operation& operation) {
  bool any = false;
  codec::ChunkEncoder encoder;
  codec::EncodedChunk coded;
  codec::EncodeOptions options;
  options.effort = 1;  // as FormWriter does
  options.by_significance = true;
  const auto encode = [&](std::span<const std::byte> raw) -> Status {
    if (any) return Ok();
    DLV_TRY(encoder.Encode(tensor.dtype(), raw, {}, options, coded));
    any = coded.header.mode == codec::ChunkMode::kSignificance;
    return Ok();
  };
  DLV_TRY(store.tensors().Stream(tensor, 0, operation.threads, encode));
  return any;
}

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
      if (!moved_on || attempt == kAttempts) return done.error();
      store_.ForgetPacks();
    }
  }

 private:
  Status Attempt(bool& moved_on) {
    result_ = ArchiveResult();
    DLV_ASSIGN(const StoredForms forms, StoredForms::Load(store_));
    DLV_TRY(Choose(forms));
    if (chosen_.empty()) return Ok();
    DLV_ASSIGN(std::vector<Rewrite> rewrites,
               MakeRewriteSet(forms, {}, chosen_, archive::kCommitDepth, LoadTrash(store_, forms)));
    std::unordered_map<TensorId, bool> layout;
    for (const TensorId& id : chosen_) layout[id] = by_significance_;
    // Behind the others of their group, whose cluster they would end.
    std::ranges::stable_sort(rewrites, {}, [&](const Rewrite& rewrite) {
      return std::tuple(rewrite.depth, rewrite.group,
                        layout.contains(forms.forms()[rewrite.form].id));
    });
    FormWriter writer(store_, forms, rewrites, operation_);
    writer.SetLayout(std::move(layout));
    DLV_TRY(writer.Write());
    DLV_TRY(writer.Prove());
    const Status switched = writer.Switch("dlv archive");
    moved_on = writer.moved_on();
    DLV_TRY(switched);
    result_.rewritten = rewrites.size();
    result_.tensors = std::max(result_.tensors, result_.rewritten);
    result_.before_bytes = writer.bytes_before();
    result_.after_bytes = writer.bytes_after();
    store_.ForgetPacks();
    AddFreed();
    return Ok();
  }

  /// The tensors that have no base and the other layout.
  Status Choose(const StoredForms& forms) {
    chosen_.clear();
    DLV_ASSIGN(const ChosenTensors named, ChooseTensors(store_, reference_, true));
    for (const ChosenTensor& tensor : named.tensors) {
      if (operation_.cancel != nullptr && operation_.cancel->cancelled())
        return Error{ErrorCode::kCancelled, "stopped on request"};
      const StoredForm* const form = forms.FindForm(tensor.info.id);
      if (std::ranges::find(chosen_, tensor.info.id) != chosen_.end()) continue;
      ++result_.tensors;
      if (form == nullptr || form->base || form->element_count < kLeastElements) continue;
      DLV_ASSIGN(const auto steps, store_.tensors().StepsOf(*tensor.handle));
      if (steps.empty() != by_significance_) continue;
      if (by_significance_) {
        DLV_ASSIGN(const bool takes, TakesSignificance(store_, *tensor.handle, operation_));
        if (!takes) continue;
      }
      chosen_.push_back(tensor.info.id);
    }
    return Ok();
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
  std::vector<TensorId> chosen_;
  ArchiveResult result_;
};

}  // namespace

Result<ArchiveResult> RewriteLayout(Store& store, std::string_view reference, TensorLayout layout,
                                    const Operation& operation) {
  return LayoutWriter(store, reference, layout, operation).Run();
}

}  // namespace dlv::store
