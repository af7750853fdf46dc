#include "engine/kernels/reference/recurrent_operands.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace dlv::kernels {

Status WantShape(const Call& call, std::size_t operand, const Shape& wanted) {
  if (!call.Has(operand)) return Ok();
  const Value& value = call.In(operand);
  if (value.shape() == wanted && value.dtype() == call.In(0).dtype()) return Ok();
  return call.Bad("operand " + std::to_string(operand) + " " + TextOf(value.shape()) + ", want " +
                  TextOf(wanted));
}

Result<RecurrentSizes> ReadRecurrent(const Call& call, std::int64_t gates) {
  DLV_TRY(call.Want(3));
  if (call.Find("clip") != nullptr) return call.Unsupported("attribute clip");
  if (call.Flag("layout")) return call.Unsupported("layout");
  if (call.Has(4)) return call.Unsupported("sequence_lens");
  if (call.In(0).rank() != 3 || call.In(2).rank() != 3) {
    return call.Bad("input " + TextOf(call.In(0).shape()) + ", recurrent weight " +
                    TextOf(call.In(2).shape()) + ", want 3 axes");
  }
  const Shape& x = call.In(0).shape();
  const std::string_view direction = call.Text("direction", "forward");
  RecurrentSizes sizes{x[0],
                       x[1],
                       x[2],
                       call.In(2).shape()[2],
                       direction == "bidirectional" ? 2 : 1,
                       direction == "reverse"};
  const std::int64_t d = sizes.directions, h = sizes.hidden;
  DLV_TRY(WantShape(call, 1, {d, gates * h, sizes.features}));
  DLV_TRY(WantShape(call, 2, {d, gates * h, h}));
  DLV_TRY(WantShape(call, 3, {d, 2 * gates * h}));
  DLV_TRY(WantShape(call, 5, {d, sizes.batch, h}));
  return sizes;
}

Result<std::vector<std::string>> ReadActivations(const Call& call, std::int64_t directions,
                                                 std::initializer_list<const char*> defaults) {
  std::vector<std::string> all;
  for (std::int64_t d = 0; d < directions; ++d)
    all.insert(all.end(), defaults.begin(), defaults.end());
  const AttributeValue* const given = call.Find("activations");
  const auto* const names =
      given == nullptr ? nullptr : std::get_if<std::vector<std::string>>(given);
  if (names != nullptr && !names->empty()) {
    if (names->size() != all.size()) {
      return call.Bad(std::to_string(names->size()) + " activations, want " +
                      std::to_string(all.size()));
    }
    all = *names;
  }
  for (const char* name : {"activation_alpha", "activation_beta"}) {
    const auto numbers = call.Reals(name);
    if (numbers && !numbers->empty()) return call.Unsupported(std::string("attribute ") + name);
  }
  for (std::string& name : all) {
    std::ranges::transform(name, name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
  }
  return all;
}

double LogisticOf(double x) {
  const double e = std::exp(-std::fabs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}

}  // namespace dlv::kernels
