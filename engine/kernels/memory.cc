#include "engine/kernels/memory.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <new>

namespace dlv::kernels {
namespace {

constexpr std::size_t kBorder = 64;

std::byte* Allocate(std::size_t bytes) {
  return static_cast<std::byte*>(::operator new(bytes, std::align_val_t(kBorder)));
}
void Free(std::byte* block) { ::operator delete(block, std::align_val_t(kBorder)); }

}  // namespace

class Memory::Pool {
 public:
  explicit Pool(std::uint64_t limit) : limit_(limit) {}
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() { FreeIdle(); }

  /// Returns a block and its size, or null beyond the limit.
  std::pair<std::byte*, std::size_t> Take(std::size_t wanted) {
    const std::lock_guard lock(mutex_);
    const std::size_t size = (wanted + kBorder - 1) / kBorder * kBorder;
    const auto found = idle_.lower_bound(size);
    if (found != idle_.end() && found->first / 2 <= size) {
      const auto block = std::pair(found->second, found->first);
      idle_.erase(found);
      live_ += block.second;
      return block;
    }
    if (held_ + size > limit_) FreeIdle();
    if (held_ + size > limit_) return {nullptr, 0};
    held_ += size;
    live_ += size;
    peak_ = std::max(peak_, held_);
    return {Allocate(size), size};
  }

  void Give(std::byte* block, std::size_t size) {
    const std::lock_guard lock(mutex_);
    idle_.emplace(size, block);
    live_ -= size;
  }

  std::uint64_t limit() const { return limit_; }
  std::uint64_t live() const {
    const std::lock_guard lock(mutex_);
    return live_;
  }
  std::uint64_t peak() const {
    const std::lock_guard lock(mutex_);
    return peak_;
  }

 private:
  void FreeIdle() {
    for (const auto& [size, block] : idle_) {
      Free(block);
      held_ -= size;
    }
    idle_.clear();
  }

  const std::uint64_t limit_;
  mutable std::mutex mutex_;
  std::multimap<std::size_t, std::byte*> idle_;
  std::uint64_t held_ = 0, live_ = 0, peak_ = 0;
};

Memory::Memory(std::uint64_t limit_bytes) : pool_(std::make_shared<Pool>(limit_bytes)) {}

Result<std::shared_ptr<std::byte>> Memory::Take(const Shape& shape, std::uint64_t bytes) {
  if (bytes <= pool_->limit()) {
    const auto [block, size] = pool_->Take(std::max<std::size_t>(bytes, 1));
    if (block != nullptr) {
      const auto give = [pool = pool_, taken = size](std::byte* gone) { pool->Give(gone, taken); };
      return std::shared_ptr<std::byte>(block, give);
    }
  }
  return Error{ErrorCode::kUnsupported, "a value of shape " + TextOf(shape) + " takes " +
                                            std::to_string(bytes) + " bytes beside " +
                                            std::to_string(pool_->live()) + ", want at most " +
                                            std::to_string(pool_->limit()) + " together"};
}

Result<Value> Memory::Make(DType dtype, Shape shape) {
  DLV_ASSIGN(const std::int64_t count, CheckedCount(shape));
  DLV_ASSIGN(auto bytes, Take(shape, static_cast<std::uint64_t>(count) * SizeOf(dtype)));
  return Value(dtype, std::move(shape), std::move(bytes));
}

Result<Value> Memory::Make(DType dtype, Shape shape, std::shared_ptr<const Order> order) {
  if (order == nullptr) return Make(dtype, std::move(shape));
  DLV_TRY(CheckedCount(shape));
  DLV_ASSIGN(auto bytes, Take(shape, order->size_bytes()));
  return Value(dtype, std::move(shape), std::move(bytes), std::move(order));
}

Result<Value> InPlainOrder(const Value& value, Memory& memory) {
  if (value.is_plain()) return value;
  return value.order()->ToPlain(value, memory);
}

std::uint64_t Memory::live_bytes() const { return pool_->live(); }
std::uint64_t Memory::peak_bytes() const { return pool_->peak(); }

}  // namespace dlv::kernels
