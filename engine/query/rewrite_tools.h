#pragma once
/// \file
/// What rewrites have in common.

#include <functional>

#include "engine/query/logical_plan.h"

namespace dlv::query {

/// Calls `visit` for every node of the plan, children first.
inline void ForEachNode(LogicalNode& node, const std::function<void(LogicalNode&)>& visit) {
  if (node.left != nullptr) ForEachNode(*node.left, visit);
  if (node.right != nullptr) ForEachNode(*node.right, visit);
  visit(node);
}

/// Drops filters without conditions.
inline void DropEmptyFilters(LogicalPtr& node) {
  if (node == nullptr) return;
  DropEmptyFilters(node->left);
  DropEmptyFilters(node->right);
  if (node->kind == LogicalKind::kFilter && node->conditions.empty()) {
    LogicalPtr left = std::move(node->left);
    node = std::move(left);
  }
}

}  // namespace dlv::query
