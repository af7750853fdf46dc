#pragma once
/// \file
/// Parts that manifest, envelope, layout and operation log have in common.

#include "dlv/version_info.h"
#include "storage/archive/format.h"
#include "storage/io/byte_io.h"

namespace dlv::archive {

/// Magic, format version, zero, feature bits: what each of these structures starts with.
inline void PutPreamble(io::ByteWriter& out, const Magic& magic, std::uint32_t features = 0) {
  out.PutBytes(std::as_bytes(std::span(magic)));
  out.Put(kFormatVersion);
  out.Put(std::uint16_t{0});
  out.Put(features);
}

/// Reads what PutPreamble wrote.  Errors: kCorruption, kUnsupported (newer version, unknown
/// feature).
Status CheckPreamble(io::ByteReader& in, const Magic& magic, const char* what);
/// The same for a structure that knows features of its own (`known`, beside kKnownFeatures).
/// Returns the feature bits.
Result<std::uint32_t> GetPreamble(io::ByteReader& in, const Magic& magic, const char* what,
                                  std::uint32_t known);

void PutPairs(io::ByteWriter& out, const KeyValues& pairs);
Result<KeyValues> GetPairs(io::ByteReader& in);

/// Reads a u8 that must be 0 or 1.
Result<bool> GetFlag(io::ByteReader& in);

}  // namespace dlv::archive
