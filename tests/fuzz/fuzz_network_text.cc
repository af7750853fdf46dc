// links: dlv_network
// The text form of networks; what reads goes through normalising, writing and drawing too.

#include <cstdint>
#include <string_view>

#include "engine/network/dot.h"
#include "engine/network/encoding.h"
#include "engine/network/normalise.h"
#include "engine/network/text_form.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto network = dlv::network::ReadText({reinterpret_cast<const char*>(data), size});
  if (!network.ok()) return 0;
  const auto again = dlv::network::ReadText(dlv::network::WriteText(*network));
  DLV_CHECK(again.ok(), "what is written can be read");
  DLV_CHECK(dlv::network::IdOf(*again) == dlv::network::IdOf(*network), "and is the same");
  const auto normal = dlv::network::Normalise(*network);
  if (!normal.ok()) return 0;
  DLV_CHECK(!dlv::network::WriteDot(normal->network).empty(), "it can be drawn");
  const auto decoded = dlv::network::Decode(dlv::network::Encode(normal->network));
  DLV_CHECK(decoded.ok(), "what is normalised can be stored");
  return 0;
}
