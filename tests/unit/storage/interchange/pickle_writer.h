#pragma once
/// \file
/// Writes pickles of protocol 2 piece by piece, as PyTorch does.

#include <string>
#include <vector>

#include "tests/unit/storage/interchange/build_files.h"

namespace dlv::interchange {

class PickleWriter {
 public:
  PickleWriter() { Raw("\x80\x02"); }
  PickleWriter& Raw(std::string_view opcodes) {
    Append(bytes_, ToBytes(opcodes));
    return *this;
  }
  PickleWriter& Text(std::string_view text) {
    Raw("X");
    PutLittle<std::uint32_t>(bytes_, static_cast<std::uint32_t>(text.size()));
    return Raw(text);
  }
  PickleWriter& Integer(std::int64_t value) {
    Raw("\x8a\x08");
    PutLittle(bytes_, value);
    return *this;
  }
  PickleWriter& Global(std::string_view module, std::string_view name) {
    return Raw("c").Raw(module).Raw("\n").Raw(name).Raw("\n");
  }
  PickleWriter& Integers(const std::vector<std::int64_t>& values) {
    Raw("(");
    for (const std::int64_t value : values) Integer(value);
    return Raw("t");
  }
  /// A tensor on storage `key` of `count` elements.
  PickleWriter& Tensor(std::string_view storage_type, std::string_view key, std::int64_t count,
                       std::int64_t offset, const std::vector<std::int64_t>& shape,
                       const std::vector<std::int64_t>& strides, bool legacy = false) {
    Global("torch._utils", "_rebuild_tensor_v2")
        .Raw("((")
        .Text("storage")
        .Global("torch", storage_type);
    Text(key).Text("cpu").Integer(count).Raw(legacy ? "NtQ" : "tQ");
    return Integer(offset)
        .Integers(shape)
        .Integers(strides)
        .Raw("\x89")
        .Global("collections", "OrderedDict")
        .Raw(")RtR");
  }
  Bytes Stop() {
    Raw(".");
    return bytes_;
  }

 private:
  Bytes bytes_;
};

/// A PyTorch zip around a pickle, with these storages.
inline Bytes BuildTorchZip(const Bytes& pickle, const std::vector<Bytes>& storages,
                           std::string_view byte_order = "little") {
  std::vector<TestMember> members = {{"stem/data.pkl", pickle, -1, true}};
  if (!byte_order.empty()) members.push_back({"stem/byteorder", ToBytes(byte_order), -1, true});
  for (std::size_t i = 0; i < storages.size(); ++i) {
    members.push_back({"stem/data/" + std::to_string(i), storages[i], -1, true});
  }
  members.push_back({"stem/version", ToBytes("3\n"), -1, true});
  return BuildZip(members);
}

}  // namespace dlv::interchange
