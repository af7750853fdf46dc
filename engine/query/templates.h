#pragma once
/// \file
/// The node templates of `has`, `insert` and `delete`: which there are, and which arguments they
/// take. What they make and match is the network's business (engine/network).

#include <cstdint>
#include <span>
#include <string_view>

namespace dlv::query {

enum class ArgumentType : std::uint8_t { kText, kInteger, kReal, kIntegerList, kInitializer };

struct TemplateArgument {
  std::string_view name;
  ArgumentType type;
};

/// Arguments may be given by name, or in this order. In `has`, those that are given must be equal,
/// and texts but `kind` are patterns.
struct NodeTemplate {
  std::string_view name;  ///< "POOL"
  std::string_view meaning;
  std::span<const TemplateArgument> arguments;
  bool may_insert;  ///< false: only for `has` and `delete = T`
};

std::span<const NodeTemplate> NodeTemplates();

/// Returns the template of that name (case-insensitive; synonyms too: IP for FULL), or null.
const NodeTemplate* FindTemplate(std::string_view name);

}  // namespace dlv::query
