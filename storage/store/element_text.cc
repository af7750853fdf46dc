#include "storage/store/element_text.h"

#include <charconv>
#include <cstdint>
#include <cstring>

#include "storage/statistics/widen.h"

namespace dlv::store {
namespace {

template <class T>
std::string TextOf(T value) {
  if (value != value) return "nan";  // whatever its sign
  char text[64];
  const auto result = std::to_chars(text, text + sizeof text, value);
  return std::string(text, result.ptr);
}

template <class T>
std::string TextOfBytes(std::span<const std::byte> element) {
  T value;
  std::memcpy(&value, element.data(), sizeof value);
  return TextOf(value);
}

std::string ComplexText(const std::string& real, const std::string& imaginary) {
  return real + (imaginary.front() == '-' ? "" : "+") + imaginary + "j";
}

std::string HexText(std::byte value) {
  constexpr char kDigits[] = "0123456789abcdef";
  const auto number = std::to_integer<unsigned>(value);
  return {kDigits[number >> 4], kDigits[number & 15]};
}

}  // namespace

std::string ElementText(DType dtype, std::span<const std::byte> element) {
  switch (dtype) {
    case DType::kOpaque:
      return HexText(element[0]);
    case DType::kBool:
      return element[0] == std::byte{0} ? "false" : "true";
    case DType::kU64:
      return TextOfBytes<std::uint64_t>(element);
    case DType::kI64:
      return TextOfBytes<std::int64_t>(element);
    case DType::kF64:
      return TextOfBytes<double>(element);
    case DType::kComplex64:
      return ComplexText(TextOfBytes<float>(element), TextOfBytes<float>(element.subspan(4)));
    case DType::kComplex128:
      return ComplexText(TextOfBytes<double>(element), TextOfBytes<double>(element.subspan(8)));
    default:
      break;
  }
  double value = 0;
  statistics::Widen(dtype, element, std::span(&value, 1));
  if (IsFloat(dtype)) return TextOf(static_cast<float>(value));
  return TextOf(static_cast<std::int64_t>(value));
}

}  // namespace dlv::store
