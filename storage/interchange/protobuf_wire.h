#pragma once
/// \file
/// Protocol buffer files at the level of the wire: fields with the exact place of every byte, read
/// front to back without loading what is not asked for. Messages of foreign formats are understood
/// by their field numbers; fields that nobody knows stay where they are.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "dlv/result.h"
#include "storage/io/byte_source.h"

namespace dlv::interchange {

/// The numbers are those of the wire.
enum class WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

/// Messages may nest this deep, the outermost counted.
inline constexpr unsigned kMaxWireDepth = 64;

struct WireField {
  std::uint32_t number = 0;
  WireType type = WireType::kVarint;
  std::uint64_t offset = 0;  ///< of the tag
  std::uint64_t value = 0;   ///< kVarint, kFixed32, kFixed64: its bits
  std::uint64_t begin = 0;   ///< of what follows the tag (kBytes: and the length)
  std::uint64_t size = 0;    ///< of that; lies inside the open message
  std::uint64_t end() const { return begin + size; }
  bool IsBytes(std::uint32_t want) const { return number == want && type == WireType::kBytes; }
  bool IsVarint(std::uint32_t want) const { return number == want && type == WireType::kVarint; }
};

/// Returns number and type of the field that begins here, whatever follows; number 0 where none
/// does. For telling formats apart.
WireField FirstWireField(std::span<const std::byte> head);

/// Reads one file. Not thread-safe. Memory: 64 KiB and what Text returns.
class WireReader {
 public:
  /// `file` must outlive the reader; `what` names the format in messages ("onnx").
  WireReader(const io::ByteSource& file, std::string_view what);
  ~WireReader();
  WireReader(const WireReader&) = delete;
  WireReader& operator=(const WireReader&) = delete;

  /// Reads the next field of the open message (at first the file); false at its end. The bytes of
  /// a field that is not entered are passed over.
  /// Errors: kCorruption with the offset: varints of more than 10 bytes, lengths beyond the
  /// message, unknown wire types; kUnsupported: files above 2 GiB; what the file says.
  Result<bool> Next(WireField& field);

  /// Opens the message in a kBytes field; only right after Next gave it.
  /// Errors: kUnsafe: too deep.
  Status Enter(const WireField& field);
  /// Goes behind the open message, wherever in it the reader stands.
  Status Leave();
  /// Messages that are open, the file counted.
  unsigned depth() const;

  /// Returns the bytes of a kBytes field; only right after Next gave it.
  /// Errors: kUnsafe where they are more than `limit`.
  Result<std::string> Text(const WireField& field, std::uint64_t limit);

  /// Returns a varint of a packed field: only between Enter and Leave, instead of Next. False at
  /// the end.
  Result<bool> NextPacked(std::uint64_t& value);

  /// Returns "WHAT, offset N: why" as kCorruption.
  Error Bad(std::uint64_t offset, const std::string& why) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dlv::interchange
