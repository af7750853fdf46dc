#include "engine/network/shape_inference.h"

namespace dlv::network {

std::string ShapeText(const NetworkShape& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i == 0 ? "" : ", ") + (shape[i] == kUnknownSize ? "?" : std::to_string(shape[i]));
  }
  return text + "]";
}

std::string ShapeText(const std::optional<NetworkShape>& shape) {
  return shape ? ShapeText(*shape) : "?";
}

}  // namespace dlv::network
