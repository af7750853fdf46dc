#pragma once
/// \file
/// Writes pickles of protocol 2: the few opcodes that torch.load(weights_only=True) takes.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace dlv::interchange {

/// Values are written in the order of a stack machine: what a tuple or a call takes comes first.
class PickleOutput {
 public:
  PickleOutput();

  void Text(std::string_view utf8);
  void Integer(std::int64_t value);
  void False();
  void EmptyTuple();
  void Mark();
  void TupleFromMark();
  /// A global, written once and remembered.
  void Global(std::string_view module, std::string_view name);
  /// Calls the value before the last one with the tuple on top.
  void Reduce();
  void PersistentId();
  /// Takes pairs since the last mark into the dict below it.
  void SetItems();
  /// Ends the pickle and returns it.
  std::string Finish();

 private:
  void Put32(std::uint32_t value);
  std::string bytes_;
  std::map<std::pair<std::string, std::string>, std::uint8_t> globals_;
};

}  // namespace dlv::interchange
