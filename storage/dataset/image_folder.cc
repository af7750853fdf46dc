#include <algorithm>
#include <charconv>
#include <map>

#include "storage/dataset/image.h"
#include "storage/dataset/preprocess.h"
#include "storage/dataset/readers.h"

namespace dlv::dataset {
namespace {

constexpr std::size_t kMostImages = std::size_t{1} << 26;
constexpr std::size_t kImageHeadBytes = 16;
constexpr std::uint64_t kMostLabelFile = 256U << 20;

struct Listed {
  std::string path;
  std::int64_t label = -1;
};

std::string TextOf(const ImageSize& size) {
  return std::to_string(size.width) + " x " + std::to_string(size.height) +
         (size.channels == 1 ? " gray" : " in colour");
}

Error Unlike(const std::string& path, const ImageSize& size, const ImageSize& first) {
  return {ErrorCode::kInvalidArgument,
          path + ": " + TextOf(size) + ", the first image is " + TextOf(first),
          size.channels == first.channels
              ? "bring them to one size: --preprocess resize=HEIGHTxWIDTH, or resize=N and crop"
              : "channels makes them alike: --preprocess channels=rgb or gray, and resize"};
}

/// Examples are what the first image is: Read refuses others, Fitted makes them alike.
class ImageData : public DataSource {
 public:
  ImageData(io::FileSystem& files, const std::string& path, std::vector<Listed> images,
            const ImageSize& size, std::vector<std::string> classes)
      : files_(files), images_(std::move(images)), size_(size) {
    description_.format = "images";
    description_.path = path;
    description_.count = images_.size();
    description_.has_labels = images_.front().label >= 0;
    description_.classes = std::move(classes);
    SetSize(size, description_);
  }

  Status Read(std::uint64_t first, std::span<std::byte> out) const override {
    DLV_ASSIGN(const std::uint64_t count, ExamplesIn(out.size()));
    DLV_TRY(CheckRange(first, count));
    const auto one = static_cast<std::size_t>(description_.example_bytes());
    for (std::size_t i = 0; i < count; ++i) {
      DLV_ASSIGN(const Image image, Decode(first + i));
      if (!IsLikeFirst(image.size)) return Unlike(PathOf(first + i), image.size, size_);
      std::ranges::copy(std::as_bytes(std::span(image.pixels)), out.subspan(i * one).begin());
    }
    return Ok();
  }

  /// Of an image unlike the first its height, width and channels stand before its pixels.
  Status AddToHash(std::uint64_t first, std::uint64_t count, io::Sha256& hash) const override {
    DLV_TRY(CheckRange(first, count));
    for (std::uint64_t i = first; i < first + count; ++i) {
      DLV_ASSIGN(const Image image, Decode(i));
      const std::uint32_t numbers[] = {image.size.height, image.size.width, image.size.channels};
      if (!IsLikeFirst(image.size)) hash.Update(std::as_bytes(std::span(numbers)));
      hash.Update(std::as_bytes(std::span(image.pixels)));
    }
    return Ok();
  }

  Result<std::optional<FittedData>> Fitted(const Preprocess& steps) const override;

  Status ReadLabels(std::uint64_t first, std::span<std::int64_t> out) const override {
    if (!description_.has_labels)
      return Error{ErrorCode::kNotFound, description_.path + ": has no labels"};
    DLV_TRY(CheckRange(first, out.size()));
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = images_[static_cast<std::size_t>(first) + i].label;
    return Ok();
  }

  Result<Image> Decode(std::uint64_t example) const {
    const std::string& path = PathOf(example);
    DLV_ASSIGN(const auto bytes, io::ReadWholeFile(files_, path, kMostImageFileBytes));
    return DecodeImage(bytes, path);
  }
  const std::string& PathOf(std::uint64_t example) const {
    return images_[static_cast<std::size_t>(example)].path;
  }
  const ImageSize& first_size() const { return size_; }
  /// The description that data of such an image has.
  DataDescription DescriptionOf(std::uint64_t example, const ImageSize& size) const {
    DataDescription description = description_;
    description.path = PathOf(example);
    SetSize(size, description);
    return description;
  }
  io::FileSystem& files() const { return files_; }

 private:
  static void SetSize(const ImageSize& size, DataDescription& description) {
    description.layout = size.channels == 1 ? Layout::kHW : Layout::kHWC;
    description.example = {size.height, size.width};
    if (size.channels != 1) description.example.push_back(size.channels);
  }
  bool IsLikeFirst(const ImageSize& size) const {
    return size.height == size_.height && size.width == size_.width &&
           size.channels == size_.channels;
  }

  io::FileSystem& files_;
  std::vector<Listed> images_;
  ImageSize size_;
};

/// Images as the steps of channels and sizes make them, each by itself: planes of f64, not rounded.
class FittedImages : public DataSource {
 public:
  static Result<std::shared_ptr<const DataSource>> Make(const ImageData& images,
                                                        const Preprocess& steps) {
    DLV_ASSIGN(const auto first, Preprocessor::Make(images.files(), steps, images.description()));
    return std::shared_ptr<const DataSource>(
        std::make_shared<FittedImages>(images, steps, first.output_shape()));
  }
  FittedImages(const ImageData& images, const Preprocess& steps, const Shape& example)
      : images_(images), steps_(steps) {
    description_ = images.description();
    description_.dtype = DType::kF64;
    description_.layout = Layout::kCHW;
    description_.example = example;
  }

  Status Read(std::uint64_t first, std::span<std::byte> out) const override {
    DLV_ASSIGN(const std::uint64_t count, ExamplesIn(out.size()));
    DLV_TRY(CheckRange(first, count));
    const auto one = static_cast<std::size_t>(description_.example_bytes());
    std::vector<double> planes;
    for (std::size_t i = 0; i < count; ++i) {
      DLV_TRY(Fit(first + i, planes));
      std::ranges::copy(std::as_bytes(std::span(planes)), out.subspan(i * one).begin());
    }
    return Ok();
  }
  Status ReadLabels(std::uint64_t first, std::span<std::int64_t> out) const override {
    return images_.ReadLabels(first, out);
  }

 private:
  Status Fit(std::uint64_t example, std::vector<double>& planes) const {
    DLV_ASSIGN(const Image image, images_.Decode(example));
    const DataDescription own = images_.DescriptionOf(example, image.size);
    DLV_ASSIGN(const auto preprocessor, Preprocessor::Make(images_.files(), steps_, own));
    if (preprocessor.output_shape() != description_.example)
      return Unlike(own.path, image.size, images_.first_size());
    preprocessor.ApplyToOne(std::as_bytes(std::span(image.pixels)), planes);
    return Ok();
  }

  const ImageData& images_;
  Preprocess steps_;
};

Result<std::optional<FittedData>> ImageData::Fitted(const Preprocess& steps) const {
  using Channels = Preprocess::Channels;
  if (!steps.changes_size() && steps.channels == Channels::kAsTheyAre)
    return std::optional<FittedData>();
  const Preprocess none;
  Preprocess alike = steps;  // all that comes before the numbers are changed
  alike.mean_image = none.mean_image;
  alike.scale_text = none.scale_text;
  alike.scale = none.scale;
  alike.mean = alike.deviation = {};
  FittedData fitted;
  DLV_ASSIGN(fitted.data, FittedImages::Make(*this, alike));
  fitted.rest.mean_image = steps.mean_image;
  fitted.rest.scale_text = steps.scale_text;
  fitted.rest.scale = steps.scale;
  fitted.rest.mean = steps.mean;
  fitted.rest.deviation = steps.deviation;
  return std::optional(std::move(fitted));
}

Result<bool> IsImageFile(io::FileSystem& files, const std::string& path) {
  DLV_ASSIGN(const auto file, files.OpenForReading(path));
  DLV_ASSIGN(const io::FileStat stat, file->Stat());
  if (!stat.is_regular) return false;
  std::vector<std::byte> head(
      static_cast<std::size_t>(std::min<std::uint64_t>(kImageHeadBytes, stat.size_bytes)));
  DLV_TRY(file->ReadAt(0, head));
  return IsImage(head);
}

/// Appends the images of one folder, in the order of their names.
Status AddImages(io::FileSystem& files, const std::string& folder, std::int64_t label,
                 std::vector<Listed>& images) {
  DLV_ASSIGN(const auto names, files.List(folder));
  for (const std::string& name : names) {
    if (name.starts_with('.')) continue;
    const std::string path = Join(folder, name);
    DLV_ASSIGN(const bool is_folder, IsFolder(files, path));
    if (is_folder) continue;
    DLV_ASSIGN(const bool is_image, IsImageFile(files, path));
    if (!is_image) continue;
    if (images.size() == kMostImages)
      return Error{ErrorCode::kUnsafe,
                   folder + ": more than " + std::to_string(kMostImages) + " images"};
    images.push_back({path, label});
  }
  return Ok();
}

/// Lines "name,label"; a first line without a number is a heading.
Result<std::map<std::string, std::int64_t>> ReadLabelList(io::FileSystem& files,
                                                          const std::string& path) {
  DLV_ASSIGN(const auto bytes, io::ReadWholeFile(files, path, kMostLabelFile));
  std::string_view rest(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::map<std::string, std::int64_t> labels;
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view text = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (text.empty()) continue;
    const std::size_t comma = text.rfind(',');
    std::int64_t label = -1;
    const std::string_view number = comma == text.npos ? "" : text.substr(comma + 1);
    const auto read = std::from_chars(number.data(), number.data() + number.size(), label);
    if (read.ec != std::errc() || read.ptr != number.data() + number.size() || label < 0) {
      if (line == 1) continue;
      return Error{ErrorCode::kCorruption, path + ", line " + std::to_string(line) +
                                               ": want \"name,label\", a label from 0"};
    }
    labels.emplace(text.substr(0, comma), label);
  }
  return labels;
}

Status SetLabels(const std::map<std::string, std::int64_t>& labels, const std::string& list,
                 std::vector<Listed>& images) {
  for (Listed& image : images) {
    const auto found = labels.find(NameIn(image.path));
    if (found == labels.end())
      return Error{ErrorCode::kNotFound, list + ": has no label for " + NameIn(image.path)};
    image.label = found->second;
  }
  return Ok();
}

Result<std::unique_ptr<DataSource>> Make(io::FileSystem& files, const std::string& path,
                                         std::vector<Listed> images,
                                         std::vector<std::string> classes) {
  DLV_ASSIGN(const auto bytes, io::ReadWholeFile(files, images.front().path, kMostImageFileBytes));
  DLV_ASSIGN(const ImageSize size, SizeOfImage(bytes, images.front().path));
  return std::unique_ptr<DataSource>(
      std::make_unique<ImageData>(files, path, std::move(images), size, std::move(classes)));
}

}  // namespace

bool IsImage(std::span<const std::byte> head) { return IsPng(head) || IsJpeg(head); }

Result<std::unique_ptr<DataSource>> OpenImage(io::FileSystem& files, const std::string& path) {
  return Make(files, path, {{path, -1}}, {});
}

Result<std::unique_ptr<DataSource>> OpenImageFolder(io::FileSystem& files, const std::string& path,
                                                    const std::string& labels) {
  std::vector<Listed> images;
  DLV_TRY(AddImages(files, path, -1, images));
  if (!images.empty()) {
    std::string list = labels;
    if (list.empty() && files.Stat(Join(path, "labels.csv")).ok()) list = Join(path, "labels.csv");
    if (!list.empty()) {
      DLV_ASSIGN(const auto known, ReadLabelList(files, list));
      DLV_TRY(SetLabels(known, list, images));
    }
    return Make(files, path, std::move(images), {});
  }
  DLV_ASSIGN(const auto names, files.List(path));
  std::vector<std::string> classes;
  for (const std::string& name : names) {
    if (name.starts_with('.')) continue;
    DLV_ASSIGN(const bool is_folder, IsFolder(files, Join(path, name)));
    if (!is_folder) continue;
    DLV_TRY(AddImages(files, Join(path, name), static_cast<std::int64_t>(classes.size()), images));
    classes.push_back(name);
  }
  if (images.empty()) return std::unique_ptr<DataSource>();
  return Make(files, path, std::move(images), std::move(classes));
}

}  // namespace dlv::dataset
