// Scalars of a pickle as text, for what a checkpoint says beside its tensors.

#include <charconv>
#include <cstring>

#include "storage/interchange/numpy_values.h"
#include "storage/interchange/pickle.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

constexpr std::size_t kMaxShown = 512;

std::optional<std::string> Number(double value) {
  char buffer[40];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return error == std::errc() ? std::optional(std::string(buffer, end)) : std::nullopt;
}

// A path, a version or a device is its text.
std::optional<std::string> WrappedText(const Pickle& pickle, const PickleNode& node) {
  const std::string_view callee = pickle.at(node.items[0]).text;
  const std::vector<NodeIndex>& arguments = pickle.at(node.items[1]).items;
  const bool wraps = callee.starts_with("pathlib.") ||
                     callee == "torch.torch_version.TorchVersion" || callee == "torch.device";
  if (!wraps || arguments.empty()) return std::nullopt;
  const PickleNode& last = pickle.at(arguments.back());
  if (last.kind != NodeKind::kText) return std::nullopt;
  return Printable(last.text, kMaxShown);
}

template <typename T>
T ValueOf(std::string_view bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

// numpy.float64(0.5): a type and the bytes of the number.
std::optional<std::string> NumpyNumber(const Pickle& pickle, const PickleNode& node) {
  const std::optional<NumpyScalar> scalar = NumpyScalarOf(pickle, node);
  if (!scalar) return std::nullopt;
  switch (scalar->dtype) {
    case DType::kBool:
      return ValueOf<std::uint8_t>(scalar->bytes) != 0 ? "True" : "False";
    case DType::kF64:
      return Number(ValueOf<double>(scalar->bytes));
    case DType::kF32:
      return Number(ValueOf<float>(scalar->bytes));
    case DType::kI64:
      return std::to_string(ValueOf<std::int64_t>(scalar->bytes));
    case DType::kU64:
      return std::to_string(ValueOf<std::uint64_t>(scalar->bytes));
    case DType::kI32:
      return std::to_string(ValueOf<std::int32_t>(scalar->bytes));
    case DType::kU32:
      return std::to_string(ValueOf<std::uint32_t>(scalar->bytes));
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::string> ScalarText(const Pickle& pickle, const PickleNode& node) {
  switch (node.kind) {
    case NodeKind::kNone:
      return "None";
    case NodeKind::kBool:
      return node.integer != 0 ? "True" : "False";
    case NodeKind::kInteger:
      return std::to_string(node.integer);
    case NodeKind::kFloat:
      return Number(node.real);
    case NodeKind::kText:
      if (node.text.empty() && node.size != 0) return std::nullopt;  // too long to be held
      return Printable(node.text, kMaxShown);
    case NodeKind::kObject: {
      if (std::optional<std::string> text = WrappedText(pickle, node)) return text;
      return NumpyNumber(pickle, node);
    }
    default:
      return std::nullopt;
  }
}

}  // namespace dlv::interchange
