#include "storage/interchange/torch_storage.h"

#include <algorithm>
#include <numeric>

#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kExpansionRatio = 16;
constexpr std::uint64_t kExpansionSlack = 64u << 20;

// Strides of axes of one element say nothing: 0 makes equal views compare equal.
StridedView Normalised(StridedView view) {
  for (std::size_t k = 0; k < view.shape.size(); ++k) {
    if (view.shape[k] <= 1) view.strides[k] = 0;
  }
  return view;
}

MemoryOrder OrderOf(const std::vector<std::uint8_t>& axes) {
  if (axes.empty()) return MemoryOrder::kC;
  for (std::size_t k = 0; k < axes.size(); ++k) {
    if (axes[k] != axes.size() - 1 - k) return MemoryOrder::kOther;
  }
  return MemoryOrder::kFortran;
}

}  // namespace

TorchStorageMap::TorchStorageMap(const TorchCheckpoint& checkpoint, bool big_endian,
                                 std::uint64_t file_bytes, FileDescription& description)
    : checkpoint_(checkpoint),
      big_endian_(big_endian),
      expansion_left_(kExpansionSlack),
      description_(description),
      by_storage_(checkpoint.storages.size()),
      cache_(std::make_shared<SlabCache>()) {
  std::uint64_t more = 0;
  if (__builtin_mul_overflow(file_bytes, kExpansionRatio, &more)) more = INT64_MAX;
  expansion_left_ += more;
  for (std::uint32_t i = 0; i < checkpoint.leaves.size(); ++i) {
    const TorchLeaf& leaf = checkpoint.leaves[i];
    DescribedTensor tensor;
    tensor.name = leaf.name;
    tensor.role = leaf.role;
    tensor.dtype = leaf.tensor.dtype;
    tensor.foreign_dtype = leaf.tensor.foreign_dtype;
    tensor.shape.assign(leaf.tensor.shape.begin(), leaf.tensor.shape.end());
    tensor.big_endian = big_endian && SizeOf(tensor.dtype) > 1;
    description.tensors.push_back(std::move(tensor));
    by_storage_[leaf.tensor.storage].push_back(i);
  }
}

TorchStorageMap::Leaf TorchStorageMap::MakeLeaf(std::uint32_t tensor) const {
  const TorchTensor& from = checkpoint_.leaves[tensor].tensor;
  Leaf leaf;
  leaf.tensor = tensor;
  leaf.view.offset = from.offset;
  leaf.view.shape = from.shape;
  leaf.view.strides = from.strides;
  leaf.view.element_size = static_cast<unsigned>(SizeOf(from.dtype));
  leaf.view = Normalised(std::move(leaf.view));
  leaf.count = ElementCount(leaf.view.shape).value_or(0);

  std::vector<std::uint8_t> axes(leaf.view.shape.size());
  std::iota(axes.begin(), axes.end(), std::uint8_t{0});
  const auto& strides = leaf.view.strides;
  std::stable_sort(axes.begin(), axes.end(),
                   [&](std::uint8_t a, std::uint8_t b) { return strides[a] > strides[b]; });
  std::uint64_t expected = 1;
  leaf.dense = true;
  bool c_order = true;
  std::uint8_t next = 255;
  for (std::size_t k = axes.size(); k-- > 0;) {
    const std::uint8_t axis = axes[k];
    if (leaf.view.shape[axis] <= 1) continue;
    leaf.dense = leaf.dense && strides[axis] == expected;
    c_order = c_order && axis < next;
    next = axis;
    expected *= leaf.view.shape[axis];
  }
  if (!c_order) leaf.axes = std::move(axes);
  return leaf;
}

void TorchStorageMap::SetSource(const Leaf& leaf,
                                const std::shared_ptr<const io::ByteSource>& elements) {
  DescribedTensor& tensor = description_.tensors[leaf.tensor];
  const std::uint64_t item = leaf.view.element_size;
  if (leaf.dense && leaf.axes.empty()) {
    tensor.source = MakeRange(elements, leaf.view.offset * item, leaf.count * item);
  } else {
    tensor.source = MakeStrided(elements, leaf.view, cache_);
  }
  tensor.order = OrderOf(leaf.axes);
}

Status TorchStorageMap::Place(std::uint32_t index, std::shared_ptr<const io::ByteSource> bytes,
                              RecipeBuilder& builder) {
  const std::string key = Printable(checkpoint_.storages[index].key);
  std::vector<Leaf> leaves;
  for (const std::uint32_t tensor : by_storage_[index]) {
    Leaf leaf = MakeLeaf(tensor);
    if (leaf.count != 0) {
      leaves.push_back(std::move(leaf));
      continue;
    }
    description_.tensors[tensor].source = MakeRange(bytes, 0, 0);
  }
  if (bytes->size() == 0) return Ok();
  if (leaves.empty()) {  // a storage that only empty tensors use
    builder.Literal(bytes);
    return Ok();
  }
  const DType dtype = description_.tensors[leaves.front().tensor].dtype;
  for (const Leaf& leaf : leaves) {
    if (description_.tensors[leaf.tensor].dtype != dtype) {
      return Error{ErrorCode::kUnsupported, "storage '" + key + "' is used with two dtypes"};
    }
  }
  const auto elements = MakeSwapped(bytes, big_endian_ ? SwapSizeOf(dtype) : 0);
  if (PlaceApart(leaves, elements, key, builder)) return Ok();
  for (const Leaf& leaf : leaves) {
    const std::uint64_t shown = leaf.count * leaf.view.element_size;
    if (shown > expansion_left_) {
      return Error{ErrorCode::kUnsafe, "views of storage '" + key + "' show more than " +
                                           std::to_string(kExpansionRatio) + " times the file"};
    }
    expansion_left_ -= shown;
  }
  PlaceViews(leaves, elements, key, builder);
  return Ok();
}

// Returns false, having done nothing, where the tensors are not apart.
bool TorchStorageMap::PlaceApart(std::vector<Leaf>& leaves,
                                 const std::shared_ptr<const io::ByteSource>& elements,
                                 const std::string& key, RecipeBuilder& builder) {
  if (!std::all_of(leaves.begin(), leaves.end(), [](const Leaf& leaf) { return leaf.dense; }))
    return false;
  // The owner of a place is its first tensor in C order, so that the others are plain views of it.
  std::stable_sort(leaves.begin(), leaves.end(), [](const Leaf& a, const Leaf& b) {
    return std::tuple(a.view.offset, a.count, !a.axes.empty()) <
           std::tuple(b.view.offset, b.count, !b.axes.empty());
  });
  for (std::size_t i = 1; i < leaves.size(); ++i) {
    const Leaf& before = leaves[i - 1];
    const Leaf& leaf = leaves[i];
    const bool tied = before.view.offset == leaf.view.offset && before.count == leaf.count;
    if (!tied && before.view.offset + before.count > leaf.view.offset) return false;
    const bool same =
        before.view.shape == leaf.view.shape && before.view.strides == leaf.view.strides;
    if (tied && !before.axes.empty() && !same) return false;
  }
  const DType dtype = description_.tensors[leaves.front().tensor].dtype;
  const std::uint64_t total = elements->size() / SizeOf(dtype);
  std::uint64_t at = 0;
  const Leaf* owner = nullptr;
  for (const Leaf& leaf : leaves) {
    SetSource(leaf, elements);
    DescribedTensor& tensor = description_.tensors[leaf.tensor];
    if (owner != nullptr && owner->view.offset == leaf.view.offset && owner->count == leaf.count) {
      const std::vector<std::uint64_t> strides =
          owner->axes.empty()
              ? leaf.view.strides
              : Normalised({0, leaf.view.shape, ContiguousStrides(leaf.view.shape), 1}).strides;
      tensor.view = TensorView{owner->tensor, 0, strides};
      continue;
    }
    owner = &leaf;
    Gap(at, leaf.view.offset, dtype, elements, key, builder);
    at = leaf.view.offset + leaf.count;
    TensorPart part = *WholeTensor(description_.tensors[leaf.tensor], leaf.tensor);
    if (!leaf.axes.empty()) {
      part.shape = leaf.view.shape;
      part.axes = leaf.axes;
    }
    builder.Tensor(std::move(part));
  }
  Gap(at, total, dtype, elements, key, builder);
  if (elements->size() % SizeOf(dtype) != 0) {
    builder.Literal(MakeRange(elements, total * SizeOf(dtype), elements->size() % SizeOf(dtype)));
  }
  return true;
}

// Elements of a storage that no tensor shows.
void TorchStorageMap::Gap(std::uint64_t begin, std::uint64_t end, DType dtype,
                          const std::shared_ptr<const io::ByteSource>& elements,
                          const std::string& key, RecipeBuilder& builder) {
  if (begin >= end) return;
  const std::uint64_t item = SizeOf(dtype);
  const std::uint32_t index =
      AddStorageTensor("storage." + key + "." + std::to_string(begin), dtype,
                       MakeRange(elements, begin * item, (end - begin) * item));
  builder.Tensor(*WholeTensor(description_.tensors[index], index));
}

std::uint32_t TorchStorageMap::AddStorageTensor(const std::string& name, DType dtype,
                                                std::shared_ptr<const io::ByteSource> source) {
  DescribedTensor tensor;
  tensor.name = name;
  tensor.role = TensorRole::kOther;
  tensor.unnamed = true;
  tensor.dtype = dtype;
  tensor.shape = {static_cast<std::int64_t>(source->size() / SizeOf(dtype))};
  tensor.big_endian = big_endian_ && SizeOf(dtype) > 1;
  tensor.source = std::move(source);
  description_.tensors.push_back(std::move(tensor));
  return static_cast<std::uint32_t>(description_.tensors.size() - 1);
}

void TorchStorageMap::PlaceViews(const std::vector<Leaf>& leaves,
                                 const std::shared_ptr<const io::ByteSource>& elements,
                                 const std::string& key, RecipeBuilder& builder) {
  const DType dtype = description_.tensors[leaves.front().tensor].dtype;
  const std::uint64_t whole = elements->size() / SizeOf(dtype) * SizeOf(dtype);
  const std::uint32_t base =
      AddStorageTensor("storage." + key, dtype, MakeRange(elements, 0, whole));
  for (const Leaf& leaf : leaves) {
    SetSource(leaf, elements);
    description_.tensors[leaf.tensor].view = TensorView{base, leaf.view.offset, leaf.view.strides};
  }
  builder.Tensor(*WholeTensor(description_.tensors[base], base));
  if (whole != elements->size())
    builder.Literal(MakeRange(elements, whole, elements->size() - whole));
}

}  // namespace dlv::interchange
