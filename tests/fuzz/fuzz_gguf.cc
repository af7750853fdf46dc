// links: dlv_interchange dlv_io
// GGUF files; the magic number is put in front.

#include "tests/fuzz/describe_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlv::interchange;
  Bytes bytes = ToBytes("GGUF");
  const auto rest = InputBytes(data, size);
  bytes.insert(bytes.end(), rest.begin(), rest.end());
  DescribeInput(bytes);
  return 0;
}
