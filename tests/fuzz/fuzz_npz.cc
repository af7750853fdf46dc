// links: dlv_interchange dlv_io
// .npz: the input is the member; it is kept stored and deflated.

#include "tests/fuzz/describe_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlv::interchange;
  const auto input = InputBytes(data, size);
  const Bytes member(input.begin(), input.end());
  DescribeInput(BuildZip(
      {{"a.npy", member, -1, false}, {"b.npy", member, 6, true}, {"c.npy", member, 1, false}}));
  return 0;
}
