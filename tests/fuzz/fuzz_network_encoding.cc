// links: dlv_network
// Encodings of networks; what decodes is walked, sliced and edited.

#include <algorithm>
#include <cstdint>
#include <span>

#include "engine/network/adjacency.h"
#include "engine/network/edit.h"
#include "engine/network/encoding.h"
#include "engine/network/network_diff.h"
#include "engine/network/normalise.h"
#include "engine/network/slice.h"

namespace {

using namespace dlv::network;

void Use(const dlv::Network& network) {
  if (network.nodes.empty()) return;
  const Adjacency adjacency(network);
  const auto last = static_cast<NodeIndex>(network.nodes.size() - 1);
  NodeSet all = adjacency.data();
  DLV_CHECK(adjacency.After(all).count() <= network.nodes.size(), "a set of its nodes");
  const auto slice = Slice(network, {"part", {0}, {{last, {}}}, true});
  if (slice.ok()) DLV_CHECK(CheckNetwork(slice->network).ok(), "a slice is a network");
  const auto edited = ApplyEdits(network, {DeleteAction{last / 2, 0}});
  if (!edited.ok()) return;
  DLV_CHECK(CheckNetwork(edited->network).ok(), "an edited network is one");
  DLV_CHECK(!DiffNetworks(network, edited->network).identical(), "a node less");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto network = Decode(bytes);
  if (!network.ok()) return 0;
  const auto again = Encode(*network);
  DLV_CHECK(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()),
            "one encoding each");
  const auto normal = Normalise(*network);
  if (normal.ok()) Use(normal->network);
  return 0;
}
