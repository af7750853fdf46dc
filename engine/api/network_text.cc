#include "dlv/network_text.h"

#include "engine/network/dot.h"
#include "engine/network/network_diff.h"
#include "engine/network/normalise.h"
#include "engine/network/shape_inference.h"
#include "engine/network/text_form.h"

namespace dlv {

std::string NetworkText(const Network& net) { return network::WriteText(net); }

Result<Network> ParseNetworkText(std::string_view text) {
  DLV_ASSIGN(Network raw, network::ReadText(text));
  DLV_ASSIGN(network::Normalised normalised, network::Normalise(std::move(raw)));
  return std::move(normalised.network);
}

std::string NetworkDot(const Network& net) { return network::WriteDot(net); }

std::string AttributeText(const AttributeValue& value) { return network::AttributeText(value); }

std::string NetworkShapeText(const std::optional<NetworkShape>& shape) {
  return network::ShapeText(shape);
}

}  // namespace dlv
