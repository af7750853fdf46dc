#include "storage/catalog/page_checksum.h"

#include <array>
#include <cstring>

#include "storage/catalog/vfs.h"
#include "storage/io/hash.h"

namespace dlv::catalog {
namespace {

std::uint64_t ChecksumOf(std::uint64_t number, std::span<const std::byte> page) {
  std::array<std::byte, kPageSize> copy;
  std::memcpy(copy.data(), page.data(), kPageSize - kChecksumBytes);
  std::memcpy(copy.data() + kPageSize - kChecksumBytes, &number, sizeof number);
  return io::Xxh3(copy);
}

}  // namespace

void SealPage(std::uint64_t number, std::span<std::byte> page) {
  DLV_CHECK(page.size() == kPageSize, "pages have one size");
  const std::uint64_t checksum = ChecksumOf(number, page);
  std::memcpy(page.data() + kPageSize - kChecksumBytes, &checksum, sizeof checksum);
}

bool IsPageSound(std::uint64_t number, std::span<const std::byte> page) {
  DLV_CHECK(page.size() == kPageSize, "pages have one size");
  std::uint64_t stored = 0;
  std::memcpy(&stored, page.data() + kPageSize - kChecksumBytes, sizeof stored);
  return stored == ChecksumOf(number, page);
}

}  // namespace dlv::catalog
