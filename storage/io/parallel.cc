#include "storage/io/parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <vector>

#include "storage/io/machine.h"

namespace dlv::io {
namespace {

constexpr unsigned kMostThreads = 1024;

unsigned ThreadsFromEnvironment(const char* name) {
  const char* text = std::getenv(name);
  if (text == nullptr) return 0;
  char* end = nullptr;
  const unsigned long value = std::strtoul(text, &end, 10);
  if (end == text || *end != '\0' || value == 0 || value > kMostThreads) return 0;
  return static_cast<unsigned>(value);
}

unsigned ChooseThreads(std::uint64_t count, unsigned threads) {
  const unsigned wanted = threads == 0 ? DefaultThreads() : std::min(threads, kMostThreads);
  return static_cast<unsigned>(std::min<std::uint64_t>(wanted, std::max<std::uint64_t>(count, 1)));
}

/// Runs work(worker) on `threads` threads, this one included, and joins them.
template <class Work>
void RunOn(unsigned threads, const Work& work) {
  std::vector<std::thread> others;
  others.reserve(threads - 1);
  for (unsigned worker = 1; worker < threads; ++worker) {
    others.emplace_back([&work, worker] { work(worker); });
  }
  work(0);
  for (std::thread& other : others) other.join();
}

/// Keeps the error of the lowest index, so that a failing run says the same thing whatever the
/// timing (as far as the bodies that ran allow).
class FirstError {
 public:
  void Set(std::uint64_t index, Status status) {
    const std::lock_guard lock(mutex_);
    if (index < index_) {
      index_ = index;
      status_ = std::move(status);
    }
    stopped_.store(true, std::memory_order_relaxed);
  }
  bool stopped() const { return stopped_.load(std::memory_order_relaxed); }
  Status Take() { return std::move(status_); }

 private:
  std::mutex mutex_;
  std::atomic<bool> stopped_{false};
  std::uint64_t index_ = std::numeric_limits<std::uint64_t>::max();
  Status status_;
};

/// The state of one ParallelOrdered call.
class OrderedRun {
 public:
  OrderedRun(std::uint64_t count, std::uint64_t window,
             const std::function<Status(std::uint64_t, unsigned)>& body,
             const std::function<Status(std::uint64_t)>& finish)
      : count_(count), window_(window), body_(body), finish_(finish) {}

  void Work(unsigned worker) {
    std::unique_lock lock(mutex_);
    while (WaitForNext(lock)) {
      const std::uint64_t index = next_start_++;
      lock.unlock();
      Status status = body_(index, worker);
      lock.lock();
      if (!status.ok()) {
        Fail(index, std::move(status));
        return;
      }
      ready_.insert(index);
      FinishReady(lock);
    }
  }
  Status Take() { return std::move(error_); }

 private:
  bool WaitForNext(std::unique_lock<std::mutex>& lock) {
    changed_.wait(lock, [this] {
      return failed_ || next_start_ >= count_ || next_start_ < next_finish_ + window_;
    });
    return !failed_ && next_start_ < count_;
  }

  /// Whoever makes the next index ready finishes it and all that follow; the others go on with
  /// bodies.
  void FinishReady(std::unique_lock<std::mutex>& lock) {
    if (finishing_) return;
    finishing_ = true;
    while (!failed_ && ready_.erase(next_finish_) != 0) {
      const std::uint64_t index = next_finish_;
      lock.unlock();
      Status status = finish_(index);
      lock.lock();
      if (!status.ok()) {
        Fail(index, std::move(status));
        break;
      }
      ++next_finish_;
      changed_.notify_all();
    }
    finishing_ = false;
  }

  void Fail(std::uint64_t index, Status status) {
    if (!failed_ || index < error_index_) {
      error_index_ = index;
      error_ = std::move(status);
    }
    failed_ = true;
    changed_.notify_all();
  }

  const std::uint64_t count_;
  const std::uint64_t window_;
  const std::function<Status(std::uint64_t, unsigned)>& body_;
  const std::function<Status(std::uint64_t)>& finish_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t next_start_ = 0;
  std::uint64_t next_finish_ = 0;
  std::unordered_set<std::uint64_t> ready_;
  bool finishing_ = false;
  bool failed_ = false;
  std::uint64_t error_index_ = 0;
  Status error_;
};

}  // namespace

unsigned DefaultThreads() {
  if (const unsigned chosen = ThreadsFromEnvironment("DLV_THREADS"); chosen != 0) return chosen;
  const unsigned allowed = AllowedProcessors();
  const unsigned limit = ThreadsFromEnvironment("OMP_NUM_THREADS");
  return limit == 0 ? allowed : std::min(allowed, limit);
}

Status ParallelFor(std::uint64_t count, unsigned threads,
                   const std::function<Status(std::uint64_t index, unsigned worker)>& body) {
  const unsigned used = ChooseThreads(count, threads);
  if (used <= 1) {
    for (std::uint64_t index = 0; index < count; ++index) DLV_TRY(body(index, 0));
    return Ok();
  }
  std::atomic<std::uint64_t> next{0};
  FirstError error;
  RunOn(used, [&](unsigned worker) {
    while (!error.stopped()) {
      const std::uint64_t index = next.fetch_add(1, std::memory_order_relaxed);
      if (index >= count) return;
      if (Status status = body(index, worker); !status.ok()) error.Set(index, std::move(status));
    }
  });
  return error.Take();
}

Status ParallelOrdered(std::uint64_t count, unsigned threads, std::uint64_t window,
                       const std::function<Status(std::uint64_t index, unsigned worker)>& body,
                       const std::function<Status(std::uint64_t index)>& finish) {
  const unsigned used = ChooseThreads(count, threads);
  if (used <= 1) {
    for (std::uint64_t index = 0; index < count; ++index) {
      DLV_TRY(body(index, 0));
      DLV_TRY(finish(index));
    }
    return Ok();
  }
  OrderedRun run(count, window == 0 ? 4 * std::uint64_t{used} : window, body, finish);
  RunOn(used, [&run](unsigned worker) { run.Work(worker); });
  return run.Take();
}

}  // namespace dlv::io
