#include "storage/store/stored_tensors.h"

#include "storage/archive/directory.h"

namespace dlv::store {

Result<std::unique_ptr<StoredTensorSource>> StoredTensorSource::Open(
    archive::TensorReader& reader, std::vector<TensorInfo> tensors, unsigned threads,
    unsigned planes) {
  std::unique_ptr<StoredTensorSource> source(new StoredTensorSource());
  source->infos_ = std::move(tensors);
  std::vector<ChunkNumber> order;
  for (std::size_t i = 0; i < source->infos_.size(); ++i) {
    DLV_ASSIGN(auto handle, reader.Open(source->infos_[i].id));
    if (handle->element_count() != source->infos_[i].element_count() ||
        handle->dtype() != source->infos_[i].dtype) {
      return Error{ErrorCode::kCorruption,
                   source->infos_[i].name + ": the stored tensor has another type or size"};
    }
    for (std::uint64_t c = 0; c < archive::ChunkCount(handle->element_count()); ++c) {
      order.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(c)});
    }
    source->handles_.push_back(std::move(handle));
  }
  source->prefetcher_ = std::make_unique<ChunkPrefetcher>(reader, source->handles_,
                                                          std::move(order), threads, planes);
  return source;
}

Status StoredTensorSource::Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) {
  return prefetcher_->Read(static_cast<std::uint32_t>(index), offset, out);
}

}  // namespace dlv::store
