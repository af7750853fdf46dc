#include "storage/store/tensor_comparison.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "storage/io/parallel.h"
#include "storage/statistics/pair_accumulator.h"
#include "storage/statistics/widen.h"
#include "storage/store/progress_meter.h"

namespace dlv::store {
namespace {

using archive::ChunkCount;
using archive::ChunkLength;
using archive::TensorHandle;
using statistics::PairAccumulator;

constexpr unsigned kHighHalf = 16;  // planes

struct OpenPair {
  std::shared_ptr<const TensorHandle> before, after;
  std::vector<ChunkId> before_chunks, after_chunks;  ///< empty where they have none of their own
  std::uint64_t first_chunk = 0;  ///< number of its first chunk among those of all pairs
};

/// Only floating-point elements mean something in part.
bool CanEstimate(DType dtype) {
  return dtype == DType::kF32 || dtype == DType::kF64 || statistics::ComponentsOf(dtype) == 2;
}

/// Chunks carry ids of their content; equal ones are read once.
bool IsSameChunk(const OpenPair& pair, std::uint64_t index) {
  if (pair.before->dtype() != pair.after->dtype()) return false;
  const std::vector<ChunkId>&a = pair.before_chunks, &b = pair.after_chunks;
  return index < a.size() && index < b.size() && a[index] == b[index];
}

/// Adds chunk `index` of both tensors to the figures.
class ChunkComparer {
 public:
  ChunkComparer(archive::TensorReader& reader, const DiffOptions& options)
      : reader_(reader), options_(options) {}

  Result<PairAccumulator> Run(const OpenPair& pair, std::uint64_t index) {
    const TensorHandle &before = *pair.before, &after = *pair.after;
    const bool estimate = options_.depth == DiffDepth::kEstimate && CanEstimate(before.dtype()) &&
                          CanEstimate(after.dtype());
    if (IsSameChunk(pair, index)) return Same(before, index, estimate ? kHighHalf : 0);
    std::optional<PairAccumulator> figures;
    const auto sink = [&](std::span<const std::byte> a, unsigned planes_a,
                          std::span<const std::byte> b, unsigned planes_b) -> Status {
      figures.emplace(before.dtype(), after.dtype(), planes_a, planes_b, options_.histograms);
      figures->Add(a, b);
      return Ok();
    };
    DLV_TRY(reader_.ReadPair(before, after, index, estimate ? kHighHalf : 0, sink));
    return std::move(*figures);
  }

 private:
  Result<PairAccumulator> Same(const TensorHandle& tensor, std::uint64_t index, unsigned planes) {
    std::vector<std::byte> bytes(
        static_cast<std::size_t>(ChunkLength(tensor.element_count(), index)) *
        SizeOf(tensor.dtype()));
    DLV_ASSIGN(const unsigned given,
               reader_.Read(tensor, index * archive::kChunkElements, bytes, planes));
    PairAccumulator figures(tensor.dtype(), tensor.dtype(), 0, 0, options_.histograms);
    (void)given;  // equal elements differ by nothing, however much of them is read
    figures.Add(bytes, bytes);
    return figures;
  }

  archive::TensorReader& reader_;
  const DiffOptions& options_;
};

Result<OpenPair> OpenBoth(archive::TensorReader& reader, const TensorInfo& before,
                          const TensorInfo& after) {
  const auto open = [&](const TensorInfo& info) -> Result<std::shared_ptr<const TensorHandle>> {
    DLV_ASSIGN(auto handle, reader.Open(info.id));
    if (handle->element_count() == info.element_count() && handle->dtype() == info.dtype)
      return handle;
    return Error{ErrorCode::kCorruption,
                 info.name + ": the stored tensor has another type or size"};
  };
  OpenPair pair;
  DLV_ASSIGN(pair.before, open(before));
  DLV_ASSIGN(pair.after, open(after));
  DLV_ASSIGN(pair.before_chunks, archive::TensorReader::ChunkIds(*pair.before));
  DLV_ASSIGN(pair.after_chunks, archive::TensorReader::ChunkIds(*pair.after));
  return pair;
}

}  // namespace

bool AreComparable(const TensorInfo& before, const TensorInfo& after) {
  const std::size_t components = statistics::ComponentsOf(before.dtype);
  return components != 0 && components == statistics::ComponentsOf(after.dtype) &&
         before.element_count() == after.element_count();
}

Status TensorComparer::Compare(std::vector<ComparedPair>& pairs) {
  std::vector<OpenPair> open;
  std::uint64_t chunks = 0, bytes = 0;
  {
    DLV_ASSIGN(const auto view, store_.HoldView());
    for (const ComparedPair& pair : pairs) {
      DLV_ASSIGN(OpenPair opened, OpenBoth(reader_, *pair.before, *pair.after));
      opened.first_chunk = chunks;
      chunks += ChunkCount(opened.before->element_count());
      bytes += opened.before->size_bytes() + opened.after->size_bytes();
      open.push_back(std::move(opened));
    }
  }
  const unsigned threads = operation_.threads == 0 ? io::DefaultThreads() : operation_.threads;
  const std::uint64_t window = std::uint64_t{threads} * 4;
  std::vector<std::optional<PairAccumulator>> slots(static_cast<std::size_t>(window));
  const auto pair_of = [&](std::uint64_t chunk) {
    const auto after = std::upper_bound(
        open.begin(), open.end(), chunk,
        [](std::uint64_t at, const OpenPair& pair) { return at < pair.first_chunk; });
    return static_cast<std::size_t>(after - open.begin()) - 1;  // empty tensors come before it
  };
  ProgressMeter meter(operation_, "comparing", bytes);
  const auto body = [&](std::uint64_t chunk, unsigned) -> Status {
    if (operation_.cancel != nullptr && operation_.cancel->cancelled())
      return Error{ErrorCode::kCancelled, "stopped"};
    const OpenPair& pair = open[pair_of(chunk)];
    const std::uint64_t index = chunk - pair.first_chunk;
    DLV_ASSIGN(PairAccumulator part, ChunkComparer(reader_, options_).Run(pair, index));
    slots[chunk % window].emplace(std::move(part));
    meter.Add(ChunkLength(pair.before->element_count(), index) *
              (SizeOf(pair.before->dtype()) + SizeOf(pair.after->dtype())));
    return Ok();
  };
  std::optional<PairAccumulator> whole;
  const auto finish = [&](std::uint64_t chunk) -> Status {
    const std::size_t place = pair_of(chunk);
    if (chunk == open[place].first_chunk) {
      whole = std::move(slots[chunk % window]);
    } else {
      whole->Merge(*slots[chunk % window]);
    }
    slots[chunk % window].reset();
    if (chunk + 1 == open[place].first_chunk + ChunkCount(open[place].before->element_count()))
      pairs[place].figures = whole->Finish();
    return Ok();
  };
  DLV_TRY(io::ParallelOrdered(chunks, threads, window, body, finish));
  compared_bytes_ += bytes;
  return Ok();
}

Result<bool> TensorComparer::AreClose(const TensorInfo& before, const TensorInfo& after) {
  if (!AreComparable(before, after)) return false;
  DiffOptions rough;
  rough.depth = DiffDepth::kEstimate;
  DLV_ASSIGN(const OpenPair pair, OpenBoth(reader_, before, after));
  DLV_ASSIGN(const PairAccumulator figures, ChunkComparer(reader_, rough).Run(pair, 0));
  return figures.Finish().cosine > 0.8;
}

}  // namespace dlv::store
