// links: dlv_interchange dlv_io
// The raw files of llama2.c, asked for by name.

#include "tests/fuzz/describe_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dlv::interchange::DescribeInput(dlv::interchange::InputBytes(data, size), "x.bin", "llama2c");
  return 0;
}
