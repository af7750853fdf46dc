#include "storage/io/background_sha256.h"

#include <algorithm>

namespace dlv::io {

BackgroundSha256::~BackgroundSha256() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard guard(mutex_);
    queue_.clear();
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void BackgroundSha256::Update(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const std::size_t part = std::min(bytes.size(), kPieceBytes - piece_.size());
    piece_.insert(piece_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(part));
    bytes = bytes.subspan(part);
    if (piece_.size() == kPieceBytes) HandOver();
  }
}

void BackgroundSha256::HandOver() {
  if (!thread_.joinable()) thread_ = std::thread([this] { Work(); });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return queue_.size() < kMostPieces; });
  queue_.push_back(std::move(piece_));
  piece_.clear();
  if (!spare_.empty()) {
    piece_ = std::move(spare_.back());
    spare_.pop_back();
  }
  piece_.reserve(kPieceBytes);
  lock.unlock();
  changed_.notify_all();
}

void BackgroundSha256::HashRest() {
  if (thread_.joinable()) {
    {
      const std::lock_guard guard(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  hash_.Update(piece_);
  piece_.clear();
}

void BackgroundSha256::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ended_ || !queue_.empty(); });
    if (queue_.empty()) return;
    std::vector<std::byte> piece = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    changed_.notify_all();
    hash_.Update(piece);
    piece.clear();
    lock.lock();
    spare_.push_back(std::move(piece));
  }
}

}  // namespace dlv::io
