// links: dlv_interchange dlv_io
// TorchScript archives: the input is the pickle of the modules, then (after its first zero byte
// that is followed by "class ") their code; the zip around both is always right.

#include "tests/fuzz/describe_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlv::interchange;
  const auto bytes = InputBytes(data, size);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = std::min(text.find(std::string_view("\0class ", 7)), size);
  std::vector<TestMember> members = {
      {"a/data.pkl", Bytes(bytes.begin(), bytes.begin() + static_cast<long>(cut)), -1, true},
      {"a/code/__torch__/m.py", Bytes(bytes.begin() + static_cast<long>(cut), bytes.end()), 6,
       true},
      {"a/constants.pkl", ToBytes("\x80\x02)."), -1, true}};
  // Storages "0" to "5" of 4, 8, 16, 64, 96 and 4096 bytes.
  std::size_t key = 0;
  for (const std::size_t storage_size : {4u, 8u, 16u, 64u, 96u, 4096u}) {
    members.push_back({"a/data/" + std::to_string(key++), Bytes(storage_size), -1, true});
  }
  DescribeInput(BuildZip(members));
  return 0;
}
