#pragma once
/// \file
/// SHA-256 of several messages of one length at a time, one in each lane of a vector: the digest is
/// serial within a message, so a processor with wide vectors gains several times what it can do for
/// a single one.
///
/// Included by files compiled for special instruction sets: C headers only, so that no inline
/// function of the standard library is compiled for a processor that may not be there.

#include <stddef.h>
#include <stdint.h>

namespace dlv::io {

inline constexpr unsigned kMostSha256Lanes = 16;

struct Sha256Lanes {
  const char* name;
  unsigned lanes;

  /// Takes `block_count` blocks of 64 bytes of each message. `blocks[lane]` points at the first one
  /// of the lane, any alignment; `state[8 * lanes]` holds word w of a lane at [w * lanes + lane].
  void (*compress)(const uint8_t* const* blocks, size_t block_count, uint32_t* state);
};

/// FIPS 180-4, 5.3.3 and 4.2.2.
inline constexpr uint32_t kSha256Start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                             0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
inline constexpr uint32_t kSha256Constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#if defined(__x86_64__)
const Sha256Lanes& Avx2Sha256Lanes();
const Sha256Lanes& Avx512Sha256Lanes();
/// Two lanes.
const Sha256Lanes& ShaInstructionLanes();
#endif

/// Returns the form that beats hashing one message after the other on this processor, or null.
/// DLV_KERNELS, as in storage/codec, may rule forms out.
const Sha256Lanes* FastSha256Lanes();

/// Returns the form of two lanes if the processor has instructions for SHA-256, else null: the
/// second lane costs next to nothing there. DLV_KERNELS=reference rules it out.
const Sha256Lanes* PairedSha256Lanes();

/// Returns whether this processor can run the form.
bool CanRun(const Sha256Lanes& form);

}  // namespace dlv::io
