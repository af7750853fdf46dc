#pragma once
/// \file
/// Long calls: without the interpreter's lock, with progress, and with Ctrl-C.

#include <pybind11/pybind11.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "dlv/progress.h"
#include "python/src/errors.h"

namespace dlv::python {

/// What Python code that a call ran into raised, kept until the interpreter's lock is held again.
class PendingError {
 public:
  /// Keeps the exception that is being handled; the first one stays.
  void Keep(pybind11::error_already_set& error) {
    if (!error_) error_.emplace(std::move(error));
  }
  bool engaged() const { return error_.has_value(); }
  /// Throws what was kept, if anything was. The interpreter's lock is held.
  void Throw() {
    if (error_) throw pybind11::error_already_set(std::move(*error_));
  }

 private:
  std::optional<pybind11::error_already_set> error_;
};

/// Hands progress to `callback(stage, done, total)`. An exception there stops the call.
class CallbackProgress : public ProgressSink {
 public:
  CallbackProgress(pybind11::object callback, CancellationToken& token, PendingError& pending)
      : callback_(std::move(callback)), token_(token), pending_(pending) {}
  void Report(std::string_view stage, std::uint64_t done, std::uint64_t total) override;

 private:
  pybind11::object callback_;
  CancellationToken& token_;
  PendingError& pending_;
  std::chrono::steady_clock::time_point last_;
};

/// Runs a short call without the interpreter's lock and returns its value, or raises.
template <class Call>
auto Unlocked(const Call& call) {
  auto result = [&] {
    const pybind11::gil_scoped_release release;
    return call();
  }();
  return Take(std::move(result));
}

/// Runs `call(operation)` in a thread of its own, without the interpreter's lock, and looks for
/// signals meanwhile: Ctrl-C stops the call cleanly. Returns what `call` returned.
template <class Call>
auto RunLong(const pybind11::object& progress, unsigned threads, PendingError& pending,
             const Call& call) {
  using Value = decltype(call(std::declval<const Operation&>()));
  CancellationToken token;
  CallbackProgress sink(progress, token, pending);
  Operation operation;
  operation.progress = progress.is_none() ? nullptr : &sink;
  operation.cancel = &token;
  operation.threads = threads;
  std::optional<Value> value;
  {
    const pybind11::gil_scoped_release release;
    std::mutex mutex;
    std::condition_variable ended;
    bool done = false;
    std::thread worker([&] {
      value.emplace(call(operation));
      const std::lock_guard guard(mutex);
      done = true;
      ended.notify_one();
    });
    std::unique_lock lock(mutex);
    while (!ended.wait_for(lock, std::chrono::milliseconds(50), [&] { return done; })) {
      lock.unlock();
      {
        const pybind11::gil_scoped_acquire acquire;
        if (PyErr_CheckSignals() != 0) {
          pybind11::error_already_set error;
          pending.Keep(error);
          token.Cancel();
        }
      }
      lock.lock();
    }
    lock.unlock();
    worker.join();
  }
  pending.Throw();
  return std::move(*value);
}

}  // namespace dlv::python
