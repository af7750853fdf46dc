#pragma once
/// \file
/// SHA-256 (OpenSSL) for identity, XXH3-64 (xxHash) for checksums; never the second in place of the
/// first.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "dlv/dtype.h"
#include "dlv/ids.h"

namespace dlv::io {

/// Incremental SHA-256.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void Update(std::span<const std::byte> bytes);
  template <class D>
  D Finish() {
    D digest;
    FinishInto(digest.bytes.data());
    return digest;
  }

 private:
  void FinishInto(std::uint8_t* out);
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 of ("dlv-chunk\0", u16 dtype, u64 element count, bytes).
ChunkId HashChunk(DType dtype, std::span<const std::byte> bytes);
/// SHA-256 of ("dlv-tensor\0", u16 dtype, u64 element count, chunk ids).
TensorId HashTensor(DType dtype, std::uint64_t element_count, std::span<const ChunkId> chunks);
/// SHA-256 of ("dlv-blob\0", bytes).
BlobId HashBlob(std::span<const std::byte> bytes);

/// HMAC with SHA-256 (RFC 2104) of `bytes` under `key`.
FileDigest HmacSha256(std::span<const std::byte> key, std::span<const std::byte> bytes);

/// XXH3-64 with seed 0.
std::uint64_t Xxh3(std::span<const std::byte> bytes);

}  // namespace dlv::io
