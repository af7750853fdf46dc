#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <span>

namespace dlv::io {

/// Memory that nobody has touched, a slice for each pass. (What `new` returns a second time has
/// been touched.) Pages are given back seldom: all cores have to hear of it.
class FreshSlices {
 public:
  FreshSlices(std::size_t slice, unsigned threads)
      : slice_(slice),
        size_(slice * std::clamp<std::size_t>(kMostBytes / slice / threads, 2, 16)),
        at_(mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {}
  FreshSlices(const FreshSlices&) = delete;
  FreshSlices& operator=(const FreshSlices&) = delete;
  ~FreshSlices() {
    if (ok()) munmap(at_, size_);
  }
  bool ok() const { return at_ != MAP_FAILED; }
  std::span<std::byte> Next() {
    next_ += slice_;
    if (next_ >= size_) {
      madvise(at_, size_, MADV_DONTNEED);
      next_ = 0;
    }
    return Current();
  }
  std::span<std::byte> Current() { return {static_cast<std::byte*>(at_) + next_, slice_}; }

 private:
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20;  // of all threads
  std::size_t slice_;
  std::size_t size_;
  std::size_t next_ = 0;
  void* at_;
};

}  // namespace dlv::io
