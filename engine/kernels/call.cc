#include "engine/kernels/call.h"

#include <algorithm>

#include "engine/kernels/convert.h"

namespace dlv::kernels {
namespace {

constexpr std::int64_t kMaxList = 1 << 20;

}  // namespace

const Value& Call::In(std::size_t operand) const {
  static const Value kNothing;
  return operand < inputs_.size() ? inputs_[operand] : kNothing;
}

Status Call::Want(std::size_t count) const {
  for (std::size_t i = 0; i < count; ++i) {
    if (!Has(i)) {
      return Bad("operand " + std::to_string(i) + " is left out, want " + std::to_string(count) +
                 " operands");
    }
  }
  return Ok();
}

Status Call::MakePlain(std::size_t first) {
  for (std::size_t i = first; i < inputs_.size(); ++i) {
    if (inputs_[i].is_plain()) continue;
    DLV_ASSIGN(inputs_[i], InPlainOrder(inputs_[i], memory()));
  }
  return Ok();
}

Result<Value*> Call::Make(std::size_t port, DType dtype, Shape shape) {
  return Make(port, dtype, std::move(shape), nullptr);
}

Result<Value*> Call::Make(std::size_t port, DType dtype, Shape shape,
                          std::shared_ptr<const Order> order) {
  DLV_ASSIGN(Value value, memory().Make(dtype, std::move(shape), std::move(order)));
  Share(port, std::move(value));
  return &outputs_[port];
}

void Call::Share(std::size_t port, Value value) {
  if (port >= outputs_.size()) outputs_.resize(port + 1);
  outputs_[port] = std::move(value);
}

const AttributeValue* Call::Find(std::string_view attribute) const {
  for (const NetworkAttribute& one : node_.attributes) {
    if (one.name == attribute) return &one.value;
  }
  return nullptr;
}

std::int64_t Call::Whole(std::string_view attribute, std::int64_t otherwise) const {
  const AttributeValue* value = Find(attribute);
  const auto* whole = value == nullptr ? nullptr : std::get_if<std::int64_t>(value);
  return whole == nullptr ? otherwise : *whole;
}

double Call::Real(std::string_view attribute, double otherwise) const {
  const AttributeValue* value = Find(attribute);
  if (value == nullptr) return otherwise;
  if (const auto* real = std::get_if<double>(value)) return *real;
  const auto* whole = std::get_if<std::int64_t>(value);
  return whole == nullptr ? otherwise : static_cast<double>(*whole);
}

std::string_view Call::Text(std::string_view attribute, std::string_view otherwise) const {
  const AttributeValue* value = Find(attribute);
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
  return text == nullptr ? otherwise : std::string_view(*text);
}

std::optional<Wholes> Call::List(std::string_view attribute) const {
  const AttributeValue* value = Find(attribute);
  const auto* list = value == nullptr ? nullptr : std::get_if<std::vector<std::int64_t>>(value);
  return list == nullptr ? std::nullopt : std::optional(*list);
}

std::optional<std::vector<double>> Call::Reals(std::string_view attribute) const {
  const AttributeValue* value = Find(attribute);
  const auto* list = value == nullptr ? nullptr : std::get_if<std::vector<double>>(value);
  return list == nullptr ? std::nullopt : std::optional(*list);
}

Result<std::optional<Wholes>> Call::ListOrOperand(std::string_view attribute,
                                                  std::size_t operand) const {
  if (auto list = List(attribute)) return list;
  if (!Has(operand)) return std::optional<Wholes>();
  const Value& value = In(operand);
  if (IsFloat(value.dtype()) || value.count() > kMaxList) {
    return Bad("operand " + std::to_string(operand) + " is " + std::string(NameOf(value.dtype())) +
               " " + TextOf(value.shape()) + ", want whole numbers");
  }
  return std::optional(WholesOf(value));
}

Result<std::optional<double>> Call::RealOrOperand(std::string_view attribute,
                                                  std::size_t operand) const {
  if (Find(attribute) != nullptr) return std::optional(Real(attribute, 0));
  if (!Has(operand)) return std::optional<double>();
  const Value& value = In(operand);
  if (value.count() != 1) {
    return Bad("operand " + std::to_string(operand) + " has the shape " + TextOf(value.shape()) +
               ", want one number");
  }
  return std::optional(RealsOf(value)[0]);
}

Result<std::size_t> Call::Axis(std::int64_t axis, std::size_t rank) const {
  const auto count = static_cast<std::int64_t>(rank);
  if (axis < -count || axis >= count) {
    return Bad("axis " + std::to_string(axis) + " of a value of " + std::to_string(rank) + " axes");
  }
  return static_cast<std::size_t>(axis < 0 ? axis + count : axis);
}

Status Call::CheckCancelled() const {
  if (setting_.cancel != nullptr && setting_.cancel->cancelled()) {
    return Error{ErrorCode::kCancelled, "stopped"};
  }
  return Ok();
}

}  // namespace dlv::kernels
