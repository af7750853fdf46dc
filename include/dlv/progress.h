#pragma once
/// \file
/// Watching long calls, and stopping them.

#include <atomic>
#include <cstdint>
#include <string_view>

namespace dlv {

/// Receives how far a long call has come. Called from worker threads, one call at a time.
class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  /// `stage` is a short word such as "reading" or "encoding"; `done` and `total` are bytes of
  /// original data (total 0: unknown). Must return quickly and must not call back into the
  /// repository.
  virtual void Report(std::string_view stage, std::uint64_t done, std::uint64_t total) = 0;
  /// The same where `done` and `total` count `things`, such as "examples", and not bytes. Calls
  /// Report unless it is overridden.
  virtual void ReportCount(std::string_view stage, std::uint64_t done, std::uint64_t total,
                           std::string_view things);
};

inline void ProgressSink::ReportCount(std::string_view stage, std::uint64_t done,
                                      std::uint64_t total, std::string_view /*things*/) {
  Report(stage, done, total);
}

/// A flag that asks a running call to stop; the call then returns kCancelled and leaves the
/// repository as it was. Safe to set from a signal handler or another thread.
class CancellationToken {
 public:
  void Cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> cancelled_{false};
};

/// What a caller passes along with a long call. The pointed-to objects must outlive the call.
struct Operation {
  ProgressSink* progress = nullptr;
  const CancellationToken* cancel = nullptr;
  unsigned threads = 0;  ///< 0: as many as the processor affinity allows
};

}  // namespace dlv
