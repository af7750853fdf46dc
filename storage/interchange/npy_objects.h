#pragma once
/// \file
/// Arrays of Python objects in .npy: a pickle, mostly of dicts of arrays. It is read, never run.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "storage/interchange/numpy_values.h"
#include "storage/interchange/recipe_builder.h"
#include "storage/interchange/sources.h"

namespace dlv::interchange {

/// The arrays in such a pickle, each with its path: {'conv1': {'weights': ...}} is
/// "conv1.weights".
class NpyObjects {
 public:
  /// Reads the pickle at header.data_offset of `file`. `prefix` stands before all names (empty:
  /// none). Errors: kUnsafe (globals that are not on the list, with their offset in the file;
  /// beyond the limits), kCorruption.
  static Result<NpyObjects> Read(std::shared_ptr<const io::ByteSource> file,
                                 const NpyHeader& header, std::string prefix);

  /// Appends the arrays to the description's tensors, scalars to its metadata.
  /// Errors: kUnsafe where shared bytes show more than 16 times the size of the file.
  Status Describe(FileDescription& description, const std::shared_ptr<SlabCache>& cache);

  /// Appends the instructions for the whole file from the pickle on. After Describe.
  Status Write(const FileDescription& description, RecipeBuilder& builder) const;

 private:
  struct Leaf {
    std::string name;
    TensorRole role = TensorRole::kParameter;
    NumpyArray array;
    std::vector<std::byte> decoded;  // latin1 only
  };
  class Walker;
  Status Place(const Leaf& leaf, DescribedTensor& tensor, std::uint32_t index);

  std::shared_ptr<const io::ByteSource> file_;
  std::uint64_t begin_ = 0;  // of the pickle
  std::vector<Leaf> leaves_;
  std::vector<std::pair<std::string, std::string>> metadata_;
  // Arrays that the recipe takes from tensors: where their bytes begin, tensor, type.
  struct Owner {
    std::uint32_t tensor = 0;
    NpyHeader type;
  };
  std::map<std::uint64_t, Owner> owners_;
  std::uint64_t shown_again_ = 0;  // bytes of the arrays that share those of another
};

}  // namespace dlv::interchange
