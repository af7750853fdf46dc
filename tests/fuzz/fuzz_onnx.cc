// links: dlv_interchange dlv_io
// ONNX models; the first byte chooses the name, which decides whether broken files are told of.
// Where one names external data, that is described too, in a file of 4096 bytes.

#include "storage/interchange/onnx_data.h"
#include "tests/fuzz/describe_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlv::interchange;
  if (size == 0) return 0;
  const auto bytes = InputBytes(data + 1, size - 1);
  DescribeInput(bytes, (data[0] & 1) != 0 ? "input" : "input.onnx");
  const auto file = dlv::io::MakeViewSource(bytes);
  const auto model = DescribeFile(*file, "input.onnx");
  if (!model.ok() || model->external.empty()) return 0;
  const auto beside = dlv::io::MakeBufferSource(Bytes(4096));
  const auto described = DescribeExternalData(*beside, model->external);
  if (!described.ok()) return 0;
  VectorSink sink;
  DLV_CHECK(ReplayFromSources(*described, sink).ok() && sink.bytes() == Bytes(4096),
            "external data is replayed");
  return 0;
}
