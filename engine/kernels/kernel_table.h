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
};

/// Oldest and newest operator set whose meaning the kernels know.
inline constexpr std::int64_t kOldestOpset = 6;
inline constexpr std::int64_t kNewestOpset = 18;

/// Returns the kernel, or null.
Kernel FindKernel(Implementation implementation, std::string_view domain, std::string_view op);

/// All rows, ascending by domain and operator.
std::span<const KernelRow> AllKernels(Implementation implementation);

}  // namespace dlv::kernels
