#include "storage/store/load.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "storage/archive/directory.h"
#include "storage/archive/tensor_reader.h"
#include "storage/codec/chunk_header.h"
#include "storage/io/parallel.h"
#include "storage/store/names.h"
#include "storage/store/progress_meter.h"
#include "storage/store/resolve.h"
#include "storage/store/retrieval.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

struct Chunk {
  std::uint32_t tensor = 0;
  std::uint64_t index = 0;
  unsigned depth = 0;
};
/// Chunks of one place that are built on each other (or could be), bases first: decoded one after
/// the other, so that between two uses hardly more than a chunk has to be kept.
using ChunkFamily = std::vector<Chunk>;

class SnapshotLoader {
 public:
  SnapshotLoader(archive::TensorReader& reader, const LoadOptions& options, TensorSink& sink,
                 const Operation& operation)
      : options_(options), sink_(sink), operation_(operation), reader_(reader) {}

  Status Run(LoadResult& result) {
    result_ = &result;
    for (std::size_t i = 0; i < result.tensors.size(); ++i) DLV_TRY(Prepare(i));
    DLV_ASSIGN(const std::vector<ChunkFamily> families, Families());
    DLV_ASSIGN(result.full_bytes, reader_.CodedBytesOf(handles_));
    reader_.ExpectReads(handles_);
    ProgressMeter meter(operation_, "reading", total_bytes_);
    const auto decode = [&](std::uint64_t index, unsigned) -> Status {
      for (const Chunk& chunk : families[index]) DLV_TRY(Decode(chunk, meter));
      return Ok();
    };
    const Status status =
        io::ParallelFor(families.size(), ReadingThreads(operation_.threads), decode);
    reader_.ExpectReads({});
    return status;
  }

 private:
  Status Prepare(std::size_t index);
  Result<std::vector<ChunkFamily>> Families();
  Status Decode(const Chunk& chunk, ProgressMeter& meter);

  const LoadOptions& options_;
  TensorSink& sink_;
  const Operation& operation_;
  archive::TensorReader& reader_;
  std::vector<std::shared_ptr<const archive::TensorHandle>> handles_;
  std::vector<std::span<std::byte>> places_;
  std::uint64_t total_bytes_ = 0;
  std::mutex mutex_;
  LoadResult* result_ = nullptr;
};

/// Opens the tensor before memory is taken for it: what is stored decides the size.
Status SnapshotLoader::Prepare(std::size_t index) {
  const TensorInfo& info = result_->tensors[index];
  DLV_ASSIGN(auto handle, reader_.Open(info.id));
  if (handle->dtype() != info.dtype || handle->element_count() != info.element_count()) {
    return Error{ErrorCode::kCorruption, info.name + ": the stored tensor has another size"};
  }
  DLV_ASSIGN(const std::span<std::byte> place, sink_.Allocate(index, info));
  if (place.size() != handle->size_bytes()) {
    return Error{ErrorCode::kInvalidArgument, info.name + ": got memory of " +
                                                  std::to_string(place.size()) + " bytes, want " +
                                                  std::to_string(handle->size_bytes())};
  }
  total_bytes_ += handle->size_bytes();
  handles_.push_back(std::move(handle));
  places_.push_back(place);
  return Ok();
}

Result<std::vector<ChunkFamily>> SnapshotLoader::Families() {
  ChainEnds ends(reader_);
  std::map<std::pair<TensorId, std::uint64_t>, std::size_t> places;
  std::vector<ChunkFamily> families;
  for (std::uint32_t i = 0; i < handles_.size(); ++i) {
    DLV_ASSIGN(const TensorId end, ends.Of(handles_[i]));
    const std::uint64_t count = archive::ChunkCount(handles_[i]->element_count());
    for (std::uint64_t c = 0; c < count; ++c) {
      const auto [place, is_new] = places.try_emplace({end, c}, families.size());
      if (is_new) families.emplace_back();
      families[place->second].push_back({i, c, handles_[i]->depth()});
    }
  }
  for (ChunkFamily& family : families) {
    std::stable_sort(family.begin(), family.end(),
                     [](const Chunk& a, const Chunk& b) { return a.depth < b.depth; });
  }
  return families;
}

Status SnapshotLoader::Decode(const Chunk& chunk, ProgressMeter& meter) {
  if (operation_.cancel != nullptr && operation_.cancel->cancelled()) {
    return Error{ErrorCode::kCancelled, "loading was stopped"};
  }
  const archive::TensorHandle& tensor = *handles_[chunk.tensor];
  const std::size_t element_bytes = SizeOf(tensor.dtype());
  const std::uint64_t first = chunk.index * archive::kChunkElements;
  const auto bytes = static_cast<std::size_t>(
      archive::ChunkLength(tensor.element_count(), chunk.index) * element_bytes);
  const auto out =
      places_[chunk.tensor].subspan(static_cast<std::size_t>(first * element_bytes), bytes);
  DLV_ASSIGN(const unsigned planes, reader_.Read(tensor, first, out, options_.planes));
  if (planes < codec::FullPlanes(tensor.dtype())) {
    const std::lock_guard guard(mutex_);
    result_->planes = result_->planes == 0 ? planes : std::min(result_->planes, planes);
  }
  meter.Add(bytes);
  return Ok();
}

/// What a call asks for, found in the repository.
class LoadRequest {
 public:
  LoadRequest(Store& store, const LoadOptions& options, Target target)
      : store_(store),
        options_(options),
        target_(std::move(target)),
        name_(target_.version.summary.reference()),
        reader_(store.locator()),
        blobs_(store.locator()) {}

  Result<LoadResult> Run(TensorSink& sink, const Operation& operation) {
    DLV_ASSIGN(manifest_, ReadVersionManifest(store_, target_.version));
    std::vector<std::uint32_t> ordinals;
    if (options_.all_snapshots) {
      if (target_.step) {
        return Error{ErrorCode::kInvalidArgument,
                     name_ + ": all snapshots, or that of one step, not both"};
      }
      for (std::uint32_t i = 0; i < manifest_.snapshots.size(); ++i) ordinals.push_back(i);
      ExpectSnapshots(reader_, manifest_);
    } else {
      DLV_ASSIGN(const std::uint32_t ordinal, FindSnapshot(manifest_, target_.step, name_));
      ordinals.push_back(ordinal);
    }
    LoadResult result;
    for (const std::uint32_t ordinal : ordinals) DLV_TRY(AddSnapshot(ordinal, result));
    const std::string& pattern = Pattern();
    if (result.tensors.empty() && !pattern.empty()) {
      return Error{ErrorCode::kNotFound, name_ + " has no tensor that fits " + Quoted(pattern),
                   "see its tensors with: dlv desc " + name_};
    }
    DLV_TRY(SnapshotLoader(reader_, options_, sink, operation).Run(result));
    result.read_bytes = reader_.fetched_bytes();
    return result;
  }

 private:
  const std::string& Pattern() const {
    return options_.tensor_glob.empty() ? target_.tensor_pattern : options_.tensor_glob;
  }

  Status AddSnapshot(std::uint32_t ordinal, LoadResult& result) {
    DLV_ASSIGN(const SnapshotContent content,
               ReadSnapshotWith(store_, reader_, blobs_, manifest_, ordinal));
    DLV_ASSIGN(std::vector<TensorInfo> tensors, ListTensors(manifest_, content, Pattern()));
    if (!options_.roles.empty()) {
      std::erase_if(tensors, [&](const TensorInfo& info) {
        return std::find(options_.roles.begin(), options_.roles.end(), info.role) ==
               options_.roles.end();
      });
    }
    result.snapshots.push_back({content.step, result.tensors.size(), tensors.size()});
    std::move(tensors.begin(), tensors.end(), std::back_inserter(result.tensors));
    return Ok();
  }

  Store& store_;
  const LoadOptions& options_;
  Target target_;
  std::string name_;
  archive::TensorReader reader_;
  archive::BlobReader blobs_;
  archive::Manifest manifest_;
};

}  // namespace

Result<LoadResult> Load(Store& store, std::string_view reference, const LoadOptions& options,
                        TensorSink& sink, const Operation& operation) {
  DLV_ASSIGN(Target target, ResolveTarget(store, reference));
  return LoadRequest(store, options, std::move(target)).Run(sink, operation);
}

}  // namespace dlv::store
