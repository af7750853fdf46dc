// links: dlv_archive dlv_io
// Operation logs. The first byte chooses: checksums as they are, or put right record by record.

#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "storage/archive/operation_log.h"
#include "storage/io/hash.h"

namespace {

constexpr std::size_t kHeader = 24, kHead = 40;

void PutSum(std::vector<std::byte>& bytes, std::size_t begin, std::size_t at) {
  const std::uint64_t sum = dlv::io::Xxh3(std::span(bytes).subspan(begin, at - begin));
  std::memcpy(bytes.data() + at, &sum, sizeof sum);
}

void Repair(std::vector<std::byte>& bytes) {
  if (bytes.size() < kHeader) return;
  PutSum(bytes, 0, 16);
  std::size_t at = kHeader;
  while (bytes.size() - at >= kHead + 8) {
    std::uint32_t length = 0;
    std::memcpy(&length, bytes.data() + at, 4);
    if (length > bytes.size() - at - kHead - 8) return;
    std::memcpy(bytes.data() + at + 32, bytes.data() + at - 8, 8);
    PutSum(bytes, at, at + kHead + length);
    at += kHead + length + 8;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto input = std::as_bytes(std::span(data + 1, size - 1));
  std::vector<std::byte> bytes(input.begin(), input.end());
  if (data[0] % 2 == 1) Repair(bytes);
  const auto content = dlv::archive::ParseOperationLog(bytes);
  DLV_CHECK(!content.ok() || content->good_bytes <= bytes.size(), "no more is good than there is");
  return 0;
}
