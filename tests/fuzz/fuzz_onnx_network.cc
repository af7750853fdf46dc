// links: dlv_interchange dlv_io
// Networks of ONNX files.

#include "tests/fuzz/network_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dlv::interchange::ReadNetworkInput(data, size, "input.onnx", "onnx");
  return 0;
}
