// links: dlv_interchange dlv_io
// Event files. A search would never hit a checksum: of an input that begins with an even byte, the
// rest is events (u8 length, bytes), which are put into records; else it is the file.

#include "storage/interchange/side_crc32c.h"
#include "storage/interchange/side_information.h"
#include "tests/fuzz/describe_input.h"

namespace {

std::string_view View(const void* data, std::size_t size) {
  return {static_cast<const char*>(data), size};
}

void PutRecord(std::string& out, std::string_view event) {
  using dlv::interchange::MaskedCrc32c;
  const std::uint64_t size = event.size();
  const std::uint32_t size_crc = MaskedCrc32c(View(&size, sizeof size));
  const std::uint32_t event_crc = MaskedCrc32c(event);
  out += View(&size, sizeof size);
  out += View(&size_crc, sizeof size_crc);
  out += event;
  out += View(&event_crc, sizeof event_crc);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlv::interchange;
  if (size == 0) return 0;
  std::string_view rest = View(data + 1, size - 1);
  std::string file(rest);
  if (data[0] % 2 == 0) {
    file.clear();
    while (!rest.empty()) {
      const auto length = static_cast<unsigned char>(rest[0]);
      PutRecord(file, rest.substr(1, length));
      rest.remove_prefix(std::min<std::size_t>(rest.size(), 1u + length));
    }
  }
  const auto source = dlv::io::MakeViewSource(std::as_bytes(std::span(file)));
  (void)ReadSideFile(SideReaderFor("events.out.tfevents"), *source, "events");
  return 0;
}
