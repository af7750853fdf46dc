#include "engine/network/known_value.h"

#include <cmath>

#include "engine/network/limits.h"
#include "engine/network/raw_number.h"

namespace dlv::network {
namespace {

template <class T>
void Store(std::vector<std::byte>& bytes, T value) {
  const auto* begin = reinterpret_cast<const std::byte*>(&value);
  bytes.insert(bytes.end(), begin, begin + sizeof value);
}

std::optional<KnownElement> LoadElement(DType dtype, const std::byte* at) {
  switch (dtype) {
    case DType::kBool:
      return WholeElement(*at != std::byte{0});
    case DType::kU8:
      return WholeElement(LoadAs<std::uint8_t>(at));
    case DType::kI8:
      return WholeElement(LoadAs<std::int8_t>(at));
    case DType::kU16:
      return WholeElement(LoadAs<std::uint16_t>(at));
    case DType::kI16:
      return WholeElement(LoadAs<std::int16_t>(at));
    case DType::kU32:
      return WholeElement(LoadAs<std::uint32_t>(at));
    case DType::kI32:
      return WholeElement(LoadAs<std::int32_t>(at));
    case DType::kI64:
      return WholeElement(LoadAs<std::int64_t>(at));
    case DType::kF32:
      return RealElement(static_cast<double>(LoadAs<float>(at)));
    case DType::kF64:
      return RealElement(LoadAs<double>(at));
    default:
      return std::nullopt;
  }
}

void StoreElement(std::vector<std::byte>& bytes, DType dtype, const KnownElement& element) {
  switch (dtype) {
    case DType::kBool:
    case DType::kU8:
    case DType::kI8:
      return Store(bytes, static_cast<std::uint8_t>(element.whole));
    case DType::kU16:
    case DType::kI16:
      return Store(bytes, static_cast<std::uint16_t>(element.whole));
    case DType::kU32:
    case DType::kI32:
      return Store(bytes, static_cast<std::uint32_t>(element.whole));
    case DType::kF32:
      return Store(bytes, static_cast<float>(element.real));
    case DType::kF64:
      return Store(bytes, element.real);
    default:
      return Store(bytes, element.whole);
  }
}

}  // namespace

std::vector<std::int64_t> KnownValue::Wholes() const {
  std::vector<std::int64_t> values;
  values.reserve(elements.size());
  for (const KnownElement& element : elements) {
    const bool fits = element.known && (!is_real() || std::fabs(element.real) < 9e18);
    values.push_back(!fits       ? kUnknownElement
                     : is_real() ? static_cast<std::int64_t>(element.real)
                                 : element.whole);
  }
  return values;
}

std::optional<KnownValue> KnownFrom(const NetworkConstant& constant) {
  const std::size_t size = SizeOf(constant.dtype);
  const std::size_t count = constant.bytes.size() / size;
  if (count > kMaxFoldedElements) return std::nullopt;
  KnownValue value{constant.dtype, constant.shape, {}};
  value.elements.reserve(count);
  // An empty value still has to be of a type that can be computed with.
  const std::byte zeros[16] = {};
  if (!LoadElement(constant.dtype, zeros)) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    value.elements.push_back(*LoadElement(constant.dtype, constant.bytes.data() + i * size));
  }
  return value;
}

NetworkConstant ConstantFrom(const KnownValue& value) {
  NetworkConstant constant{value.dtype, value.shape, {}};
  constant.bytes.reserve(value.elements.size() * SizeOf(value.dtype));
  for (const KnownElement& element : value.elements) {
    StoreElement(constant.bytes, value.dtype, element);
  }
  return constant;
}

std::optional<double> ScalarOf(const NetworkConstant& constant) {
  if (constant.bytes.size() != SizeOf(constant.dtype)) return std::nullopt;
  const auto element = LoadElement(constant.dtype, constant.bytes.data());
  if (!element) return std::nullopt;
  return IsFloat(constant.dtype) ? element->real : static_cast<double>(element->whole);
}

KnownElement WholeElement(std::int64_t value) { return {true, value, 0, -1, 0}; }
KnownElement RealElement(double value) { return {true, 0, value, -1, 0}; }

KnownValue KnownList(const std::vector<std::int64_t>& values) {
  KnownValue list{DType::kI64, {static_cast<std::int64_t>(values.size())}, {}};
  for (const std::int64_t value : values) list.elements.push_back(WholeElement(value));
  return list;
}

}  // namespace dlv::network
