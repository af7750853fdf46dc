// links: dlv_interchange dlv_io
// The readers of side information that take text (YAML, prototxt, JSON, CSV, logs, model cards);
// the first byte says which.

#include "storage/interchange/side_information.h"
#include "tests/fuzz/describe_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlv::interchange;
  if (size == 0) return 0;
  const int kind = data[0] % static_cast<int>(SideReaders().size());
  const auto file = dlv::io::MakeViewSource(InputBytes(data + 1, size - 1));
  const SideInformation found = ReadSideFile(kind, *file, "input");
  for (const dlv::Metric& metric : found.metrics) {
    DLV_CHECK(!metric.points.empty(), "a series has points");
    for (std::size_t i = 1; i < metric.points.size(); ++i) {
      DLV_CHECK(metric.points[i - 1].step < metric.points[i].step, "steps ascend");
    }
  }
  for (const auto& [key, value] : found.hparams) {
    DLV_CHECK(!key.empty() && key.size() <= 256 && value.size() <= 4096, "the limits are kept");
  }
  return 0;
}
