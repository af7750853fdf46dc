// links: dlv_dataset dlv_interchange dlv_statistics dlv_io
// Data to evaluate on, from any bytes: idx, CIFAR, arrays, PNG and JPEG images, each perhaps in
// gzip. The first byte says what the file is called.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "storage/dataset/data_source.h"
#include "tests/fuzz/one_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlv;
  if (size == 0) return 0;
  const std::span<const std::byte> file(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  fuzz::OneFile files((data[0] & 1) != 0 ? "x-images-idx3.bin" : "x-images-idx3", file);
  const auto opened = dataset::OpenData(files, files.path());
  if (!opened.ok()) return 0;
  const dataset::DataDescription& what = (*opened)->description();
  constexpr std::uint64_t kMost = 1U << 20;
  if (what.example_bytes() == 0 || what.example_bytes() > kMost) return 0;
  std::vector<std::byte> out(static_cast<std::size_t>(what.example_bytes()));
  std::vector<std::int64_t> label(1);
  for (const std::uint64_t first : {std::uint64_t{0}, what.count - 1}) {
    (void)(*opened)->Read(first, out);
    if (what.has_labels) (void)(*opened)->ReadLabels(first, label);
  }
  return 0;
}
