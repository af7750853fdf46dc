#include "engine/progressive/memory_meter.h"

namespace dlv::progressive {

void MemoryMeter::Add(std::uint64_t bytes) {
  live_ += bytes;
  Reach(0);
}

void MemoryMeter::Reach(std::uint64_t beside) {
  const std::uint64_t now = live_ + beside;
  std::uint64_t peak = peak_;
  while (peak < now && !peak_.compare_exchange_weak(peak, now)) {
  }
}

void HeldBytes::Set(std::uint64_t bytes) {
  if (meter_ == nullptr) return;
  if (bytes > bytes_) meter_->Add(bytes - bytes_);
  if (bytes < bytes_) meter_->Remove(bytes_ - bytes);
  bytes_ = bytes;
}

}  // namespace dlv::progressive
