#include <png.h>

#include <algorithm>
#include <array>

#include "storage/dataset/image.h"

namespace dlv::dataset {
namespace {

/// libpng's simplified interface, which reports errors without setjmp.
class PngReader {
 public:
  PngReader() { image_.version = PNG_IMAGE_VERSION; }
  ~PngReader() { png_image_free(&image_); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;
  png_image& image() { return image_; }

 private:
  png_image image_{};
};

}  // namespace

bool IsPng(std::span<const std::byte> head) {
  constexpr std::array<unsigned char, 8> kSignature = {0x89, 'P', 'N', 'G', 13, 10, 26, 10};
  return head.size() >= kSignature.size() &&
         std::equal(kSignature.begin(), kSignature.end(), head.begin(),
                    [](unsigned char a, std::byte b) { return std::byte{a} == b; });
}

Result<Image> DecodePng(std::span<const std::byte> file, const std::string& name, bool only_size) {
  PngReader reader;
  png_image& png = reader.image();
  const auto damaged = [&] {
    return Error{ErrorCode::kCorruption, name + ": PNG: " + std::string(png.message)};
  };
  if (png_image_begin_read_from_memory(&png, file.data(), file.size()) == 0) return damaged();
  DLV_TRY(CheckImageSize(png.height, png.width, name));
  const bool is_colour = (png.format & PNG_FORMAT_FLAG_COLOR) != 0;
  Image image;
  image.size = {png.height, png.width, is_colour ? 3U : 1U};
  if (only_size) return image;
  png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // else 16 bits would count as linear light
  png.format = is_colour ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  image.pixels.resize(std::size_t{png.height} * png.width * image.size.channels);
  const png_color black{};
  if (png_image_finish_read(&png, &black, image.pixels.data(), 0, nullptr) == 0) return damaged();
  return image;
}

}  // namespace dlv::dataset
