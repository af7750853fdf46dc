// links: dlv_interchange dlv_io
// Caffe files; the first byte chooses the name and so the kind that is expected.

#include "tests/fuzz/describe_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlv::interchange;
  if (size == 0) return 0;
  constexpr const char* kNames[] = {"x.caffemodel", "x.solverstate", "x.binaryproto", "x"};
  DescribeInput(InputBytes(data + 1, size - 1), kNames[data[0] % 4]);
  return 0;
}
