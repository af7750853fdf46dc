#pragma once
/// \file
/// Stored tensors as a TensorSource, for exporting.

#include <memory>
#include <vector>

#include "dlv/tensor.h"
#include "storage/archive/tensor_reader.h"
#include "storage/store/chunk_prefetcher.h"

namespace dlv::store {

/// Decodes ahead of a reader that goes through the tensors in order. Not thread-safe.
class StoredTensorSource : public TensorSource {
 public:
  /// Errors: those of opening the tensors. `reader` must outlive the source.
  static Result<std::unique_ptr<StoredTensorSource>> Open(archive::TensorReader& reader,
                                                          std::vector<TensorInfo> tensors,
                                                          unsigned threads, unsigned planes);
  std::size_t size() const override { return infos_.size(); }
  TensorInfo Info(std::size_t index) const override { return infos_[index]; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override;
  /// As ChunkPrefetcher::planes_given.
  unsigned planes_given() const { return prefetcher_->planes_given(); }

 private:
  StoredTensorSource() = default;
  std::vector<TensorInfo> infos_;
  std::vector<std::shared_ptr<const archive::TensorHandle>> handles_;
  std::unique_ptr<ChunkPrefetcher> prefetcher_;
};

}  // namespace dlv::store
