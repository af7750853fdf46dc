#include "storage/store/load.h"

#include <algorithm>
#include <mutex>

#include "storage/archive/directory.h"
#include "storage/archive/tensor_reader.h"
#include "storage/io/parallel.h"
#include "storage/store/names.h"
#include "storage/store/progress_meter.h"
#include "storage/store/resolve.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

struct Chunk {
  std::uint32_t tensor = 0;
  std::uint64_t index = 0;
};

class SnapshotLoader {
 public:
  SnapshotLoader(Store& store, const LoadOptions& options, TensorSink& sink,
                 const Operation& operation)
      : options_(options), sink_(sink), operation_(operation), reader_(store.locator()) {}

  Result<LoadResult> Run(std::vector<TensorInfo> tensors) {
    result_.tensors = std::move(tensors);
    for (std::size_t i = 0; i < result_.tensors.size(); ++i) DLV_TRY(Prepare(i));
    ProgressMeter meter(operation_, "reading", total_bytes_);
    DLV_TRY(io::ParallelFor(chunks_.size(), operation_.threads, [&](std::uint64_t index, unsigned) {
      return Decode(chunks_[index], meter);
    }));
    result_.read_bytes = reader_.fetched_bytes();
    return std::move(result_);
  }

 private:
  Status Prepare(std::size_t index);
  Status Decode(const Chunk& chunk, ProgressMeter& meter);

  const LoadOptions& options_;
  TensorSink& sink_;
  const Operation& operation_;
  archive::TensorReader reader_;
  std::vector<std::shared_ptr<const archive::TensorHandle>> handles_;
  std::vector<std::span<std::byte>> places_;
  std::vector<Chunk> chunks_;
  std::uint64_t total_bytes_ = 0;
  std::mutex mutex_;
  LoadResult result_;
};

/// Opens the tensor before memory is taken for it: what is stored decides the size.
Status SnapshotLoader::Prepare(std::size_t index) {
  const TensorInfo& info = result_.tensors[index];
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
  const std::uint64_t count = archive::ChunkCount(handle->element_count());
  for (std::uint64_t i = 0; i < count; ++i) {
    chunks_.push_back({static_cast<std::uint32_t>(index), i});
  }
  total_bytes_ += handle->size_bytes();
  handles_.push_back(std::move(handle));
  places_.push_back(place);
  return Ok();
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
  if (planes < 8 * element_bytes) {
    const std::lock_guard guard(mutex_);
    result_.planes = result_.planes == 0 ? planes : std::min(result_.planes, planes);
  }
  meter.Add(bytes);
  return Ok();
}

}  // namespace

Result<LoadResult> Load(Store& store, std::string_view reference, const LoadOptions& options,
                        TensorSink& sink, const Operation& operation) {
  DLV_ASSIGN(const Target target, ResolveTarget(store, reference));
  const std::string name = target.version.summary.reference();
  DLV_ASSIGN(const archive::Manifest manifest, ReadVersionManifest(store, target.version));
  DLV_ASSIGN(const std::uint32_t ordinal, FindSnapshot(manifest, target.step, name));
  DLV_ASSIGN(const SnapshotContent content, ReadSnapshot(store, manifest, ordinal));
  const std::string& pattern =
      options.tensor_glob.empty() ? target.tensor_pattern : options.tensor_glob;
  DLV_ASSIGN(std::vector<TensorInfo> tensors, ListTensors(manifest, content, pattern));
  if (!options.roles.empty()) {
    std::erase_if(tensors, [&](const TensorInfo& info) {
      return std::find(options.roles.begin(), options.roles.end(), info.role) ==
             options.roles.end();
    });
  }
  if (tensors.empty() && !pattern.empty()) {
    return Error{ErrorCode::kNotFound, name + " has no tensor that fits " + Quoted(pattern),
                 "see its tensors with: dlv desc " + name};
  }
  return SnapshotLoader(store, options, sink, operation).Run(std::move(tensors));
}

}  // namespace dlv::store
