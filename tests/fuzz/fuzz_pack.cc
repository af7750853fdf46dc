// links: dlv_archive dlv_io
// Packs. The first byte chooses: checksums as they are, checksums put right, or a bare directory.

#include "tests/fuzz/pack_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlv::archive;
  if (size == 0) return 0;
  const auto input = std::as_bytes(std::span(data + 1, size - 1));
  std::vector<std::byte> bytes(input.begin(), input.end());
  if (data[0] == 2) {
    const auto directory = DirectoryReader::Open(std::move(bytes), 1u << 20);
    if (!directory.ok()) return 0;
    for (std::uint32_t i = 0; i < directory->entry_count(); ++i) {
      (void)directory->Tensor(i).ok();
      (void)directory->Blob(i).ok();
    }
    for (std::uint32_t i = 0; i < directory->cluster_count(); ++i) (void)directory->Members(i).ok();
    return 0;
  }
  if (data[0] == 1) RepairChecksums(bytes);
  ReadPackInput(std::move(bytes));
  return 0;
}
