#pragma once
/// \file
/// Maps the tensors of a PyTorch checkpoint onto the bytes of its storages.

#include <memory>
#include <vector>

#include "storage/interchange/file_format.h"
#include "storage/interchange/recipe_builder.h"
#include "storage/interchange/sources.h"
#include "storage/interchange/torch_values.h"

namespace dlv::interchange {

/// Turns the leaves of a checkpoint into described tensors, and storages into instructions.
///
/// Tensors that lie in their storage without gaps and apart from each other become parts of it;
/// tensors at the same place are tied. Where tensors overlap otherwise, the whole storage becomes a
/// tensor "storage.KEY" and they are views of it.
class TorchStorageMap {
 public:
  /// `file_bytes` bounds what views may expand to.
  TorchStorageMap(const TorchCheckpoint& checkpoint, bool big_endian, std::uint64_t file_bytes,
                  FileDescription& description);

  /// Tells where storage `index` lies and appends the instructions that write it to `builder`. Call
  /// once for each storage.
  Status Place(std::uint32_t index, std::shared_ptr<const io::ByteSource> bytes,
               RecipeBuilder& builder);

 private:
  struct Leaf {
    std::uint32_t tensor = 0;  // place in the description
    StridedView view;          // on the storage
    std::uint64_t count = 0;
    bool dense = false;              // covers [offset, offset + count) exactly
    std::vector<std::uint8_t> axes;  // dense: by falling stride; empty: C order already
  };
  Leaf MakeLeaf(std::uint32_t tensor) const;
  bool PlaceApart(std::vector<Leaf>& leaves, const std::shared_ptr<const io::ByteSource>& elements,
                  const std::string& key, RecipeBuilder& builder);
  void PlaceViews(const std::vector<Leaf>& leaves,
                  const std::shared_ptr<const io::ByteSource>& elements, const std::string& key,
                  RecipeBuilder& builder);
  void Gap(std::uint64_t begin, std::uint64_t end, DType dtype,
           const std::shared_ptr<const io::ByteSource>& elements, const std::string& key,
           RecipeBuilder& builder);
  std::uint32_t AddStorageTensor(const std::string& name, DType dtype,
                                 std::shared_ptr<const io::ByteSource> source);
  void SetSource(const Leaf& leaf, const std::shared_ptr<const io::ByteSource>& elements);

  const TorchCheckpoint& checkpoint_;
  bool big_endian_;
  std::uint64_t expansion_left_;  // bytes that views may show beyond what the file holds
  FileDescription& description_;
  std::vector<std::vector<std::uint32_t>> by_storage_;
  std::shared_ptr<SlabCache> cache_;
};

}  // namespace dlv::interchange
