#pragma once
/// \file
/// The same work on many items by several threads.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

#include "engine/bounds/float_environment.h"

namespace dlv::progressive {

/// Calls `work(index)` for 0 to count - 1, each once, on at most `threads` threads (0: all cores).
/// `work` must not throw; it runs with the floating-point environment that bounds assume.
template <class Work>
void ParallelFor(std::size_t count, unsigned threads, Work&& work) {
  const std::size_t cores =
      threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
  const std::size_t helpers = std::min(cores, count);
  if (helpers <= 1) {
    const bounds::ScopedFloatEnvironment environment;
    for (std::size_t i = 0; i < count; ++i) work(i);
    return;
  }
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    const bounds::ScopedFloatEnvironment environment;
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < helpers; ++i) others.emplace_back(run);
  run();
}

}  // namespace dlv::progressive
