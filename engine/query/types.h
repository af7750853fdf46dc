#pragma once
/// \file
/// Types of DQL, as docs/dql.md names them.

#include <cstdint>
#include <string>

namespace dlv::query {

enum class TypeKind : std::uint8_t {
  kNull,  ///< of the literal null alone
  kAny,   ///< known only when it runs: hyper-parameters, node attributes, some bind parameters
  kBoolean,
  kInteger,
  kReal,
  kText,
  kTimestamp,
  kVersion,
  kSnapshot,
  kNode,
  kTensor,
  kNetwork,  ///< what slice and construct make; it is not stored
  kRow,      ///< a row of a relation or query that is no entity; only variables have it
  kList,     ///< list(element)
  kSet,      ///< set(element): nodes, tensors, versions; a condition on it holds if some element
             ///< satisfies it; in a projection it becomes a list
};

struct Type {
  TypeKind kind = TypeKind::kNull;
  TypeKind element = TypeKind::kNull;  ///< kList, kSet

  bool operator==(const Type&) const = default;
  bool is_set() const { return kind == TypeKind::kSet; }
  bool is_list() const { return kind == TypeKind::kList; }
};

inline constexpr Type ListOf(TypeKind element) { return {TypeKind::kList, element}; }
inline constexpr Type SetOf(TypeKind element) { return {TypeKind::kSet, element}; }

/// Returns "real", "list(integer)", "set(node)", ...
std::string NameOf(Type type);

/// Returns whether a value of it may be a number: integer, real, any, null.
bool MayBeNumber(Type type);

/// Returns whether a value of the type has an identity that joins compare: version, snapshot, node,
/// tensor, network.
bool IsEntity(Type type);

}  // namespace dlv::query
