#include "storage/dataset/image.h"

namespace dlv::dataset {
namespace {

Result<Image> Decode(std::span<const std::byte> file, const std::string& name, bool only_size) {
  if (IsPng(file)) return DecodePng(file, name, only_size);
  if (IsJpeg(file)) return DecodeJpeg(file, name, only_size);
  return Error{ErrorCode::kUnsupported, name + ": no PNG or JPEG image"};
}

}  // namespace

Status CheckImageSize(std::uint64_t height, std::uint64_t width, const std::string& name) {
  if (height != 0 && width != 0 && height <= kMostPixels / width) return Ok();
  return Error{ErrorCode::kUnsafe, name + ": image of " + std::to_string(width) + " x " +
                                       std::to_string(height) + " pixels, want 1 to " +
                                       std::to_string(kMostPixels) + " pixels"};
}

Result<ImageSize> SizeOfImage(std::span<const std::byte> file, const std::string& name) {
  DLV_ASSIGN(const Image image, Decode(file, name, true));
  return image.size;
}

Result<Image> DecodeImage(std::span<const std::byte> file, const std::string& name) {
  return Decode(file, name, false);
}

}  // namespace dlv::dataset
