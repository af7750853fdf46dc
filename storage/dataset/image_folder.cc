#include <algorithm>
#include <charconv>
#include <map>

#include "storage/dataset/image.h"
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

class ImageData : public DataSource {
 public:
  /// All images have the size of the first.
  ImageData(io::FileSystem& files, const std::string& path, std::vector<Listed> images,
            const ImageSize& size, std::vector<std::string> classes)
      : files_(files), images_(std::move(images)), size_(size) {
    description_.format = "images";
    description_.path = path;
    description_.count = images_.size();
    description_.has_labels = images_.front().label >= 0;
    description_.classes = std::move(classes);
    description_.layout = size.channels == 1 ? Layout::kHW : Layout::kHWC;
    description_.example = {size.height, size.width};
    if (size.channels != 1) description_.example.push_back(size.channels);
  }

  Status Read(std::uint64_t first, std::span<std::byte> out) const override {
    DLV_ASSIGN(const std::uint64_t count, ExamplesIn(out.size()));
    DLV_TRY(CheckRange(first, count));
    const auto one = static_cast<std::size_t>(description_.example_bytes());
    for (std::size_t i = 0; i < count; ++i)
      DLV_TRY(
          ReadImage(images_[static_cast<std::size_t>(first) + i].path, out.subspan(i * one, one)));
    return Ok();
  }

  Status ReadLabels(std::uint64_t first, std::span<std::int64_t> out) const override {
    if (!description_.has_labels)
      return Error{ErrorCode::kNotFound, description_.path + ": has no labels"};
    DLV_TRY(CheckRange(first, out.size()));
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = images_[static_cast<std::size_t>(first) + i].label;
    return Ok();
  }

 private:
  Status ReadImage(const std::string& path, std::span<std::byte> out) const {
    DLV_ASSIGN(const auto bytes, io::ReadWholeFile(files_, path, kMostImageFileBytes));
    DLV_ASSIGN(const Image image, DecodeImage(bytes, path));
    if (image.size.height != size_.height || image.size.width != size_.width ||
        image.size.channels != size_.channels) {
      return Error{ErrorCode::kInvalidArgument,
                   path + ": " + Text(image.size) + ", the first image is " + Text(size_),
                   "make them alike first: all images of a folder must have one size"};
    }
    const auto pixels = std::as_bytes(std::span(image.pixels));
    std::copy(pixels.begin(), pixels.end(), out.begin());
    return Ok();
  }

  static std::string Text(const ImageSize& size) {
    return std::to_string(size.width) + " x " + std::to_string(size.height) +
           (size.channels == 1 ? " gray" : " in colour");
  }

  io::FileSystem& files_;
  std::vector<Listed> images_;
  ImageSize size_;
};

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
