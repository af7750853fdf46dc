// Arrays whose first axis counts examples.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "storage/dataset/readers.h"
#include "storage/interchange/file_format.h"

namespace dlv::dataset {
namespace {

using interchange::DescribedTensor;

constexpr std::array<std::string_view, 8> kExampleNames = {"x",     "images",   "data",   "inputs",
                                                           "input", "features", "x_test", "arr_0"};
constexpr std::array<std::string_view, 8> kLabelNames = {"y",      "labels",  "label",  "targets",
                                                         "target", "classes", "y_test", "arr_1"};
constexpr const char* kSaveNumbers =
    "save it as numbers: array.astype(\"float32\"), numpy.stack(array) of arrays of one shape";
constexpr const char* kSaveClasses =
    "save it as numbers of classes, from 0: labels.astype(\"int64\"), of names "
    "numpy.unique(labels, return_inverse=True)[1]";
constexpr std::uint64_t kMostExampleBytes = std::uint64_t{1} << 31;

std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

/// A described file that keeps itself open.
struct ArrayFile {
  OpenFile file;
  interchange::FileDescription description;
};

std::string NamesOf(const ArrayFile& file) {
  std::string names;
  for (const DescribedTensor& tensor : file.description.tensors) {
    if (names.size() > 200) return names + ", ...";
    names += (names.empty() ? "" : ", ") + tensor.name;
  }
  return names.empty() ? "none" : names;
}

const DescribedTensor* Named(const ArrayFile& file, std::string_view name) {
  for (const DescribedTensor& tensor : file.description.tensors) {
    if (Lower(tensor.name) == Lower(std::string(name))) return &tensor;
  }
  return nullptr;
}

template <class Names>
const DescribedTensor* FirstOf(const ArrayFile& file, const Names& names) {
  for (const std::string_view name : names) {
    if (const DescribedTensor* const tensor = Named(file, name)) return tensor;
  }
  return nullptr;
}

/// The first array of Python objects that is called as in `names`; null without one.
template <class Names>
const std::string* ObjectsCalled(const ArrayFile& file, const Names& names) {
  for (const std::string_view name : names) {
    for (const std::string& objects : file.description.objects) {
      if (Lower(objects) == Lower(std::string(name))) return &objects;
    }
  }
  return nullptr;
}

/// All that is in an .npy comes of its one array.
bool IsSingle(const ArrayFile& file) { return file.description.format == "npy"; }

/// The same; where there are no arrays but of objects, the first of them.
template <class Names>
const std::string* ObjectsFor(const ArrayFile& file, const Names& names) {
  if (const std::string* const called = ObjectsCalled(file, names)) return called;
  const std::vector<std::string>& objects = file.description.objects;
  const bool is_alone = file.description.tensors.empty() || IsSingle(file);
  return is_alone && !objects.empty() ? &objects.front() : nullptr;
}

std::string HoldsObjects(const std::string& name) {
  return "array " + name + " holds Python objects, which dlv does not read";
}

Error ObjectsError(const ArrayFile& file, const std::string& name, const char* how_to_save) {
  return Error{ErrorCode::kUnsupported, file.file.path + ": " + HoldsObjects(name), how_to_save};
}

Result<const DescribedTensor*> Required(const ArrayFile& file, const std::string& name,
                                        const char* how_to_save) {
  if (const DescribedTensor* const tensor = Named(file, name)) return tensor;
  const std::array<std::string_view, 1> names = {name};
  if (const std::string* const objects = ObjectsCalled(file, names))
    return ObjectsError(file, *objects, how_to_save);
  return Error{ErrorCode::kNotFound, file.file.path + ": has no array \"" + name + "\"",
               "arrays: " + NamesOf(file)};
}

/// Whether there is one array, which is not beside `objects` that should have been numbers.
bool IsOnlyArray(const ArrayFile& file, const std::string* objects) {
  const auto& tensors = file.description.tensors;
  return tensors.size() == 1 &&
         (objects == nullptr || IsSingle(file) || tensors.front().name.starts_with(*objects + "."));
}

Result<const DescribedTensor*> ExamplesOf(const ArrayFile& file, const std::string& name) {
  if (file.description.tensors.empty() && file.description.objects.empty()) {
    return Error{ErrorCode::kUnsupported,
                 file.file.path + ": " + std::to_string(file.file.bytes->size()) +
                     " bytes without an array, and of no other kind of data",
                 std::string("want ") + kDataKinds};
  }
  if (!name.empty()) return Required(file, name, kSaveNumbers);
  if (const DescribedTensor* const found = FirstOf(file, kExampleNames)) return found;
  const std::string* const objects = ObjectsFor(file, kExampleNames);
  if (IsOnlyArray(file, objects)) return &file.description.tensors.front();
  if (objects != nullptr) return ObjectsError(file, *objects, kSaveNumbers);
  return Error{ErrorCode::kInvalidArgument,
               file.file.path + ": which array holds the examples? It has " + NamesOf(file),
               "say it with: --array NAME"};
}

/// Of a file that was named for its labels.
Result<const DescribedTensor*> LabelsOf(const ArrayFile& file) {
  if (const DescribedTensor* const found = FirstOf(file, kLabelNames)) return found;
  const std::string* const objects = ObjectsFor(file, kLabelNames);
  if (IsOnlyArray(file, objects)) return &file.description.tensors.front();
  if (objects != nullptr) return ObjectsError(file, *objects, kSaveClasses);
  return Error{ErrorCode::kInvalidArgument,
               file.file.path + ": which array holds the labels? It has " + NamesOf(file)};
}

Result<ArrayFile> OpenArrayFile(io::FileSystem& files, const std::string& path) {
  ArrayFile opened;
  DLV_ASSIGN(opened.file, OpenFile::Open(files, path));
  auto described = interchange::DescribeFile(*opened.file.bytes, path);
  if (!described.ok()) {
    Error error = described.error();
    if (error.message.find(path) == std::string::npos) error.message = path + ": " + error.message;
    return error;
  }
  opened.description = std::move(described).value();
  return opened;
}

/// Whole numbers, or real ones that are whole.
Result<std::int64_t> WholeOf(DType dtype, const std::byte* at, const std::string& where) {
  const auto as = [at]<class T>(T value) {
    std::memcpy(&value, at, sizeof(value));
    return value;
  };
  double real = 0;
  switch (dtype) {
    case DType::kBool:
    case DType::kU8:
      return std::int64_t{as(std::uint8_t{})};
    case DType::kI8:
      return std::int64_t{as(std::int8_t{})};
    case DType::kU16:
      return std::int64_t{as(std::uint16_t{})};
    case DType::kI16:
      return std::int64_t{as(std::int16_t{})};
    case DType::kU32:
      return std::int64_t{as(std::uint32_t{})};
    case DType::kI32:
      return std::int64_t{as(std::int32_t{})};
    case DType::kU64:
    case DType::kI64:
      return as(std::int64_t{});
    case DType::kF32:
      real = static_cast<double>(as(float{}));
      break;
    case DType::kF64:
      real = as(double{});
      break;
    default:
      return Error{ErrorCode::kUnsupported,
                   where + ": labels of type " + std::string(NameOf(dtype))};
  }
  if (std::isfinite(real) && real == std::floor(real) && std::abs(real) < 9e15)
    return static_cast<std::int64_t>(real);
  return Error{ErrorCode::kInvalidArgument,
               where + ": label " + std::to_string(real) + ", want a whole number"};
}

class ArrayData : public DataSource {
 public:
  ArrayData(std::shared_ptr<const ArrayFile> file, const DescribedTensor& examples,
            std::shared_ptr<const ArrayFile> label_file, const DescribedTensor* labels,
            const std::string* label_objects)
      : file_(std::move(file)),
        examples_(examples.source),
        label_file_(std::move(label_file)),
        labels_(labels) {
    description_.format = file_->description.format;
    description_.path = file_->file.path;
    description_.dtype = examples.dtype;
    description_.count = static_cast<std::uint64_t>(examples.shape.front());
    description_.example.assign(examples.shape.begin() + 1, examples.shape.end());
    description_.layout = LayoutOf(description_.example);
    description_.has_labels = labels != nullptr;
    if (label_objects == nullptr) return;
    description_.why_no_labels = HoldsObjects(*label_objects);
    description_.labels_hint = kSaveClasses;
  }

  Status Read(std::uint64_t first, std::span<std::byte> out) const override {
    DLV_ASSIGN(const std::uint64_t count, ExamplesIn(out.size()));
    DLV_TRY(CheckRange(first, count));
    return examples_->ReadAt(first * description_.example_bytes(), out);
  }

  Status ReadLabels(std::uint64_t first, std::span<std::int64_t> out) const override {
    if (labels_ == nullptr)
      return Error{ErrorCode::kNotFound, description_.path + ": " + description_.why_no_labels};
    DLV_TRY(CheckRange(first, out.size()));
    const std::size_t size = SizeOf(labels_->dtype);
    std::vector<std::byte> bytes(out.size() * size);
    DLV_TRY(labels_->source->ReadAt(first * size, bytes));
    for (std::size_t i = 0; i < out.size(); ++i) {
      DLV_ASSIGN(out[i], WholeOf(labels_->dtype, bytes.data() + i * size,
                                 label_file_->file.path + ", " + labels_->name + "[" +
                                     std::to_string(first + i) + "]"));
    }
    return Ok();
  }

 private:
  /// Where three or one are on the side of the channels, and not on the other.
  static Layout LayoutOf(const Shape& example) {
    const auto is_channels = [](std::int64_t size) { return size == 1 || size == 3; };
    if (example.size() == 2) return Layout::kHW;
    if (example.size() != 3) return Layout::kNone;
    if (is_channels(example[0]) == is_channels(example[2])) return Layout::kNone;
    return is_channels(example[0]) ? Layout::kCHW : Layout::kHWC;
  }

  std::shared_ptr<const ArrayFile> file_;
  std::shared_ptr<const io::ByteSource> examples_;
  std::shared_ptr<const ArrayFile> label_file_;
  const DescribedTensor* labels_;
};

Status CheckExamples(const ArrayFile& file, const DescribedTensor& tensor) {
  const std::string where = file.file.path + ", " + tensor.name;
  if (tensor.dtype == DType::kOpaque)
    return Error{ErrorCode::kUnsupported, where + ": elements of type " + tensor.foreign_dtype};
  if (tensor.shape.empty())
    return Error{ErrorCode::kInvalidArgument, where + ": one number, want an axis of examples"};
  std::uint64_t bytes = SizeOf(tensor.dtype);
  for (std::size_t axis = 1; axis < tensor.shape.size(); ++axis)
    bytes *= static_cast<std::uint64_t>(tensor.shape[axis]);  // below 2^63: it is described
  if (bytes <= kMostExampleBytes) return Ok();
  return Error{ErrorCode::kUnsafe, where + ": an example of " + std::to_string(bytes) +
                                       " bytes; is the first axis that of examples?"};
}

Status CheckLabels(const ArrayFile& file, const DescribedTensor& labels, std::int64_t count) {
  if (labels.dtype == DType::kOpaque || !labels.foreign_dtype.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 file.file.path + ", " + labels.name + ": labels of type " + labels.foreign_dtype +
                     ", want the numbers of classes, from 0",
                 kSaveClasses};
  }
  const bool is_column = labels.shape.size() == 2 && labels.shape[1] == 1;
  if ((labels.shape.size() == 1 || is_column) && labels.shape[0] == count) return Ok();
  std::string shape;
  for (const std::int64_t size : labels.shape)
    shape += (shape.empty() ? "" : ", ") + std::to_string(size);
  const bool is_one_hot = labels.shape.size() == 2 && labels.shape[0] == count;
  return Error{
      ErrorCode::kInvalidArgument,
      file.file.path + ", " + labels.name + ": [" + shape + "], want " + std::to_string(count) +
          " labels, one an example",
      is_one_hot ? "of one row an example the place of the greatest: labels.argmax(1)" : ""};
}

}  // namespace

Result<std::unique_ptr<DataSource>> OpenArrays(io::FileSystem& files, const OpenFile& file,
                                               const DataOptions& options) {
  auto opened = std::make_shared<ArrayFile>();
  DLV_ASSIGN(*opened, OpenArrayFile(files, file.path));
  DLV_ASSIGN(const DescribedTensor* const examples, ExamplesOf(*opened, options.array));
  DLV_TRY(CheckExamples(*opened, *examples));
  std::shared_ptr<const ArrayFile> label_file = opened;
  const DescribedTensor* labels = nullptr;
  if (!options.labels.empty()) {
    auto other = std::make_shared<ArrayFile>();
    DLV_ASSIGN(*other, OpenArrayFile(files, options.labels));
    if (!options.label_array.empty()) {
      DLV_ASSIGN(labels, Required(*other, options.label_array, kSaveClasses));
    } else {
      DLV_ASSIGN(labels, LabelsOf(*other));
    }
    label_file = other;
  } else if (!options.label_array.empty()) {
    DLV_ASSIGN(labels, Required(*opened, options.label_array, kSaveClasses));
  } else {
    labels = FirstOf(*opened, kLabelNames);
  }
  if (labels != nullptr) DLV_TRY(CheckLabels(*label_file, *labels, examples->shape.front()));
  const std::string* const objects =
      labels == nullptr ? ObjectsCalled(*opened, kLabelNames) : nullptr;
  return std::unique_ptr<DataSource>(
      std::make_unique<ArrayData>(opened, *examples, label_file, labels, objects));
}

}  // namespace dlv::dataset
