#pragma once
/// \file
/// Access to a node's attributes. A value of the wrong type counts as absent.

#include <cstdint>
#include <string_view>
#include <vector>

#include "dlv/network.h"

namespace dlv::network {

/// Returns the value, or null. Attributes must be sorted.
const AttributeValue* FindAttribute(const NetworkNode& node, std::string_view name);

std::int64_t IntegerAttribute(const NetworkNode& node, std::string_view name,
                              std::int64_t otherwise);
/// Whole numbers are taken too.
double RealAttribute(const NetworkNode& node, std::string_view name, double otherwise);
std::string_view TextAttribute(const NetworkNode& node, std::string_view name,
                               std::string_view otherwise);
/// Returns null where absent.
const std::vector<std::int64_t>* IntegersAttribute(const NetworkNode& node, std::string_view name);
const NetworkConstant* ConstantAttribute(const NetworkNode& node, std::string_view name);

/// Sets or replaces; keeps the order.
void SetAttribute(NetworkNode& node, std::string_view name, AttributeValue value);

/// Returns whether the operator is the standard one of that name.
inline bool IsOperator(const NetworkNode& node, std::string_view op) {
  return node.op == op && node.domain.empty();
}

/// Calls `function(const Network&)` for every subgraph of the node.
template <class Function>
void ForEachSubgraph(const NetworkNode& node, Function&& function) {
  for (const NetworkAttribute& attribute : node.attributes) {
    const auto* body = std::get_if<std::shared_ptr<const Network>>(&attribute.value);
    if (body != nullptr) function(**body);
  }
}

}  // namespace dlv::network
