// links: dlv_interchange dlv_io
// Networks of Caffe's text files.

#include "tests/fuzz/network_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dlv::interchange::ReadNetworkInput(data, size, "input.prototxt", "");
  return 0;
}
