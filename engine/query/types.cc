#include "engine/query/types.h"

namespace dlv::query {
namespace {

const char* NameOf(TypeKind kind) {
  switch (kind) {
    case TypeKind::kNull:
      return "null";
    case TypeKind::kAny:
      return "any";
    case TypeKind::kBoolean:
      return "boolean";
    case TypeKind::kInteger:
      return "integer";
    case TypeKind::kReal:
      return "real";
    case TypeKind::kText:
      return "text";
    case TypeKind::kTimestamp:
      return "timestamp";
    case TypeKind::kVersion:
      return "version";
    case TypeKind::kSnapshot:
      return "snapshot";
    case TypeKind::kNode:
      return "node";
    case TypeKind::kTensor:
      return "tensor";
    case TypeKind::kNetwork:
      return "network";
    case TypeKind::kRow:
      return "row";
    case TypeKind::kList:
      return "list";
    case TypeKind::kSet:
      return "set";
  }
  return "unknown";
}

}  // namespace

std::string NameOf(Type type) {
  const std::string name = NameOf(type.kind);
  return type.is_list() || type.is_set() ? name + "(" + NameOf(type.element) + ")" : name;
}

bool MayBeNumber(Type type) {
  return type.kind == TypeKind::kInteger || type.kind == TypeKind::kReal ||
         type.kind == TypeKind::kAny || type.kind == TypeKind::kNull;
}

bool IsEntity(Type type) {
  return type.kind == TypeKind::kVersion || type.kind == TypeKind::kSnapshot ||
         type.kind == TypeKind::kNode || type.kind == TypeKind::kTensor ||
         type.kind == TypeKind::kNetwork;
}

}  // namespace dlv::query
