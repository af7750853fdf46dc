#pragma once
/// \file
/// SHA-256 beside the work that makes the bytes: it is serial, and slower than a disk on processors
/// without instructions for it.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "storage/io/hash.h"

namespace dlv::io {

/// As Sha256; long messages are hashed on a thread of their own. Used by one thread. Memory: copies
/// of at most kMostPieces pieces.
class BackgroundSha256 {
 public:
  static constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
  static constexpr std::size_t kMostPieces = 8;

  BackgroundSha256() = default;
  ~BackgroundSha256();
  BackgroundSha256(const BackgroundSha256&) = delete;
  BackgroundSha256& operator=(const BackgroundSha256&) = delete;

  /// Waits where the hashing is kMostPieces behind.
  void Update(std::span<const std::byte> bytes);
  template <class D>
  D Finish() {
    HashRest();
    return hash_.Finish<D>();
  }

 private:
  /// Gives the piece that is being filled to the thread.
  void HandOver();
  void HashRest();
  void Work();

  Sha256 hash_;                   // the thread's while it runs
  std::vector<std::byte> piece_;  // being filled
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::vector<std::byte>> queue_;
  std::vector<std::vector<std::byte>> spare_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace dlv::io
