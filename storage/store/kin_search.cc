#include "storage/store/kin_search.h"

#include <algorithm>
#include <utility>

#include "storage/archive/tensor_hash.h"

namespace dlv::store {
namespace {

/// A first look compares so many samples, and leaves so many versions.
constexpr std::size_t kFirstSamples = 2;
constexpr std::size_t kMostPromising = 4;
/// Few samples err: what they put this much beyond kMostApart gets a second look.
constexpr double kDoubt = 0.07;
/// Larger tensors are not hashed only to see whether they are stored under another name.
constexpr std::uint64_t kHashedElements = 1u << 17;

archive::ReaderOptions SmallCaches() {
  archive::ReaderOptions options;
  options.kept_chunk_bytes = 32u << 20;
  return options;
}

/// A tensor of the new snapshot: its bytes, or its id where its file is stored already.
struct FreshTensor {
  const io::ByteSource* source = nullptr;
  TensorId stored;
};

FreshTensor FindOwn(const SnapshotWork& snapshot, std::size_t tensor) {
  for (const auto& file : snapshot.files) {
    if (tensor < file->tensors.size()) {
      if (file->known) return {nullptr, file->ids[tensor]};
      return {file->input->description().tensors[tensor].source.get(), {}};
    }
    tensor -= file->tensors.size();
  }
  return {snapshot.memory_sources[tensor].get(), {}};
}

}  // namespace

KinSearch::KinSearch(Store& store, const SnapshotWork& snapshot)
    : store_(store), tensors_(store.locator(), SmallCaches()), keys_(snapshot.Keys()) {
  compared_keys_ = keys_;
  std::erase_if(compared_keys_, [](const plan::TensorKey& key) {
    return key.role == TensorRole::kOptimizer;  // it comes and goes with the same network
  });
  TakeSamples(snapshot);
}

/// What cannot be read is no sample: storing it will say why.
void KinSearch::TakeSamples(const SnapshotWork& snapshot) {
  for (const plan::SamplePlace& place : plan::SamplePlacesOf(keys_)) {
    const FreshTensor own = FindOwn(snapshot, place.tensor);
    auto sample =
        own.source != nullptr ? SampleOf(place, *own.source) : SampleOfStored(place, own.stored);
    if (sample) samples_.push_back(std::move(*sample));
  }
}

std::optional<KinSearch::Sample> KinSearch::SampleOf(const plan::SamplePlace& place,
                                                     const io::ByteSource& source) {
  const plan::TensorKey& key = keys_[place.tensor];
  const std::size_t width = SizeOf(key.dtype);
  std::vector<std::byte> bytes(static_cast<std::size_t>(place.count) * width);
  if (!Succeeded(source.ReadAt(place.first * width, bytes))) return std::nullopt;
  auto values = plan::StretchSample::Of(key.dtype, std::move(bytes));
  if (!values) return std::nullopt;
  Sample sample{place, std::move(*values), std::nullopt};
  if (key.element_count <= kHashedElements) {
    const auto hash = archive::HashTensorSource(source, key.dtype, key.element_count, 1);
    if (Succeeded(hash)) sample.id = hash->id;
  }
  return sample;
}

std::optional<KinSearch::Sample> KinSearch::SampleOfStored(const plan::SamplePlace& place,
                                                           const TensorId& id) {
  const DType dtype = keys_[place.tensor].dtype;
  auto bytes = StoredBytes(id, dtype, place.first, place.count);
  if (!bytes) return std::nullopt;
  auto values = plan::StretchSample::Of(dtype, std::move(*bytes));
  if (!values) return std::nullopt;
  return Sample{place, std::move(*values), id};
}

std::optional<std::vector<std::byte>> KinSearch::StoredBytes(const TensorId& id, DType dtype,
                                                             std::uint64_t first,
                                                             std::uint64_t count) {
  const auto tensor = tensors_.Open(id);
  if (!Succeeded(tensor) || (*tensor)->dtype() != dtype) return std::nullopt;
  if (first + count > (*tensor)->element_count()) return std::nullopt;
  std::vector<std::byte> bytes(static_cast<std::size_t>(count) * SizeOf(dtype));
  if (!Succeeded(tensors_.Read(**tensor, first, bytes))) return std::nullopt;
  return bytes;
}

std::shared_ptr<const KeyedLayout> KinSearch::LayoutOf(const BlobId& id) {
  std::shared_ptr<const KeyedLayout>& known = layouts_[id];
  if (!known) {
    const auto layout = ReadLayout(store_, id);
    if (Succeeded(layout)) known = std::make_shared<const KeyedLayout>(*layout);
  }
  return known;
}

KinSearch::Counterpart KinSearch::CounterpartOf(const Sample& sample,
                                                const archive::ManifestSnapshot& snapshot,
                                                const KeyedLayout& layout) {
  const std::size_t found = layout.index.Find(keys_[sample.place.tensor]);
  if (found == plan::BaseIndex::kNone) {
    const auto& ids = snapshot.tensors;
    return {std::nullopt, 0, sample.id && std::ranges::find(ids, *sample.id) != ids.end()};
  }
  const archive::StripPlace& place = layout.strips.place(found);
  return {snapshot.tensors[place.stored], place.first_element + sample.place.first, false};
}

std::optional<KinSearch::Candidate> KinSearch::Open(const catalog::VersionRow& version,
                                                    double least_layout) {
  const auto manifest = ReadVersionManifest(store_, version);
  if (!Succeeded(manifest) || manifest->snapshots.empty()) return std::nullopt;
  const archive::ManifestSnapshot& snapshot = manifest->snapshots.back();
  const auto layout = LayoutOf(snapshot.layout);
  if (!layout || layout->strips.stored_count() != snapshot.tensors.size()) return std::nullopt;
  Candidate candidate;
  candidate.version = version;
  std::size_t same = 0;
  for (const Sample& sample : samples_) {
    candidate.counterparts.push_back(CounterpartOf(sample, snapshot, *layout));
    if (candidate.counterparts.back().is_same) ++same;
  }
  if (2 * same < samples_.size() && plan::Likeness(compared_keys_, layout->index) < least_layout)
    return std::nullopt;
  return candidate;
}

std::optional<plan::WeightLikeness> KinSearch::Compare(const Candidate& candidate,
                                                       std::size_t most) {
  plan::WeightLikeness likeness;
  std::size_t compared = 0;
  for (std::size_t i = 0; i < samples_.size() && compared < most; ++i) {
    const Counterpart& theirs = candidate.counterparts[i];
    const std::uint64_t elements = keys_[samples_[i].place.tensor].element_count;
    if (!theirs.stored) {
      theirs.is_same ? likeness.AddSame(elements) : likeness.AddMissing(elements);
      continue;
    }
    const DType dtype = samples_[i].values.dtype();
    auto bytes = StoredBytes(*theirs.stored, dtype, theirs.first, samples_[i].place.count);
    if (!bytes) return std::nullopt;
    const auto values = plan::StretchSample::Of(dtype, std::move(*bytes));
    likeness.Add(samples_[i].values, values ? &*values : nullptr, elements);
    ++compared;
  }
  return likeness;
}

/// Adds what the first look will read.
void KinSearch::ExpectFirst(const Candidate& candidate,
                            std::vector<std::shared_ptr<const archive::TensorHandle>>& reads) {
  std::size_t expected = 0;
  for (const Counterpart& counterpart : candidate.counterparts) {
    if (!counterpart.stored || expected == kFirstSamples) continue;
    const auto tensor = tensors_.Open(*counterpart.stored);
    if (Succeeded(tensor)) reads.push_back(*tensor);
    ++expected;
  }
}

std::vector<KinSearch::Candidate> KinSearch::OpenAll(
    const std::vector<catalog::VersionRow>& versions, double least_layout) {
  std::vector<Candidate> candidates;
  std::vector<std::shared_ptr<const archive::TensorHandle>> reads;
  for (const catalog::VersionRow& version : versions) {
    if (candidates.size() >= kMostLookedAt) break;
    auto candidate = Open(version, least_layout);
    if (!candidate) continue;
    candidate->place = candidates.size();
    ExpectFirst(*candidate, reads);
    candidates.push_back(std::move(*candidate));
  }
  if (!first_looked_at_ && !candidates.empty()) first_looked_at_ = candidates.front().version;
  tensors_.ExpectReads(reads);
  return candidates;
}

void KinSearch::LookFirst(std::vector<Candidate>& candidates) {
  std::erase_if(candidates, [this](Candidate& candidate) {
    const auto likeness = Compare(candidate, kFirstSamples);
    if (likeness) candidate.weights = *likeness;
    return !likeness || likeness->apart() > plan::kMostApart + kDoubt;
  });
  if (candidates.size() <= kMostPromising + 1) return;
  std::ranges::stable_sort(candidates.begin() + 1, candidates.end(), {}, [](const Candidate& one) {
    return std::pair(one.weights.cost(), one.weights.apart());
  });
  candidates.resize(kMostPromising + 1);
  std::ranges::sort(candidates, {}, &Candidate::place);
}

Result<std::vector<Kin>> KinSearch::Find(const std::vector<catalog::VersionRow>& versions,
                                         double least_layout) {
  std::vector<Kin> kin;
  if (samples_.empty()) return kin;
  DLV_ASSIGN(const auto view, store_.HoldView());
  std::vector<Candidate> candidates = OpenAll(versions, least_layout);
  LookFirst(candidates);
  for (Candidate& candidate : candidates) {
    const std::optional<plan::WeightLikeness> likeness =
        samples_.size() > kFirstSamples ? Compare(candidate, samples_.size()) : candidate.weights;
    if (!likeness || !likeness->alike()) continue;
    kin.push_back({std::move(candidate.version), *likeness});
  }
  tensors_.ExpectReads({});
  DLV_TRY(status_);
  return kin;
}

const Kin* NearestOf(const std::vector<Kin>& kin) {
  const Kin* nearest = nullptr;
  for (const Kin& one : kin) {
    if (nearest == nullptr || one.weights.ClearlyNearer(nearest->weights)) nearest = &one;
  }
  return nearest;
}

}  // namespace dlv::store
