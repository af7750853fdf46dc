#include "storage/store/plan_tensors.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "storage/store/form_writer.h"
#include "storage/store/keyed_layout.h"

namespace dlv::store {
namespace {

/// The stored tensors of a snapshot, as their layout orders them.
struct Placed {
  std::shared_ptr<const KeyedLayout> layout;
  std::vector<std::uint32_t> numbers;
};

class PlanCollector {
 public:
  PlanCollector(Store& store, const StoredForms& forms, PlannerNotes& notes,
                const Operation& operation)
      : store_(store), forms_(forms), notes_(notes), operation_(operation) {}

  Result<PlanTensors> Run(const std::vector<catalog::VersionRow>& versions) {
    std::uint64_t done = 0;
    for (const catalog::VersionRow& version : versions) {
      DLV_TRY(AddVersion(version));
      if (operation_.progress != nullptr)
        operation_.progress->ReportCount("sampling", ++done, versions.size(), "versions");
    }
    DLV_TRY(AddMates());
    FillSearch();
    return std::move(result_);
  }

 private:
  Status AddVersion(const catalog::VersionRow& version) {
    DLV_ASSIGN(const archive::Manifest manifest, ReadVersionManifest(store_, version));
    Placed last;
    for (const archive::ManifestSnapshot& snapshot : manifest.snapshots) {
      DLV_ASSIGN(Placed placed, AddSnapshot(version, snapshot));
      if (last.layout) {
        PairKeys(placed, last);
      } else {
        for (const archive::ManifestParent& parent : manifest.parents) {
          const auto known = last_of_.find(parent.id);
          if (known != last_of_.end()) PairKeys(placed, known->second);
        }
      }
      last = std::move(placed);
    }
    if (last.layout) last_of_.insert_or_assign(version.summary.id, std::move(last));
    return Ok();
  }

  Result<Placed> AddSnapshot(const catalog::VersionRow& version,
                             const archive::ManifestSnapshot& snapshot) {
    Placed placed;
    DLV_ASSIGN(placed.layout, LayoutOf(snapshot.layout));
    PlanSnapshot planned;
    planned.reference = version.summary.reference();
    planned.version = version.row;
    planned.model = version.summary.model;
    planned.step = snapshot.step;
    if (snapshot.step) planned.reference += "#" + std::to_string(*snapshot.step);
    for (const TensorId& id : snapshot.tensors) {
      DLV_ASSIGN(const std::uint32_t number, AddTensor(id));
      placed.numbers.push_back(number);
    }
    planned.tensors = placed.numbers;
    result_.snapshots.push_back(std::move(planned));
    return placed;
  }

  Result<std::shared_ptr<const KeyedLayout>> LayoutOf(const BlobId& id) {
    std::shared_ptr<const KeyedLayout>& known = layouts_[id];
    if (!known) {
      DLV_ASSIGN(const archive::Layout layout, ReadLayout(store_, id));
      known = std::make_shared<const KeyedLayout>(layout);
    }
    return known;
  }

  /// Bases first, so that a number is known when it is needed; chains are short (at most 255).
  Result<std::uint32_t> AddTensor(const TensorId& id) {
    if (const auto known = numbers_.find(id); known != numbers_.end()) return known->second;
    if (operation_.cancel != nullptr && operation_.cancel->cancelled())
      return Error{ErrorCode::kCancelled, "stopped on request"};
    PlanTensor tensor;
    DLV_ASSIGN(tensor.handle, store_.tensors().Open(id));
    if (tensor.handle->base()) {
      DLV_ASSIGN(tensor.base, AddTensor(*tensor.handle->base()));
    }
    DLV_ASSIGN(const archive::ReadCost cost, store_.tensors().Cost(*tensor.handle));
    tensor.coded_bytes = cost.coded_bytes;
    std::optional<plan::TensorSketch> sketch;
    if (const Status sampled = TakeSketch(*tensor.handle, sketch); !sampled.ok())
      return NameDamaged(store_, id, sampled.error());
    sketches_.push_back(std::move(sketch));
    const auto number = static_cast<std::uint32_t>(result_.tensors.size());
    numbers_.emplace(id, number);
    if (tensor.base) pairs_.emplace_back(number, *tensor.base);
    result_.tensors.push_back(std::move(tensor));
    return number;
  }

  /// In the order of the snapshots, however tensors are stored: neighbours are likely kin.
  void FillSearch() {
    for (const PlanSnapshot& snapshot : result_.snapshots)
      for (const std::uint32_t number : snapshot.tensors) AddToSearch(number);
    for (std::uint32_t number = 0; number < sketches_.size(); ++number) AddToSearch(number);
    for (const auto& [a, b] : pairs_) {
      const auto &first = result_.tensors[a].in_search, &second = result_.tensors[b].in_search;
      if (first && second) result_.search.AddPair(*first, *second);
    }
  }

  void AddToSearch(std::uint32_t number) {
    std::optional<plan::TensorSketch>& sketch = sketches_[number];
    if (!sketch) return;
    result_.tensors[number].in_search = result_.search.Add(std::move(*sketch));
    sketch.reset();
  }

  /// A cluster moves as a whole.
  Status AddMates() {
    std::vector<bool> seen(forms_.clusters().size());
    for (std::size_t number = 0; number < result_.tensors.size(); ++number) {
      const StoredForm* const form = forms_.FindForm(result_.tensors[number].handle->id());
      if (form == nullptr || !form->cluster || seen[*form->cluster]) continue;
      seen[*form->cluster] = true;
      for (const std::uint32_t mate : forms_.clusters()[*form->cluster].members) {
        const auto added = AddTensor(forms_.forms()[mate].id);
        if (!added.ok()) return added.error();
      }
    }
    return Ok();
  }

  Status TakeSketch(const archive::TensorHandle& tensor,
                    std::optional<plan::TensorSketch>& sketch) {
    const DType dtype = tensor.dtype();
    if (!plan::CanBeSketched(dtype) || tensor.element_count() == 0) return Ok();
    const std::vector<plan::SketchRun> runs = plan::SketchRunsOf(tensor.element_count());
    std::size_t size = 0;
    for (const plan::SketchRun& run : runs)
      size += static_cast<std::size_t>(run.count) * SizeOf(dtype);
    const auto kept = notes_.Sample(tensor.id());
    if (kept && kept->size() == size) {
      sketch = plan::TensorSketch::Of(dtype, tensor.element_count(), *kept);
      return Ok();
    }
    DLV_ASSIGN(std::vector<std::byte> bytes, TakeSample(tensor, runs, size));
    sketch = plan::TensorSketch::Of(dtype, tensor.element_count(), bytes);
    notes_.KeepSample(tensor.id(), std::move(bytes));
    return Ok();
  }

  Result<std::vector<std::byte>> TakeSample(const archive::TensorHandle& tensor,
                                            const std::vector<plan::SketchRun>& runs,
                                            std::size_t size) {
    const std::size_t element_bytes = SizeOf(tensor.dtype());
    DLV_ASSIGN(const auto source, store_.tensors().OpenSource(tensor.id()));
    std::vector<std::byte> bytes(size);
    std::span<std::byte> rest = bytes;
    for (const plan::SketchRun& run : runs) {
      const std::size_t length = static_cast<std::size_t>(run.count) * element_bytes;
      DLV_TRY(source->ReadAt(run.first * element_bytes, rest.first(length)));
      rest = rest.subspan(length);
    }
    return bytes;
  }

  void PairKeys(const Placed& placed, const Placed& before) {
    for (std::size_t i = 0; i < placed.layout->keys.size(); ++i) {
      const std::size_t other = before.layout->index.Find(placed.layout->keys[i]);
      if (other == plan::BaseIndex::kNone || placed.layout->in_strip[i] ||
          before.layout->in_strip[other])
        continue;
      PairPlaces(placed, placed.layout->strips.place(i).stored, before,
                 before.layout->strips.place(other).stored);
    }
    PairStrips(placed, before);
  }

  /// Strips of the same members are strips of the same size, in the same order.
  void PairStrips(const Placed& placed, const Placed& before) {
    const std::size_t count =
        std::min(placed.layout->strips.strips().size(), before.layout->strips.strips().size());
    for (std::size_t i = 0; i < count; ++i)
      PairPlaces(placed, placed.layout->strips.first_strip() + i, before,
                 before.layout->strips.first_strip() + i);
  }

  void PairPlaces(const Placed& a, std::size_t at_a, const Placed& b, std::size_t at_b) {
    if (at_a < a.numbers.size() && at_b < b.numbers.size())
      pairs_.emplace_back(a.numbers[at_a], b.numbers[at_b]);
  }

  Store& store_;
  const StoredForms& forms_;
  PlannerNotes& notes_;
  const Operation& operation_;
  PlanTensors result_;
  std::unordered_map<TensorId, std::uint32_t> numbers_;
  std::map<BlobId, std::shared_ptr<const KeyedLayout>> layouts_;
  std::map<VersionId, Placed> last_of_;                      ///< the last snapshot of each version
  std::vector<std::optional<plan::TensorSketch>> sketches_;  ///< by tensor, until the end
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs_;  ///< tensors that are likely kin
};

}  // namespace

Result<PlanTensors> CollectPlanTensors(Store& store, const StoredForms& forms,
                                       const std::vector<catalog::VersionRow>& versions,
                                       PlannerNotes& notes, const Operation& operation) {
  return PlanCollector(store, forms, notes, operation).Run(versions);
}

}  // namespace dlv::store
