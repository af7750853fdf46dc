// The idx format of MNIST (LeCun, http://yann.lecun.com/exdb/mnist): two zero bytes, a type, the
// number of axes, their sizes, and the elements, everything big-endian.

#include <algorithm>
#include <cstring>

#include "storage/dataset/readers.h"
#include "storage/interchange/sources.h"

namespace dlv::dataset {
namespace {

constexpr std::size_t kMostAxes = 8;

std::optional<DType> TypeOf(std::byte code) {
  switch (std::to_integer<int>(code)) {
    case 0x08:
      return DType::kU8;
    case 0x09:
      return DType::kI8;
    case 0x0b:
      return DType::kI16;
    case 0x0c:
      return DType::kI32;
    case 0x0d:
      return DType::kF32;
    case 0x0e:
      return DType::kF64;
    default:
      return std::nullopt;
  }
}

/// An idx file: little-endian elements, and the sizes of the axes.
struct IdxArray {
  DType dtype = DType::kU8;
  Shape shape;
  std::shared_ptr<const io::ByteSource> elements;
};

Error Damaged(const OpenFile& file, const std::string& what) {
  return Error{ErrorCode::kCorruption, file.path + ": idx: " + what};
}

Result<IdxArray> ReadIdx(const OpenFile& file) {
  DLV_ASSIGN(const auto head, file.Head(4 + 4 * kMostAxes));
  if (!IsIdx(head)) return Damaged(file, "no idx file");
  IdxArray array;
  array.dtype = *TypeOf(head[2]);
  const auto axes = std::to_integer<std::size_t>(head[3]);
  const std::uint64_t begin = 4 + 4 * axes;
  if (head.size() < begin) return Damaged(file, "ends in its head");
  std::uint64_t bytes = SizeOf(array.dtype);
  for (std::size_t axis = 0; axis < axes; ++axis) {
    std::uint64_t size = 0;
    for (std::size_t i = 0; i < 4; ++i)
      size = size << 8 | std::to_integer<std::uint64_t>(head[4 + 4 * axis + i]);
    array.shape.push_back(static_cast<std::int64_t>(size));
    if (size != 0 && bytes > file.bytes->size() / size)
      return Damaged(file, "axes say more elements than it has bytes");
    bytes *= size;
  }
  if (bytes != file.bytes->size() - begin) {
    return Damaged(file, std::to_string(file.bytes->size() - begin) + " bytes of elements, want " +
                             std::to_string(bytes));
  }
  array.elements = interchange::MakeSwapped(interchange::MakeRange(file.bytes, begin, bytes),
                                            static_cast<unsigned>(SizeOf(array.dtype)));
  return array;
}

std::int64_t WholeOf(DType dtype, const std::byte* at) {
  const auto as = [at]<class T>(T value) {
    std::memcpy(&value, at, sizeof(value));
    return static_cast<std::int64_t>(value);
  };
  if (dtype == DType::kU8) return as(std::uint8_t{});
  if (dtype == DType::kI8) return as(std::int8_t{});
  if (dtype == DType::kI16) return as(std::int16_t{});
  return as(std::int32_t{});
}

class IdxData : public DataSource {
 public:
  IdxData(const std::string& path, IdxArray examples, std::optional<IdxArray> labels)
      : examples_(std::move(examples)), labels_(std::move(labels)) {
    description_.format = "idx";
    description_.path = path;
    description_.dtype = examples_.dtype;
    description_.count = static_cast<std::uint64_t>(examples_.shape.front());
    description_.example.assign(examples_.shape.begin() + 1, examples_.shape.end());
    description_.layout = description_.example.size() == 2 ? Layout::kHW : Layout::kNone;
    description_.has_labels = labels_.has_value();
  }

  Status Read(std::uint64_t first, std::span<std::byte> out) const override {
    DLV_ASSIGN(const std::uint64_t count, ExamplesIn(out.size()));
    DLV_TRY(CheckRange(first, count));
    return examples_.elements->ReadAt(first * description_.example_bytes(), out);
  }

  Status ReadLabels(std::uint64_t first, std::span<std::int64_t> out) const override {
    if (!labels_) return Error{ErrorCode::kNotFound, description_.path + ": has no labels"};
    DLV_TRY(CheckRange(first, out.size()));
    const std::size_t size = SizeOf(labels_->dtype);
    std::vector<std::byte> bytes(out.size() * size);
    DLV_TRY(labels_->elements->ReadAt(first * size, bytes));
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = WholeOf(labels_->dtype, bytes.data() + i * size);
    return Ok();
  }

 private:
  IdxArray examples_;
  std::optional<IdxArray> labels_;
};

Result<IdxArray> ReadLabelFile(io::FileSystem& files, const std::string& path, std::int64_t count) {
  DLV_ASSIGN(const OpenFile file, OpenFile::Open(files, path));
  DLV_ASSIGN(IdxArray labels, ReadIdx(file));
  if (labels.shape.size() != 1 || SizeOf(labels.dtype) > 4 || IsFloat(labels.dtype))
    return Damaged(file, "no labels: want whole numbers of one axis");
  if (labels.shape[0] != count) {
    return Damaged(file, std::to_string(labels.shape[0]) + " labels for " + std::to_string(count) +
                             " examples");
  }
  return labels;
}

}  // namespace

bool IsIdx(std::span<const std::byte> head) {
  return head.size() >= 4 && head[0] == std::byte{0} && head[1] == std::byte{0} &&
         TypeOf(head[2]).has_value() && head[3] != std::byte{0} &&
         std::to_integer<std::size_t>(head[3]) <= kMostAxes;
}

std::string IdxLabelsOf(const std::string& images) {
  std::string path = images;
  const std::size_t name = path.find_last_of('/') + 1;
  const std::size_t word = path.find("images", name);
  if (word == std::string::npos) return {};
  path.replace(word, 6, "labels");
  const std::size_t axes = path.find("idx", name);
  if (axes != std::string::npos && axes + 3 < path.size()) path[axes + 3] = '1';
  return path;
}

Result<std::unique_ptr<DataSource>> OpenIdx(io::FileSystem& files, const OpenFile& images,
                                            const std::string& labels) {
  DLV_ASSIGN(IdxArray examples, ReadIdx(images));
  std::optional<IdxArray> known;
  if (!labels.empty()) {
    DLV_ASSIGN(known, ReadLabelFile(files, labels, examples.shape.front()));
  }
  return std::unique_ptr<DataSource>(
      std::make_unique<IdxData>(images.path, std::move(examples), std::move(known)));
}

}  // namespace dlv::dataset
