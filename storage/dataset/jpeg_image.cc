#include <turbojpeg.h>

#include <memory>

#include "storage/dataset/image.h"

namespace dlv::dataset {

bool IsJpeg(std::span<const std::byte> head) {
  return head.size() >= 3 && head[0] == std::byte{0xff} && head[1] == std::byte{0xd8} &&
         head[2] == std::byte{0xff};
}

Result<Image> DecodeJpeg(std::span<const std::byte> file, const std::string& name, bool only_size) {
  const std::unique_ptr<void, int (*)(tjhandle)> decoder(tjInitDecompress(), tjDestroy);
  if (!decoder) return Error{ErrorCode::kInternal, "libjpeg-turbo: no decoder"};
  const auto damaged = [&] {
    return Error{ErrorCode::kCorruption, name + ": JPEG: " + tjGetErrorStr2(decoder.get())};
  };
  const auto* const bytes = reinterpret_cast<const unsigned char*>(file.data());
  int width = 0, height = 0, subsampling = 0, colours = 0;
  if (tjDecompressHeader3(decoder.get(), bytes, file.size(), &width, &height, &subsampling,
                          &colours) != 0)
    return damaged();
  if (width < 0 || height < 0) return damaged();
  if (colours == TJCS_CMYK || colours == TJCS_YCCK) {
    return Error{ErrorCode::kUnsupported,
                 name + ": JPEG: colours for print (CMYK), want RGB or gray",
                 "convert it: magick FILE -colorspace sRGB NEW.jpg"};
  }
  DLV_TRY(
      CheckImageSize(static_cast<std::uint64_t>(height), static_cast<std::uint64_t>(width), name));
  const bool is_gray = colours == TJCS_GRAY;
  Image image;
  image.size = {static_cast<std::uint32_t>(height), static_cast<std::uint32_t>(width),
                is_gray ? 1U : 3U};
  if (only_size) return image;
  image.pixels.resize(std::size_t{image.size.height} * image.size.width * image.size.channels);
  // The exact inverse transform, as PIL and OpenCV have it; a file that ends early is an error.
  const int flags = TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING;
  if (tjDecompress2(decoder.get(), bytes, file.size(), image.pixels.data(), width, 0, height,
                    is_gray ? TJPF_GRAY : TJPF_RGB, flags) != 0)
    return damaged();
  return image;
}

}  // namespace dlv::dataset
