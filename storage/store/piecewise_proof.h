#pragma once
/// \file
/// The proof before a commit (replay_check.h) for files whose recipe only puts literals and tensors
/// side by side: each piece is compared with the file where it belongs, on all threads, and the
/// file is not made.

#include <cstdint>
#include <optional>
#include <vector>

#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/io/byte_source.h"
#include "storage/store/checked_chunks.h"
#include "storage/store/file_pass.h"
#include "storage/store/stored_file.h"

namespace dlv::store {

/// A chunk that the writer proved when it was coded is not decoded again (CheckedChunks). Where
/// besides the pass that took the file's SHA-256 saw at that place of the file what the writer
/// compared with, by its checksum, the file is not read either: then what is stored is what that
/// SHA-256 is of.
class PiecewiseProof {
 public:
  /// Returns nothing where the recipe does more than put whole pieces side by side.
  static std::optional<PiecewiseProof> Plan(const StoredFile& stored);

  struct Evidence {
    const archive::CheckedTensors& written;
    const PassedTensors& passed;
  };
  /// Returns whether the pieces are those of `file`.  Errors: kCorruption, kIo, kCancelled.
  Result<bool> Holds(const io::ByteSource& file, const Evidence& evidence,
                     const Operation& operation) const;

 private:
  /// Elements of one chunk, or bytes of a literal.
  struct Piece {
    std::uint32_t number = 0;  ///< of the tensor or the literal
    std::uint64_t offset = 0;  ///< byte of it
    std::uint64_t size = 0;
    std::uint64_t in_file = 0;
  };
  struct Buffers {
    std::vector<std::byte> stored, given;
  };
  explicit PiecewiseProof(const StoredFile& stored) : stored_(stored) {}
  bool Add(const interchange::TensorPart& part);
  void Add(const interchange::LiteralPart& part);
  Result<bool> LiteralsHold(const io::ByteSource& file, Buffers& buffers) const;
  Result<bool> PieceHolds(const Piece& piece, const io::ByteSource& file, const Evidence& evidence,
                          Buffers& buffers) const;

  const StoredFile& stored_;
  std::vector<Piece> literals_, chunks_;
  std::uint64_t size_ = 0;
};

}  // namespace dlv::store
