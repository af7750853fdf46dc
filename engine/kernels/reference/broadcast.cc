#include "engine/kernels/reference/broadcast.h"

#include <string>

namespace dlv::kernels {
namespace {

/// Operand 1 of old operators with "broadcast": its first axis lies on axis "axis" of operand 0.
Result<Shape> Aligned(const Call& call, const Shape& a, Shape b) {
  if (call.opset() >= 7 || call.Find("axis") == nullptr) return b;
  DLV_ASSIGN(const std::size_t axis, call.Axis(call.Whole("axis", 0), a.size()));
  if (axis + b.size() > a.size()) return call.Bad("operand 1 " + TextOf(b) + " does not fit");
  b.resize(a.size() - axis, 1);
  return b;
}

}  // namespace

Result<Pair> PairOf(const Call& call, Shape a, Shape b) {
  auto out = BroadcastShape(a, b);
  if (!out) return call.Bad("operands " + TextOf(a) + " and " + TextOf(b) + " do not broadcast");
  return Pair{std::move(a), std::move(b), std::move(*out)};
}

Result<Pair> ReadPair(const Call& call, std::size_t a, std::size_t b) {
  DLV_TRY(call.Want(std::max(a, b) + 1));
  if (call.In(a).dtype() != call.In(b).dtype()) {
    return call.Bad("operands of types " + std::string(NameOf(call.In(a).dtype())) + " and " +
                    std::string(NameOf(call.In(b).dtype())));
  }
  DLV_ASSIGN(Shape aligned, Aligned(call, call.In(a).shape(), call.In(b).shape()));
  return PairOf(call, call.In(a).shape(), std::move(aligned));
}

}  // namespace dlv::kernels
