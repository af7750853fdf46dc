#pragma once
/// \file
/// From operators to kernels: the one list of what runs.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/kernels/call.h"

namespace dlv::kernels {

/// Which implementation of an operator runs.
enum class Implementation : std::uint8_t {
  kReference,  ///< plain loops, sums in double: defines what is right
  kCpu,        ///< fast; compared with the reference in tests
};
const char* NameOf(Implementation implementation);

struct KernelRow {
  std::string_view domain;  ///< empty: the standard operators
  std::string_view op;
  Kernel kernel;
  /// Takes operands in any order (order.h) that is no view and not folded, and may make its output
  /// in one.
  bool any_order = false;
  bool views = false;   ///< takes views
  bool folded = false;  ///< takes folded values
  bool folds = false;   ///< takes any order where all who read its output take folded values
};

/// Oldest and newest operator set whose meaning the kernels know.
inline constexpr std::int64_t kOldestOpset = 6;
inline constexpr std::int64_t kNewestOpset = 23;

/// Returns the row, or null.
const KernelRow* FindRow(Implementation implementation, std::string_view domain,
                         std::string_view op);
/// Returns the kernel, or null.
Kernel FindKernel(Implementation implementation, std::string_view domain, std::string_view op);

/// Whether the fast kernel of `head` may take `next` along (call.h, Follower), where it took
/// `before` already: Conv takes what scales its channels, then one sum, and activations;
/// normalisations take what scales channels, and activations; others take activations.
bool MayFollow(const NetworkNode& head, std::span<const NetworkNode* const> before,
               const NetworkNode& next);

/// All rows, ascending by domain and operator.
std::span<const KernelRow> AllKernels(Implementation implementation);

}  // namespace dlv::kernels
