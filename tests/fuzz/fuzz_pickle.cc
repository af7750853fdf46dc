// links: dlv_interchange dlv_io
// The reader of pickles, and what interprets their nodes.

#include "storage/interchange/pickle.h"
#include "storage/interchange/torch_values.h"
#include "tests/fuzz/describe_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlv::interchange;
  const auto pickle = ReadPickle(InputBytes(data, size), "input");
  if (!pickle.ok()) return 0;
  if (!pickle->refused.empty()) (void)RefusedError(*pickle);
  (void)ReadTorchCheckpoint(*pickle, "input");
  return 0;
}
