#pragma once
/// \file
/// How many threads one fast kernel may use.

namespace dlv::kernels {

/// Returns whether the library of the fast kernels (oneDNN) is installed; opens it the first time,
/// so that programs that run no network do not load it. Thread-safe.
bool HasFastKernels();

/// While it lives, the fast kernels that this thread calls take so many threads. oneDNN runs on
/// OpenMP, whose threads wait by spinning: on a busy machine small networks then take ten times as
/// long, so one is what is taken unless somebody asks.
class ThreadCount {
 public:
  explicit ThreadCount(unsigned count);
  ~ThreadCount();
  ThreadCount(const ThreadCount&) = delete;
  ThreadCount& operator=(const ThreadCount&) = delete;

  /// Returns how many the fast kernels that this thread calls take; there must be such kernels.
  static unsigned Current();

 private:
  int before_ = 0;
};

}  // namespace dlv::kernels
