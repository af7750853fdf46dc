#pragma once
/// \file
/// Loops of this folder's own on several threads.

#include <cstdint>
#include <functional>

namespace dlv::kernels {

/// Calls `run(part, worker)` for each part from 0 to before `count`, on so many of the threads that
/// oneDNN has too; `worker`, below `threads`, is another one for parts that run at the same time.
void RunParts(unsigned threads, std::int64_t count,
              const std::function<void(std::int64_t part, unsigned worker)>& run);

}  // namespace dlv::kernels
