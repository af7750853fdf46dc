#pragma once
/// \file
/// Reads a file front to back through a window; every size is checked against what is left.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"
#include "storage/io/byte_source.h"

namespace dlv::interchange {

/// Not thread-safe. `file` must outlive it.
class SequentialReader {
 public:
  SequentialReader(const io::ByteSource& file, std::string_view what) : file_(file), what_(what) {}

  std::uint64_t offset() const { return at_; }
  std::uint64_t left() const { return file_.size() - at_; }

  /// Fills `out`.  Errors: kCorruption at the end of the file; what the file says.
  Status Take(std::span<std::byte> out) {
    DLV_TRY(NeedLeft(out.size()));
    for (std::size_t done = 0; done < out.size();) {
      if (at_ < window_at_ || at_ >= window_at_ + window_.size()) DLV_TRY(Fill());
      const auto from = static_cast<std::size_t>(at_ - window_at_);
      const std::size_t piece = std::min(out.size() - done, window_.size() - from);
      std::memcpy(out.data() + done, window_.data() + from, piece);
      done += piece;
      at_ += piece;
    }
    return Ok();
  }

  /// A little-endian number.
  template <class T>
  Result<T> Number() {
    T value{};
    DLV_TRY(Take(std::as_writable_bytes(std::span(&value, 1))));
    return value;
  }

  Result<std::string> Text(std::uint64_t size, std::uint64_t limit) {
    if (size > limit) {
      return Unsafe("a text of " + std::to_string(size) + " bytes, at most " +
                    std::to_string(limit));
    }
    DLV_TRY(NeedLeft(size));
    std::string text(static_cast<std::size_t>(size), '\0');
    DLV_TRY(Take(std::as_writable_bytes(std::span(text.data(), text.size()))));
    return text;
  }

  Status Skip(std::uint64_t size) {
    DLV_TRY(NeedLeft(size));
    at_ += size;
    return Ok();
  }

  Error Bad(const std::string& why) const {
    return Error{ErrorCode::kCorruption, what_ + ", offset " + std::to_string(at_) + ": " + why};
  }
  Error Unsafe(const std::string& why) const {
    Error error = Bad(why);
    error.code = ErrorCode::kUnsafe;
    return error;
  }

 private:
  static constexpr std::uint64_t kWindowBytes = 64u << 10;

  Status NeedLeft(std::uint64_t size) const {
    if (size <= left()) return Ok();
    return Bad(std::to_string(size) + " bytes wanted, " + std::to_string(left()) + " are left");
  }
  Status Fill() {
    window_.resize(static_cast<std::size_t>(std::min(kWindowBytes, left())));
    window_at_ = at_;
    return file_.ReadAt(at_, window_);
  }

  const io::ByteSource& file_;
  std::string what_;
  std::uint64_t at_ = 0;
  std::vector<std::byte> window_;
  std::uint64_t window_at_ = 0;
};

}  // namespace dlv::interchange
