#pragma once
/// \file
/// The rounding that all bounds assume, whatever the thread had before.

#include <cfenv>
#include <cstdint>

namespace dlv::bounds {

/// Rounds to nearest and keeps denormals (neither flushed to zero nor taken for zero) while it
/// lives; then the thread's own settings are back. Each thread that computes bounds or centres has
/// one on its stack.
class ScopedFloatEnvironment {
 public:
  ScopedFloatEnvironment();
  ~ScopedFloatEnvironment();
  ScopedFloatEnvironment(const ScopedFloatEnvironment&) = delete;
  ScopedFloatEnvironment& operator=(const ScopedFloatEnvironment&) = delete;

 private:
  std::fenv_t
      saved_;  // rounding, flags, and on the machines that we know the treatment of denormals
};

}  // namespace dlv::bounds
