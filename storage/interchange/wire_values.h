#pragma once
/// \file
/// The values of a repeated number field of a protocol buffer message as the bytes of a tensor:
/// packed or one field each, of fixed size or as varints.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "storage/interchange/protobuf_wire.h"

namespace dlv::interchange {

/// Values that follow each other in the file. `tag_bytes` stand before each; 0: packed.
struct WireRun {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  unsigned tag_bytes = 0;
};

/// Where the values of one field of one message are.
class WireValues {
 public:
  /// Adds a field: its bytes are packed values, or it is one value.
  void Add(const WireField& field);
  bool empty() const { return runs_.empty(); }
  const std::vector<WireRun>& runs() const { return runs_; }
  /// Whether the bytes of the values stand in the file as they are, in a few pieces.
  bool is_plain() const;
  /// Bytes of all runs, tags counted.
  std::uint64_t size_bytes() const;

 private:
  std::vector<WireRun> runs_;
};

enum class WireEncoding : std::uint8_t { kFixed, kVarint };

/// Returns the values as little-endian elements of `element_size` bytes, counted and checked by
/// one pass over them. The source is thread-safe and refers to `file`. Memory: 16 bytes for 16384
/// values.
/// Errors: kCorruption with the offset: broken varints, values too large for an element, pieces
/// that are no multiple of it; kUnsafe: scattered over more than 65536 places.
Result<std::shared_ptr<const io::ByteSource>> MakeWireSource(const io::ByteSource& file,
                                                             const WireValues& values,
                                                             WireEncoding encoding,
                                                             unsigned element_size,
                                                             const std::string& what);

}  // namespace dlv::interchange
