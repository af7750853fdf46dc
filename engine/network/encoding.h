#pragma once
/// \file
/// The canonical binary encoding of a network (docs/format/network.md), and its id. Equal networks
/// have equal encodings, byte for byte.

#include <cstddef>
#include <span>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"

namespace dlv::network {

/// The network must pass CheckNetwork, and its attributes be sorted.
std::vector<std::byte> Encode(const Network& network);

/// Returns the network of an encoding. Everything is checked: the result passes CheckNetwork, and
/// encodes to the same bytes.
/// Errors: kCorruption (with the offset), kUnsupported (a newer version, beyond limits.h).
Result<Network> Decode(std::span<const std::byte> bytes);

/// SHA-256 of "dlv-network\0" and the encoding. Whoever stores an encoding keeps the id beside it
/// and compares: the encoding has no checksum of its own.
NetworkId IdOf(std::span<const std::byte> encoding);
NetworkId IdOf(const Network& network);

}  // namespace dlv::network
