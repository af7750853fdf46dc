#include "storage/store/archive_rewrite.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "storage/archive/section_writer.h"
#include "storage/archive/tensor_hash.h"
#include "storage/store/object_lookup.h"
#include "storage/store/pack_switch.h"
#include "storage/store/publish.h"
#include "storage/store/resolve.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

constexpr int kRewriteAttempts = 3;
// A rewrite must pay for itself: new forms are taken where the whole becomes at least this much
// smaller.
constexpr std::uint64_t kGainPerMille = 5;

/// A tensor to write again.
struct Item {
  std::shared_ptr<const archive::TensorHandle> handle;
  std::uint64_t old_bytes = 0;
};

class Rewriter {
 public:
  Rewriter(Store& store, std::string_view reference, const Operation& operation)
      : store_(store), reference_(reference), operation_(operation) {}

  Result<ArchiveResult> Run() {
    for (int attempt = 0; attempt < kRewriteAttempts; ++attempt) {
      result_ = ArchiveResult();
      const Status status = Attempt();
      if (status.ok()) return result_;
      if (status.error().code != ErrorCode::kConflict || !moved_on_) return status.error();
    }
    return Error{ErrorCode::kConflict,
                 "the repository changed while it was archived, several times in a row",
                 "try again"};
  }

 private:
  Status Attempt() {
    moved_on_ = false;
    DLV_ASSIGN(const std::uint64_t sequence, SequenceNow(store_));
    DLV_ASSIGN(const auto versions, Versions());
    DLV_ASSIGN(auto items, Collect(versions));
    result_.tensors = items.size();
    for (const Item& item : items) result_.before_bytes += item.old_bytes;
    result_.after_bytes = result_.before_bytes;
    if (items.empty()) return Ok();

    DLV_ASSIGN(const auto packs, NewPacks::Begin(store_, "dlv archive"));
    DLV_ASSIGN(const archive::WriteResult written, Write(items, *packs));
    const std::uint64_t after = written.tensor_coded_bytes;
    if (after + result_.before_bytes * kGainPerMille / 1000 >= result_.before_bytes)
      return Ok();  // the packs are dropped

    DLV_TRY(packs->MoveIntoPlace());
    bool began = false;
    const Status switched = store_.Write("dlv archive", [&](Change& change) -> Status {
      const Status same = ExpectSequence(change.catalog, sequence);
      moved_on_ = !same.ok();
      DLV_TRY(same);
      DLV_TRY(Switch(change, *packs, written));
      began = true;
      return Ok();
    });
    if (began) packs->Keep();  // the new state may be there even after an error
    DLV_TRY(switched);
    result_.rewritten = written.objects.size();
    result_.after_bytes = after;
    return Ok();
  }

  Result<std::vector<catalog::VersionRow>> Versions() {
    if (!reference_.empty()) {
      DLV_ASSIGN(const Target target, ResolveTarget(store_, reference_));
      return std::vector<catalog::VersionRow>{target.version};
    }
    return store_.Read([](const catalog::Catalog& catalog) { return catalog.ListVersions(); });
  }

  /// Returns the tensors of the versions, each once, bases before what is stored against them.
  Result<std::vector<Item>> Collect(const std::vector<catalog::VersionRow>& versions) {
    std::unordered_set<TensorId> seen;
    std::vector<Item> items;
    for (const catalog::VersionRow& version : versions) {
      DLV_ASSIGN(const auto manifest, ReadVersionManifest(store_, version));
      for (const auto& snapshot : manifest.snapshots) {
        for (const TensorId& id : snapshot.tensors) {
          if (!seen.insert(id).second) continue;
          DLV_ASSIGN(auto handle, store_.tensors().Open(id));
          if (handle->element_count() == 0 || handle->parts().size() != 1) continue;
          DLV_ASSIGN(const auto cost, store_.tensors().Cost(*handle));
          items.push_back({std::move(handle), cost.coded_bytes});
        }
      }
    }
    std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
      return a.handle->depth() < b.handle->depth();
    });
    return items;
  }

  Result<archive::WriteResult> Write(const std::vector<Item>& items, NewPacks& packs) {
    archive::WriterOptions options;
    options.threads = operation_.threads;
    options.cancel = operation_.cancel;
    options.encode.effort = 1;
    std::uint64_t total = 0;
    for (const Item& item : items) total += item.handle->size_bytes();
    std::uint64_t done = 0;
    options.on_progress = [&](std::uint64_t bytes) {
      done += bytes;
      if (operation_.progress != nullptr) operation_.progress->Report("archiving", done, total);
    };
    archive::SectionWriter writer(packs.Factory(), options);
    for (const Item& item : items) DLV_TRY(WriteTensor(*item.handle, writer));
    return writer.Finish();
  }

  Status WriteTensor(const archive::TensorHandle& handle, archive::SectionWriter& writer) {
    if (operation_.cancel != nullptr && operation_.cancel->cancelled())
      return Error{ErrorCode::kCancelled, "stopped on request"};
    DLV_ASSIGN(const auto raw, store_.tensors().OpenSource(handle.id()));
    archive::TensorPlan plan;
    plan.dtype = handle.dtype();
    plan.element_count = handle.element_count();
    DLV_ASSIGN(plan.hash,
               archive::HashTensorSource(*raw, plan.dtype, plan.element_count, operation_.threads));
    if (plan.hash.id != handle.id()) {
      return Error{ErrorCode::kCorruption,
                   "tensor " + handle.id().Hex(16) + " decodes to another tensor",
                   "see: dlv fsck --full"};
    }
    std::unique_ptr<io::ByteSource> base;
    if (handle.base()) {
      DLV_ASSIGN(const auto base_handle, store_.tensors().Open(*handle.base()));
      DLV_ASSIGN(base, store_.tensors().OpenSource(*handle.base()));
      plan.base = *handle.base();
      plan.base_depth = base_handle->depth();
      plan.base_bytes = base.get();
    }
    return writer.AddTensor(plan, *raw);
  }

  /// Points the tensors to their new forms. Bases stay what they were, so no cycle can come up; a
  /// form is taken only where it is not deeper than the old one, so depths still fall along every
  /// chain.
  Status Switch(Change& change, NewPacks& packs, const archive::WriteResult& written) {
    std::map<std::pair<std::uint32_t, std::uint64_t>, catalog::Row> sections;
    DLV_TRY(InsertWritten(store_, change.transaction, packs, written, change.now, sections));
    for (const archive::WrittenObject& object : written.objects) {
      if (object.kind != archive::EntryKind::kTensor || object.is_part) continue;
      DLV_ASSIGN(const auto handle, store_.tensors().Open(object.tensor));
      if (object.depth > handle->depth()) continue;
      DLV_ASSIGN(const auto number, FindNumber(store_, object.tensor));
      if (!number)
        return Error{ErrorCode::kConflict,
                     "tensor " + object.tensor.Hex(16) + " was removed meanwhile"};
      const catalog::Row section = sections.at({object.pack, object.section_offset});
      DLV_TRY(change.transaction.UpdateObject(*number, section, object.entry));
    }
    return LogSwitch(change, "archive");
  }

  Store& store_;
  std::string_view reference_;
  const Operation& operation_;
  ArchiveResult result_;
  bool moved_on_ = false;
};

}  // namespace

Result<ArchiveResult> ArchiveRewrite(Store& store, std::string_view reference,
                                     const Operation& operation) {
  return Rewriter(store, reference, operation).Run();
}

}  // namespace dlv::store
