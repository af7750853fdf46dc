#include "storage/dataset/preprocess.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "storage/dataset/readers.h"
#include "storage/interchange/file_format.h"
#include "storage/statistics/widen.h"

namespace dlv::dataset {
namespace {

constexpr std::uint64_t kMostMeanBytes = 1U << 30;
constexpr std::int64_t kMostSide = 1 << 15;
/// Luma of ITU-R BT.601, as PIL and OpenCV make gray images.
constexpr std::array<double, 3> kLuma = {0.299, 0.587, 0.114};

Error Unfit(const DataDescription& data, const std::string& what) {
  return Error{ErrorCode::kInvalidArgument, data.path + ": preprocess: " + what};
}

/// Bilinear, pixel centres at halves: PyTorch's interpolate with align_corners=False.
void ResizePlane(std::span<const double> from, std::uint32_t height, std::uint32_t width,
                 std::span<double> to, std::uint32_t new_height, std::uint32_t new_width) {
  const auto place = [](std::uint32_t at, std::uint32_t size, std::uint32_t new_size) {
    const double centre = (at + 0.5) * size / new_size - 0.5;
    return std::clamp(centre, 0.0, static_cast<double>(size - 1));
  };
  for (std::uint32_t y = 0; y < new_height; ++y) {
    const double at_y = place(y, height, new_height);
    const auto y0 = static_cast<std::uint32_t>(at_y);
    const std::uint32_t y1 = std::min(y0 + 1, height - 1);
    const double fy = at_y - y0;
    for (std::uint32_t x = 0; x < new_width; ++x) {
      const double at_x = place(x, width, new_width);
      const auto x0 = static_cast<std::uint32_t>(at_x);
      const std::uint32_t x1 = std::min(x0 + 1, width - 1);
      const double fx = at_x - x0;
      const auto pixel = [&](std::uint32_t row, std::uint32_t column) {
        return from[std::size_t{row} * width + column];
      };
      const double above = pixel(y0, x0) * (1 - fx) + pixel(y0, x1) * fx;
      const double below = pixel(y1, x0) * (1 - fx) + pixel(y1, x1) * fx;
      to[std::size_t{y} * new_width + x] = above * (1 - fy) + below * fy;
    }
  }
}

/// One number for all channels, or one for each.
double At(const std::vector<double>& numbers, std::uint32_t channel, double otherwise) {
  if (numbers.empty()) return otherwise;
  return numbers.size() == 1 ? numbers.front() : numbers[channel];
}

std::string ShapeText(const Shape& shape) {
  std::string text;
  for (const std::int64_t size : shape) text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "[" + text + "]";
}

/// The one array of the file, as f32.
Result<std::vector<double>> ReadMeanImage(io::FileSystem& files, const std::string& path,
                                          std::uint64_t elements) {
  DLV_ASSIGN(const OpenFile file, OpenFile::Open(files, path));
  DLV_ASSIGN(const auto described, interchange::DescribeFile(*file.bytes, path));
  if (described.tensors.size() != 1) {
    return Error{ErrorCode::kInvalidArgument, path + ": " +
                                                  std::to_string(described.tensors.size()) +
                                                  " arrays, want one, the mean image"};
  }
  const interchange::DescribedTensor& tensor = described.tensors.front();
  const std::uint64_t bytes = tensor.source->size();
  if (statistics::ComponentsOf(tensor.dtype) != 1 || bytes / SizeOf(tensor.dtype) != elements ||
      bytes > kMostMeanBytes) {
    return Error{ErrorCode::kInvalidArgument, path + ": mean image " + ShapeText(tensor.shape) +
                                                  ", want " + std::to_string(elements) +
                                                  " elements, those of an example"};
  }
  std::vector<std::byte> raw(static_cast<std::size_t>(bytes));
  DLV_TRY(tensor.source->ReadAt(0, raw));
  std::vector<double> mean(static_cast<std::size_t>(elements));
  statistics::Widen(tensor.dtype, raw, mean);
  return mean;
}

}  // namespace

Status Preprocessor::SetImage(const DataDescription& data) {
  const Layout layout = steps_.layout != Layout::kNone ? steps_.layout : data.layout;
  if (layout == Layout::kNone) return Ok();
  const std::size_t axes = layout == Layout::kHW ? 2 : 3;
  if (data.example.size() != axes) {
    return Unfit(data, "examples " + ShapeText(data.example) + " have no layout of " +
                           std::to_string(axes) + " axes");
  }
  channels_last_ = layout == Layout::kHWC;
  const std::size_t first = layout == Layout::kCHW ? 1 : 0;
  for (const std::int64_t size : data.example) {
    if (size < 1 || size > kMostSide)
      return Unfit(data, "an image of axes " + ShapeText(data.example));
  }
  height_ = static_cast<std::uint32_t>(data.example[first]);
  width_ = static_cast<std::uint32_t>(data.example[first + 1]);
  if (axes == 3) channels_ = static_cast<std::uint32_t>(data.example[channels_last_ ? 2 : 0]);
  return Ok();
}

Status Preprocessor::SetChannels(const DataDescription& data) {
  output_channels_ = channels_;
  if (steps_.channels == Preprocess::Channels::kAsTheyAre) return Ok();
  if (height_ == 0) return Unfit(data, "channels are of images; say their layout");
  if (channels_ != 1 && channels_ != 3)
    return Unfit(data, "images of " + std::to_string(channels_) + " channels, want 1 or 3");
  output_channels_ = steps_.channels == Preprocess::Channels::kGray ? 1 : 3;
  return Ok();
}

Status Preprocessor::SetSizes(const DataDescription& data) {
  if (height_ == 0)
    return steps_.changes_size() ? Unfit(data, "resize and crop need images; say their layout")
                                 : Ok();
  resized_height_ = height_;
  resized_width_ = width_;
  if (steps_.resize_height != 0) {
    resized_height_ = steps_.resize_height;
    resized_width_ = steps_.resize_width;
  } else if (steps_.resize_shorter != 0) {
    const std::uint64_t shorter = std::min(height_, width_), wanted = steps_.resize_shorter;
    const std::uint64_t height = wanted * height_ / shorter, width = wanted * width_ / shorter;
    if (std::max(height, width) > kMostSide) {
      return Unfit(data, "resize=" + std::to_string(wanted) + " makes " + std::to_string(width) +
                             " x " + std::to_string(height) + " of an image of " +
                             std::to_string(width_) + " x " + std::to_string(height_));
    }
    resized_height_ = static_cast<std::uint32_t>(height);
    resized_width_ = static_cast<std::uint32_t>(width);
  }
  output_ = {output_channels_, resized_height_, resized_width_};
  if (steps_.crop_height == 0) return Ok();
  if (steps_.crop_height > resized_height_ || steps_.crop_width > resized_width_) {
    return Unfit(data, "crop of " + std::to_string(steps_.crop_width) + " x " +
                           std::to_string(steps_.crop_height) + " from an image of " +
                           std::to_string(resized_width_) + " x " +
                           std::to_string(resized_height_));
  }
  output_ = {output_channels_, steps_.crop_height, steps_.crop_width};
  return Ok();
}

Result<Preprocessor> Preprocessor::Make(io::FileSystem& files, const Preprocess& steps,
                                        const DataDescription& data) {
  Preprocessor made;
  made.steps_ = steps;
  made.dtype_ = data.dtype;
  made.example_bytes_ = data.example_bytes();
  made.example_elements_ = data.example_elements();
  made.output_ = data.example;
  if (statistics::ComponentsOf(data.dtype) != 1)
    return Unfit(data, "elements of type " + std::string(NameOf(data.dtype)));
  DLV_TRY(made.SetImage(data));
  DLV_TRY(made.SetChannels(data));
  DLV_TRY(made.SetSizes(data));
  for (const auto& [numbers, step] : {std::pair(&steps.mean, "mean"), {&steps.deviation, "std"}}) {
    if (numbers->size() > 1 && numbers->size() != made.output_channels_) {
      return Unfit(
          data, std::string(step) + " has " + std::to_string(numbers->size()) + " numbers, want 1" +
                    (made.output_channels_ > 1
                         ? " or " + std::to_string(made.output_channels_) + ", the channels"
                         : ": there is 1 channel"));
    }
  }
  if (!steps.mean_image.empty()) {
    DLV_ASSIGN(made.mean_image_, ReadMeanImage(files, steps.mean_image, made.output_elements()));
  }
  return made;
}

std::uint64_t Preprocessor::output_elements() const {
  std::uint64_t elements = 1;
  for (const std::int64_t size : output_) elements *= static_cast<std::uint64_t>(size);
  return elements;
}

void Preprocessor::ToPlanes(Values& values) const {
  if (!channels_last_ || channels_ == 1) return;
  const std::size_t pixels = std::size_t{height_} * width_;
  Values planes(values.size());
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    for (std::size_t channel = 0; channel < channels_; ++channel)
      planes[channel * pixels + pixel] = values[pixel * channels_ + channel];
  }
  values.swap(planes);
}

void Preprocessor::ConvertChannels(Values& values) const {
  using enum Preprocess::Channels;
  const std::size_t pixels = std::size_t{height_} * width_;
  if (steps_.channels == kGray && channels_ == 3) {
    for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
      values[pixel] = kLuma[0] * values[pixel] + kLuma[1] * values[pixels + pixel] +
                      kLuma[2] * values[2 * pixels + pixel];
    }
    values.resize(pixels);
  } else if (output_channels_ == 3 && channels_ == 1) {
    values.resize(3 * pixels);
    const auto first = values.begin();
    const auto end = first + static_cast<std::ptrdiff_t>(pixels);
    std::copy(first, end, end);
    std::copy(first, end, end + static_cast<std::ptrdiff_t>(pixels));
  } else if (steps_.channels == kBgr) {
    std::swap_ranges(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(pixels),
                     values.begin() + static_cast<std::ptrdiff_t>(2 * pixels));
  }
}

void Preprocessor::Resize(Values& values) const {
  if (resized_height_ == height_ && resized_width_ == width_) return;
  const std::size_t from = std::size_t{height_} * width_;
  const std::size_t to = std::size_t{resized_height_} * resized_width_;
  Values resized(to * output_channels_);
  for (std::size_t channel = 0; channel < output_channels_; ++channel) {
    ResizePlane(std::span(values).subspan(channel * from, from), height_, width_,
                std::span(resized).subspan(channel * to, to), resized_height_, resized_width_);
  }
  values.swap(resized);
}

/// An odd pixel beside it goes where torchvision's center_crop has it: halves to the even number.
void Preprocessor::Crop(Values& values) const {
  if (steps_.crop_height == 0) return;
  const auto margin = [](std::uint32_t size, std::uint32_t kept) {
    return static_cast<std::size_t>(std::nearbyint((size - kept) / 2.0));
  };
  const std::size_t top = margin(resized_height_, steps_.crop_height);
  const std::size_t left = margin(resized_width_, steps_.crop_width);
  Values cropped;
  cropped.reserve(static_cast<std::size_t>(output_elements()));
  for (std::size_t channel = 0; channel < output_channels_; ++channel) {
    for (std::size_t row = 0; row < steps_.crop_height; ++row) {
      const std::size_t at = (channel * resized_height_ + top + row) * resized_width_ + left;
      const auto first = values.begin() + static_cast<std::ptrdiff_t>(at);
      cropped.insert(cropped.end(), first, first + steps_.crop_width);
    }
  }
  values.swap(cropped);
}

void Preprocessor::Normalise(Values& values) const {
  for (std::size_t i = 0; i < mean_image_.size(); ++i) values[i] -= mean_image_[i];
  const std::size_t plane = values.size() / output_channels_;
  for (std::uint32_t channel = 0; channel < output_channels_; ++channel) {
    const double mean = At(steps_.mean, channel, 0);
    const double deviation = At(steps_.deviation, channel, 1);
    for (double& value : std::span(values).subspan(channel * plane, plane))
      value = (value * steps_.scale - mean) / deviation;
  }
}

void Preprocessor::ApplyToOne(std::span<const std::byte> raw, Values& values) const {
  values.resize(static_cast<std::size_t>(example_elements_));
  statistics::Widen(dtype_, raw, values);
  ToPlanes(values);
  ConvertChannels(values);
  Resize(values);
  Crop(values);
  Normalise(values);
}

void Preprocessor::Apply(std::uint64_t count, std::span<const std::byte> raw,
                         std::span<float> out) const {
  const auto elements = static_cast<std::size_t>(output_elements());
  const auto bytes = static_cast<std::size_t>(example_bytes_);
  Values values;
  for (std::size_t i = 0; i < count; ++i) {
    ApplyToOne(raw.subspan(i * bytes, bytes), values);
    std::ranges::transform(values, out.begin() + static_cast<std::ptrdiff_t>(i * elements),
                           [](double value) { return static_cast<float>(value); });
  }
}

}  // namespace dlv::dataset
