#pragma once
/// \file
/// Helpers of these tests: small files built in memory, and checks that every description must
/// pass.

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "storage/interchange/file_format.h"
#include "storage/io/byte_source.h"
#include "tests/unit/storage/interchange/build_files.h"

namespace dlv::interchange {

inline std::string TextOf(const Result<FileDescription>& result) {
  return result.ok() ? "ok, format " + result->format : result.error().message;
}

/// Returns the canonical bytes of a tensor, read in one piece.
inline Bytes ReadTensor(const DescribedTensor& tensor) {
  Bytes bytes(static_cast<std::size_t>(tensor.source->size()));
  EXPECT_TRUE(tensor.source->ReadAt(0, bytes).ok());
  return bytes;
}

inline const DescribedTensor* FindTensor(const FileDescription& description,
                                         std::string_view name) {
  for (const DescribedTensor& tensor : description.tensors) {
    if (tensor.name == name) return &tensor;
  }
  return nullptr;
}

inline Bytes ReadAllOf(const io::ByteSource& source) {
  Bytes bytes(static_cast<std::size_t>(source.size()));
  EXPECT_TRUE(source.ReadAt(0, bytes).ok());
  return bytes;
}

/// The elements of a view, picked one by one: slow and obviously right.
inline Bytes PickView(const Bytes& base, const DescribedTensor& tensor) {
  const std::size_t item = SizeOf(tensor.dtype);
  Bytes out;
  std::vector<std::size_t> index(tensor.shape.size(), 0);
  while (true) {
    std::uint64_t at = tensor.view->offset;
    for (std::size_t k = 0; k < index.size(); ++k) at += index[k] * tensor.view->strides[k];
    out.insert(out.end(), base.begin() + static_cast<std::ptrdiff_t>(at * item),
               base.begin() + static_cast<std::ptrdiff_t>((at + 1) * item));
    std::size_t k = index.size();
    while (k > 0 && ++index[k - 1] == static_cast<std::size_t>(tensor.shape[k - 1])) index[--k] = 0;
    if (k == 0) return out;
  }
}

/// What holds for every description with a recipe: it is valid, its encoding comes back the same,
/// and it makes the file again; tensors have the bytes that their shape says; views show the same
/// bytes as their source.
inline void CheckDescription(const FileDescription& description, const io::ByteSource& file) {
  for (const DescribedTensor& tensor : description.tensors) {
    std::uint64_t want = SizeOf(tensor.dtype);
    for (const std::int64_t extent : tensor.shape) want *= static_cast<std::uint64_t>(extent);
    EXPECT_EQ(tensor.source->size(), want) << tensor.name;
    if (!tensor.view) continue;
    ASSERT_LT(tensor.view->base, description.tensors.size());
    const DescribedTensor& base = description.tensors[tensor.view->base];
    EXPECT_FALSE(base.view.has_value());
    EXPECT_EQ(PickView(ReadAllOf(*base.source), tensor), ReadAllOf(*tensor.source)) << tensor.name;
  }
  if (!description.recipe) return;
  const auto size = RecipeOutputSize(*description.recipe);
  ASSERT_TRUE(size.ok()) << size.error().message;
  EXPECT_EQ(*size, file.size());
  const Bytes encoded = EncodeRecipe(*description.recipe);
  const auto decoded = DecodeRecipe(encoded);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(*decoded, *description.recipe);
  EXPECT_EQ(EncodeRecipe(*decoded), encoded);
  ASSERT_EQ(description.recipe->literal_sizes.size(), description.literals.size());
  for (std::size_t i = 0; i < description.literals.size(); ++i) {
    EXPECT_EQ(description.literals[i]->size(), description.recipe->literal_sizes[i]);
  }
  VectorSink sink;
  const Status replayed = ReplayFromSources(description, sink);
  ASSERT_TRUE(replayed.ok()) << replayed.error().message;
  EXPECT_TRUE(sink.bytes() == ReadAllOf(file)) << "the replay differs from the file";
}

/// Describes a file in memory and checks the description. `bytes` must outlive the result.
inline Result<FileDescription> DescribeBytes(const io::ByteSource& file,
                                             std::string_view name = "test",
                                             const DescribeOptions& options = {}) {
  Result<FileDescription> description = DescribeFile(file, name, options);
  if (description.ok()) CheckDescription(*description, file);
  return description;
}

}  // namespace dlv::interchange
