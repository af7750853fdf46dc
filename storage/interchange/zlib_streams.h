#pragma once
/// \file
/// zlib: raw deflate streams. With fast_crc.cc the only place that knows zlib.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "dlv/result.h"
#include "storage/interchange/recipe.h"
#include "storage/io/byte_source.h"

namespace dlv::interchange {

/// A running CRC-32 of known length.
struct CrcState {
  std::uint32_t crc = 0;
  std::uint64_t size = 0;
  void Update(std::span<const std::byte> bytes);
  /// As if `next` had followed.
  void Append(const CrcState& next);
};

/// A sink that takes the CRC of what it passes on (or drops, without a next sink).
class CrcSink final : public io::ByteSink {
 public:
  explicit CrcSink(io::ByteSink* next) : next_(next) {}
  Status Write(std::span<const std::byte> bytes) override;
  const CrcState& state() const { return state_; }

 private:
  io::ByteSink* next_;
  CrcState state_;
};

/// Compresses what is written to it. Feeds zlib fixed blocks, so that the bytes made never depend
/// on how writes are cut.
class DeflateSink final : public io::ByteSink {
 public:
  /// The settings of `settings` (checked by the recipe's laws); its `inner` and `size` are ignored.
  DeflateSink(const Deflate& settings, io::ByteSink& next);
  ~DeflateSink() override;
  Status Write(std::span<const std::byte> bytes) override;
  /// Ends the stream. Returns its size.
  Result<std::uint64_t> Finish();

 private:
  Status Pump(bool finish);
  struct State;
  std::unique_ptr<State> state_;
};

/// Working memory that inflated sources share; about 15 MiB at most.
struct InflatePool;
std::shared_ptr<InflatePool> MakeInflatePool();

/// What a raw deflate stream inflates to: random access, sequential access fast. Memory: the pool's
/// (null: one of its own), and at most 1 MiB of its own. `compressed` must hold exactly one stream
/// of `size` bytes. Reads: kCorruption where it is damaged, or ends early. Thread-safe.
std::shared_ptr<const io::ByteSource> MakeInflated(std::shared_ptr<const io::ByteSource> compressed,
                                                   std::uint64_t size,
                                                   std::shared_ptr<InflatePool> pool = nullptr);

/// How far a raw deflate stream goes.
struct DeflateEnd {
  bool ended = false;          ///< else the bytes end first
  std::uint64_t coded = 0;     ///< bytes of the stream
  std::uint64_t inflated = 0;  ///< bytes that they inflate to
};

/// Looks for the end of the stream that `compressed` begins with.
/// Errors: kCorruption where it is damaged, with the offset; those of reading.
Result<DeflateEnd> FindDeflateEnd(const io::ByteSource& compressed);

/// Returns the settings with which zlib makes `compressed` of `plain`, if it does: levels 6, 9, 1,
/// then the others, on the first 64 KiB, then the first that passed on everything.
Result<std::optional<Deflate>> FindDeflateSettings(const io::ByteSource& plain,
                                                   const io::ByteSource& compressed);

}  // namespace dlv::interchange
