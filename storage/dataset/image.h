#pragma once
/// \file
/// Decoding PNG and JPEG images, by libpng and libjpeg-turbo.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "dlv/result.h"

namespace dlv::dataset {

/// Larger ones are refused before memory is taken.
inline constexpr std::uint64_t kMostImageFileBytes = 256U << 20;
inline constexpr std::uint64_t kMostPixels = std::uint64_t{1} << 28;

struct ImageSize {
  std::uint32_t height = 0, width = 0;
  std::uint32_t channels = 0;  ///< 1 (gray) or 3 (red, green, blue)
};

/// Rows from the top, pixels from the left, channels of a pixel together; 8 bits each.
struct Image {
  ImageSize size;
  std::vector<std::uint8_t> pixels;
};

/// Returns size and channels without decoding. Palettes count as colour, transparency is dropped
/// (blended with black), 16 bits become 8.
/// Errors: kCorruption, kUnsupported (no PNG or JPEG), kUnsafe (too large), all naming `name`.
Result<ImageSize> SizeOfImage(std::span<const std::byte> file, const std::string& name);
Result<Image> DecodeImage(std::span<const std::byte> file, const std::string& name);

bool IsPng(std::span<const std::byte> head);
bool IsJpeg(std::span<const std::byte> head);
Result<Image> DecodePng(std::span<const std::byte> file, const std::string& name, bool only_size);
Result<Image> DecodeJpeg(std::span<const std::byte> file, const std::string& name, bool only_size);

/// Errors: kUnsafe where an image has no pixels or too many.
Status CheckImageSize(std::uint64_t height, std::uint64_t width, const std::string& name);

}  // namespace dlv::dataset
