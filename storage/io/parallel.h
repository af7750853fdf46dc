#pragma once
/// \file
/// Data-parallel loops. Threads are started for the call and joined before it returns.

#include <cstdint>
#include <functional>

#include "dlv/result.h"

namespace dlv::io {

/// Returns the number of processors this process may use (affinity and DLV_THREADS respected), at
/// least 1.
unsigned DefaultThreads();

/// Runs body(index, worker) for every index below `count` on `threads` threads (0: DefaultThreads),
/// in ascending start order. `worker` is below the number of threads: use it to index scratch
/// memory. The first error stops the loop and is returned.
Status ParallelFor(std::uint64_t count, unsigned threads,
                   const std::function<Status(std::uint64_t index, unsigned worker)>& body);

/// As ParallelFor, but `finish(index)` is called in index order, one at a time, after body(index);
/// at most `window` bodies (0: 4 per thread) run ahead of it.  For encode-in-parallel,
/// write-in-order.
Status ParallelOrdered(std::uint64_t count, unsigned threads, std::uint64_t window,
                       const std::function<Status(std::uint64_t index, unsigned worker)>& body,
                       const std::function<Status(std::uint64_t index)>& finish);

}  // namespace dlv::io
