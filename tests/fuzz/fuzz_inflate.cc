// links: dlv_interchange dlv_io
// Deflate streams as zip members: the input is the compressed bytes; the first four say the size
// they claim to inflate to.

#include "storage/interchange/sources.h"
#include "storage/interchange/zlib_streams.h"
#include "tests/fuzz/describe_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlv::interchange;
  if (size < 4) return 0;
  std::uint32_t claimed = 0;
  std::memcpy(&claimed, data, sizeof claimed);
  claimed %= 4u << 20;
  const auto input = InputBytes(data + 4, size - 4);
  const std::shared_ptr<const dlv::io::ByteSource> packed = dlv::io::MakeViewSource(input);
  const auto plain = MakeInflated(packed, claimed);
  std::vector<std::byte> bytes(claimed);
  if (!plain->ReadAt(0, bytes).ok()) return 0;
  // Reading backwards goes through the checkpoints and must give the same bytes.
  for (std::size_t end = claimed; end > 0;) {
    const std::size_t part = std::min<std::size_t>(end, 300'000);
    std::vector<std::byte> again(part);
    DLV_CHECK(plain->ReadAt(end - part, again).ok(), "what was read once can be read again");
    DLV_CHECK(std::equal(again.begin(), again.end(),
                         bytes.begin() + static_cast<std::ptrdiff_t>(end - part)),
              "and is the same");
    end -= part;
  }
  return 0;
}
