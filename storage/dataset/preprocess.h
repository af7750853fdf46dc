#pragma once
/// \file
/// How examples become what a network takes: written down with a version once, and remembered.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"
#include "storage/dataset/data_source.h"

namespace dlv::dataset {

/// "scale=1/255,mean=0.485:0.456:0.406,std=0.229:0.224:0.225". Steps in the order in which they are
/// carried out, whatever the order of the text:
///
/// | step | meaning |
/// |---|---|
/// | `layout=hwc` | what the axes of an example are, where the data does not say: hw, chw, hwc |
/// | `channels=gray`, `rgb`, `bgr` | the channels that the network takes |
/// | `resize=HEIGHTxWIDTH` | bilinear, pixel centres at halves, without antialiasing |
/// | `resize=N` | the same, the shorter side N and the longer one in proportion, rounded down |
/// | `crop=HEIGHTxWIDTH` | what is in the middle |
/// | `mean_image=FILE` | less an image (.npy, .npz or .safetensors with one array of what is there
/// by then) | | `scale=S` | times S, a number or a fraction | | `mean=M` or `M:M:M` | less M, one
/// for all or one a channel | | `std=D` or `D:D:D` | divided by D |
///
/// Images become CHW; other examples keep their axes, and have one channel.
struct Preprocess {
  Layout layout = Layout::kNone;
  enum class Channels : std::uint8_t {
    kAsTheyAre,
    kGray,
    kRgb,
    kBgr
  } channels = Channels::kAsTheyAre;
  std::uint32_t resize_height = 0, resize_width = 0;  ///< 0: not
  std::uint32_t resize_shorter = 0;                   ///< in their place; 0: not
  std::uint32_t crop_height = 0, crop_width = 0;      ///< 0: not
  std::string scale_text;                             ///< "1/255", as it was written
  double scale = 1;
  std::string mean_image;
  std::vector<double> mean, deviation;

  /// Errors: kSyntax with what was wanted; kInvalidArgument (a number that is not finite, a
  /// deviation or scale of 0).
  static Result<Preprocess> Parse(std::string_view text);
  /// Parse(Text()) is this again.
  std::string Text() const;
  /// Whether images may have another size afterwards.
  bool changes_size() const { return resize_height + resize_shorter + crop_height != 0; }
  bool operator==(const Preprocess&) const = default;
};

/// What DataSource::Fitted gives.
struct FittedData {
  std::shared_ptr<const DataSource> data;
  Preprocess rest;  ///< the steps that are left
};

/// Carries it out for the examples of one source.
class Preprocessor {
 public:
  /// Errors: kInvalidArgument (as many means as there are no channels, a layout that the example's
  /// axes do not have, no image where one is needed); those of reading the mean image.
  static Result<Preprocessor> Make(io::FileSystem& files, const Preprocess& steps,
                                   const DataDescription& data);

  /// Of one example, without the batch.
  const Shape& output_shape() const { return output_; }
  /// Whether the axes of an example are channels, height and width.
  bool makes_images() const { return height_ != 0; }
  std::uint64_t output_elements() const;

  /// Makes `count` examples f32: raw.size() is count * example_bytes(), out.size() is count *
  /// output_elements(). Computes in double, and rounds once. Thread-safe.
  void Apply(std::uint64_t count, std::span<const std::byte> raw, std::span<float> out) const;
  /// The same for one example, not rounded.
  void ApplyToOne(std::span<const std::byte> raw, std::vector<double>& out) const;

 private:
  using Values = std::vector<double>;
  /// Images only: height and width are of them, 0 where examples are no images.
  Status SetImage(const DataDescription& data);
  Status SetChannels(const DataDescription& data);
  Status SetSizes(const DataDescription& data);
  /// Planes of the channels, one after the other.
  void ToPlanes(Values& values) const;
  void ConvertChannels(Values& values) const;
  void Resize(Values& values) const;
  void Crop(Values& values) const;
  void Normalise(Values& values) const;

  Preprocess steps_;
  DType dtype_ = DType::kU8;
  std::uint64_t example_bytes_ = 0, example_elements_ = 0;
  std::uint32_t channels_ = 1, height_ = 0, width_ = 0;
  std::uint32_t resized_height_ = 0, resized_width_ = 0;  ///< where nothing is resized the same
  bool channels_last_ = false;
  std::uint32_t output_channels_ = 1;
  Shape output_;
  Values mean_image_;
};

}  // namespace dlv::dataset
