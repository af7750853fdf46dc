#include "engine/network/attributes.h"

#include <algorithm>

namespace dlv::network {
namespace {

template <class Attributes>
auto Place(Attributes& attributes, std::string_view name) {
  return std::lower_bound(
      attributes.begin(), attributes.end(), name,
      [](const NetworkAttribute& a, std::string_view b) { return std::string_view(a.name) < b; });
}

template <class T>
const T* Find(const NetworkNode& node, std::string_view name) {
  const AttributeValue* value = FindAttribute(node, name);
  return value == nullptr ? nullptr : std::get_if<T>(value);
}

}  // namespace

const AttributeValue* FindAttribute(const NetworkNode& node, std::string_view name) {
  const auto at = Place(node.attributes, name);
  return at != node.attributes.end() && at->name == name ? &at->value : nullptr;
}

std::int64_t IntegerAttribute(const NetworkNode& node, std::string_view name,
                              std::int64_t otherwise) {
  const auto* value = Find<std::int64_t>(node, name);
  return value == nullptr ? otherwise : *value;
}

double RealAttribute(const NetworkNode& node, std::string_view name, double otherwise) {
  if (const auto* real = Find<double>(node, name)) return *real;
  const auto* whole = Find<std::int64_t>(node, name);
  return whole == nullptr ? otherwise : static_cast<double>(*whole);
}

std::string_view TextAttribute(const NetworkNode& node, std::string_view name,
                               std::string_view otherwise) {
  const auto* value = Find<std::string>(node, name);
  return value == nullptr ? otherwise : std::string_view(*value);
}

const std::vector<std::int64_t>* IntegersAttribute(const NetworkNode& node, std::string_view name) {
  return Find<std::vector<std::int64_t>>(node, name);
}

const NetworkConstant* ConstantAttribute(const NetworkNode& node, std::string_view name) {
  return Find<NetworkConstant>(node, name);
}

void SetAttribute(NetworkNode& node, std::string_view name, AttributeValue value) {
  const auto at = Place(node.attributes, name);
  if (at != node.attributes.end() && at->name == name) {
    at->value = std::move(value);
  } else {
    node.attributes.insert(at, {std::string(name), std::move(value)});
  }
}

}  // namespace dlv::network
