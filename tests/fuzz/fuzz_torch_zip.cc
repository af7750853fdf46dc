// links: dlv_interchange dlv_io
// PyTorch's zip format: the input is the pickle; the zip around it is always right, so that CRC-32
// do not stop the search. The first byte chooses how the storages are kept.

#include "tests/fuzz/describe_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlv::interchange;
  if (size == 0) return 0;
  const bool descriptor = (data[0] & 1) != 0;
  const int level = (data[0] & 2) != 0 ? 6 : -1;
  const auto pickle = InputBytes(data + 1, size - 1);
  std::vector<TestMember> members = {
      {"a/data.pkl", Bytes(pickle.begin(), pickle.end()), -1, descriptor},
      {"a/byteorder", ToBytes((data[0] & 4) != 0 ? "big" : "little"), -1, false}};
  // Storages "0" to "5" of 4, 8, 16, 64, 96 and 4096 bytes.
  std::size_t key = 0;
  for (const std::size_t storage_size : {4u, 8u, 16u, 64u, 96u, 4096u}) {
    Bytes contents(storage_size);
    for (std::size_t i = 0; i < storage_size; ++i)
      contents[i] = static_cast<std::byte>(i * 7 + key);
    members.push_back({"a/data/" + std::to_string(key++), contents, level, descriptor});
  }
  DescribeInput(BuildZip(members));
  return 0;
}
