#pragma once
/// \file
/// Times by device events, and the table of bench_cuda.

#include <cuda_runtime_api.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/kernels/device_memory.h"

namespace dlv::bench {

/// Median of `turns` runs of work in the default stream, after three that do not count.
template <class Work>
double MedianSeconds(const Work& work, int turns = 11) {
  cudaEvent_t begin, end;
  kernels::test::Check(cudaEventCreate(&begin), "event");
  kernels::test::Check(cudaEventCreate(&end), "event");
  std::vector<float> times;
  for (int turn = -3; turn < turns; ++turn) {
    kernels::test::Check(cudaEventRecord(begin, nullptr), "event");
    work();
    kernels::test::Check(cudaEventRecord(end, nullptr), "event");
    kernels::test::Check(cudaEventSynchronize(end), "work");
    float ms = 0;
    kernels::test::Check(cudaEventElapsedTime(&ms, begin, end), "event");
    if (turn >= 0) times.push_back(ms);
  }
  cudaEventDestroy(begin);
  cudaEventDestroy(end);
  std::sort(times.begin(), times.end());
  return times[times.size() / 2] / 1000.0;
}

inline void Heading() { std::printf("%-34s %9s %10s %8s\n", "what", "ms", "GB/s", "ceiling"); }

/// `ceiling` in bytes a second; 0: none.
inline void Row(const std::string& name, double bytes, double seconds, double ceiling) {
  const double rate = bytes / seconds;
  std::printf("%-34s %9.3f %10.1f", name.c_str(), 1000 * seconds, rate / 1e9);
  if (ceiling > 0) {
    std::printf(" %6.1f %%", 100 * rate / ceiling);
  }
  std::printf("\n");
  std::fflush(stdout);
}

}  // namespace dlv::bench
