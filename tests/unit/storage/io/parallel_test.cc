#include "storage/io/parallel.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "tests/unit/storage/io/io_test_support.h"

namespace dlv::io {
namespace {

Error Failure(std::uint64_t index) {
  return Error{ErrorCode::kIo, "body " + std::to_string(index)};
}

TEST(ParallelFor, RunsEveryIndexOnce) {
  for (const unsigned threads : {1u, 2u, 7u}) {
    std::vector<std::atomic<int>> runs(1000);
    std::atomic<unsigned> highest{0};
    Must(ParallelFor(runs.size(), threads, [&](std::uint64_t index, unsigned worker) {
      ++runs[index];
      for (unsigned seen = highest;
           worker > seen && !highest.compare_exchange_weak(seen, worker);) {
      }
      return Ok();
    }));
    for (const auto& count : runs) EXPECT_EQ(count, 1);
    EXPECT_LT(highest, threads);
  }
  Must(ParallelFor(0, 4, [](std::uint64_t, unsigned) -> Status { return Failure(0); }));
}

TEST(ParallelFor, FirstErrorStopsTheLoop) {
  for (const unsigned threads : {1u, 4u}) {
    std::atomic<std::uint64_t> runs{0};
    const Status status =
        ParallelFor(100'000, threads, [&](std::uint64_t index, unsigned) -> Status {
          ++runs;
          if (index == 10) return Failure(index);
          return Ok();
        });
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().message, "body 10");
    EXPECT_LT(runs, 100'000u);
  }
}

TEST(ParallelOrdered, FinishesInOrderWithinTheWindow) {
  for (const unsigned threads : {1u, 3u, 8u}) {
    for (const std::uint64_t window : {0u, 1u, 2u, 5u}) {
      std::vector<std::uint64_t> order;
      std::atomic<std::uint64_t> started{0};
      std::atomic<std::uint64_t> finished{0};
      std::atomic<std::uint64_t> widest{0};
      Must(ParallelOrdered(
          300, threads, window,
          [&](std::uint64_t index, unsigned) {
            const std::uint64_t ahead = ++started - finished;
            for (std::uint64_t seen = widest;
                 ahead > seen && !widest.compare_exchange_weak(seen, ahead);) {
            }
            if (index % 7 == 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
            return Ok();
          },
          [&](std::uint64_t index) {
            order.push_back(index);
            ++finished;
            return Ok();
          }));
      ASSERT_EQ(order.size(), 300u);
      for (std::uint64_t i = 0; i < 300; ++i) EXPECT_EQ(order[i], i);
      if (window != 0) {
        EXPECT_LE(widest, window + 1);
      }
    }
  }
}

TEST(ParallelOrdered, ErrorsOfBodyAndFinishStop) {
  for (const unsigned threads : {1u, 4u}) {
    std::uint64_t finished = 0;
    const auto count = [&finished](std::uint64_t) {
      ++finished;
      return Ok();
    };
    const Status body = ParallelOrdered(
        10'000, threads, 0,
        [](std::uint64_t i, unsigned) { return i == 50 ? Status(Failure(i)) : Ok(); }, count);
    ASSERT_FALSE(body.ok());
    EXPECT_EQ(body.error().message, "body 50");
    EXPECT_LE(finished, 50u);
    const Status finish = ParallelOrdered(
        10'000, threads, 0, [](std::uint64_t, unsigned) { return Ok(); },
        [](std::uint64_t i) { return i == 20 ? Status(Failure(i)) : Ok(); });
    ASSERT_FALSE(finish.ok());
    EXPECT_EQ(finish.error().message, "body 20");
  }
}

TEST(DefaultThreads, FollowsTheEnvironment) {
  unsetenv("DLV_THREADS");
  unsetenv("OMP_NUM_THREADS");
  const unsigned all = DefaultThreads();
  EXPECT_GE(all, 1u);
  setenv("OMP_NUM_THREADS", "1", 1);
  EXPECT_EQ(DefaultThreads(), 1u);
  setenv("DLV_THREADS", "5", 1);
  EXPECT_EQ(DefaultThreads(), 5u);
  for (const char* const wrong : {"0", "-1", "x", "99999999999"}) {
    setenv("DLV_THREADS", wrong, 1);
    EXPECT_EQ(DefaultThreads(), 1u) << wrong;
  }
  unsetenv("OMP_NUM_THREADS");
  unsetenv("DLV_THREADS");
}

}  // namespace
}  // namespace dlv::io
