#include "storage/store/chunk_prefetcher.h"

#include <algorithm>
#include <cstring>

#include "storage/archive/directory.h"
#include "storage/codec/chunk_header.h"
#include "storage/store/retrieval.h"

namespace dlv::store {

ChunkPrefetcher::ChunkPrefetcher(
    archive::TensorReader& reader,
    std::span<const std::shared_ptr<const archive::TensorHandle>> tensors,
    std::vector<ChunkNumber> order, unsigned threads, unsigned planes, const CheckedChunks* checked,
    TensorProof* proof)
    : reader_(reader),
      tensors_(tensors),
      order_(std::move(order)),
      planes_(planes),
      checked_(checked),
      proof_(proof) {
  threads = ReadingThreads(threads);
  const auto useful = static_cast<unsigned>(std::min<std::size_t>(threads, order_.size() / 2));
  window_ = useful + 6;
  for (unsigned i = 0; i < useful; ++i) workers_.emplace_back([this] { Work(); });
}

ChunkPrefetcher::~ChunkPrefetcher() {
  {
    const std::lock_guard guard(mutex_);
    stop_ = true;
  }
  work_ready_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

Status ChunkPrefetcher::Decode(const ChunkNumber& number, std::vector<std::byte>& bytes) {
  const archive::TensorHandle& tensor = *tensors_[number.tensor];
  const std::uint64_t length = archive::ChunkLength(tensor.element_count(), number.chunk);
  bytes.resize(static_cast<std::size_t>(length * SizeOf(tensor.dtype())));
  if (checked_ != nullptr) {
    DLV_ASSIGN(const bool is_right, checked_->Read(number.tensor, tensor, number.chunk, bytes));
    if (is_right) return Ok();
  }
  DLV_ASSIGN(const unsigned given,
             reader_.Read(tensor, number.chunk * archive::kChunkElements, bytes, planes_));
  if (given < codec::FullPlanes(tensor.dtype())) {
    unsigned least = planes_given_.load(std::memory_order_relaxed);
    while ((least == 0 || given < least) &&
           !planes_given_.compare_exchange_weak(least, given, std::memory_order_relaxed)) {
    }
  }
  return Ok();
}

void ChunkPrefetcher::Prove(const std::shared_ptr<Slot>& slot) {
  if (proof_ != nullptr)
    proof_->Add(slot->number, std::shared_ptr<const std::vector<std::byte>>(slot, &slot->bytes));
}

void ChunkPrefetcher::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    work_ready_.wait(
        lock, [this] { return stop_ || (next_ < order_.size() && next_ < first_ + window_); });
    if (stop_) return;
    auto slot = std::make_shared<Slot>();
    slot->number = order_[next_++];
    slots_.push_back(slot);
    lock.unlock();
    Status status = Decode(slot->number, slot->bytes);
    lock.lock();
    const bool is_decoded = status.ok();
    slot->status = std::move(status);
    slot->ready = true;
    chunk_ready_.notify_all();
    if (!is_decoded || proof_ == nullptr) continue;
    lock.unlock();  // the reader need not wait for the proof
    Prove(slot);
    lock.lock();
  }
}

Result<std::span<const std::byte>> ChunkPrefetcher::Chunk(const ChunkNumber& number) {
  if (last_ && last_->number == number) return std::span<const std::byte>(last_->bytes);
  std::unique_lock lock(mutex_);
  // Whatever the reader has passed by is dropped; a chunk that is not in the window and does not
  // come next is decoded here.
  const auto limit = std::min(order_.size(), first_ + window_);
  std::size_t place = first_;
  while (place < limit && order_[place] != number) ++place;
  if (workers_.empty() || place == limit) {
    lock.unlock();
    auto slot = std::make_shared<Slot>();
    slot->number = number;
    DLV_TRY(Decode(number, slot->bytes));
    Prove(slot);
    last_ = std::move(slot);
    return std::span<const std::byte>(last_->bytes);
  }
  while (first_ < place) {
    if (slots_.empty()) {
      next_ = std::max(next_, place);
      first_ = place;
      break;
    }
    slots_.pop_front();
    ++first_;
  }
  work_ready_.notify_all();
  chunk_ready_.wait(lock, [this] { return !slots_.empty() && slots_.front()->ready; });
  last_ = slots_.front();
  slots_.pop_front();
  ++first_;
  work_ready_.notify_all();
  lock.unlock();
  if (!last_->status.ok()) {
    Error error = last_->status.error();
    last_.reset();
    return error;
  }
  return std::span<const std::byte>(last_->bytes);
}

Status ChunkPrefetcher::Read(std::uint32_t tensor, std::uint64_t offset, std::span<std::byte> out) {
  const std::uint64_t chunk_bytes = archive::kChunkElements * SizeOf(tensors_[tensor]->dtype());
  while (!out.empty()) {
    const std::uint64_t chunk = offset / chunk_bytes;
    const auto inside = static_cast<std::size_t>(offset - chunk * chunk_bytes);
    DLV_ASSIGN(const auto bytes, Chunk({tensor, static_cast<std::uint32_t>(chunk)}));
    if (inside >= bytes.size()) {
      return Error{ErrorCode::kCorruption, "a read of " + std::to_string(out.size()) +
                                               " bytes at " + std::to_string(offset) +
                                               " leaves its tensor"};
    }
    const std::size_t part = std::min(out.size(), bytes.size() - inside);
    std::memcpy(out.data(), bytes.data() + inside, part);
    out = out.subspan(part);
    offset += part;
  }
  return Ok();
}

}  // namespace dlv::store
