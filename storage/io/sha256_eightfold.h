#pragma once
/// \file
/// SHA-256 of eight messages of one length side by side and, from the same loop, of one that is
/// eight times as long: chunks of a file, and the file. The instructions for SHA-256 that take the
/// long message leave most of the vector units idle, and the eight lanes need nothing else.
///
/// C headers only (sha256_lanes.h).

#include <stddef.h>
#include <stdint.h>

namespace dlv::io {

struct EightfoldSha256 {
  static constexpr unsigned kLanes = 8;

  const char* name;

  /// Takes `block_count` blocks of 64 bytes of each of the eight messages, as Sha256Lanes does, and
  /// eight times as many of the long one: `state` is word w of a lane at [w * 8 + lane],
  /// `long_state` eight words.
  void (*compress)(const uint8_t* const* blocks, size_t block_count, uint32_t* state,
                   const uint8_t* long_blocks, uint32_t* long_state);
};

#if defined(__x86_64__)
const EightfoldSha256& Avx512EightfoldSha256();
#endif

/// Returns the form if this processor has what it needs and gains by it (it is timed against pairs
/// of messages, once, for some tenths of a millisecond), else null. DLV_KERNELS=reference and
/// DLV_KERNELS=avx2 rule it out.
const EightfoldSha256* FastEightfoldSha256();

/// Returns whether this processor can run the form.
bool CanRun(const EightfoldSha256& form);

}  // namespace dlv::io
