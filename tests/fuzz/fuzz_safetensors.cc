// links: dlv_interchange dlv_io
// safetensors files, whole: the format is found from the content, so that mutations may also turn
// one format into another.

#include "tests/fuzz/describe_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dlv::interchange::DescribeInput(dlv::interchange::InputBytes(data, size));
  return 0;
}
