#include "storage/plan/twin_index.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace dlv::plan {
namespace {

/// With fewer elements a delta saves less than it costs.
constexpr std::uint64_t kFewestElements = 16;
/// Signs of strangers differ in half of the elements; of twins, in hardly any.
constexpr int kSignShare = 8;
/// Of a group in which all signs agree, the latest are looked at more closely.
constexpr std::size_t kMaxCompared = 256;

/// 0 for types without deltas.
unsigned MantissaBits(DType dtype) {
  switch (dtype) {
    case DType::kF64:
      return 52;
    case DType::kF32:
      return 23;
    case DType::kF16:
      return 10;
    case DType::kBF16:
      return 7;
    default:
      return 0;
  }
}

}  // namespace

std::array<SampleRun, kSampleRuns> SampleRunsOf(std::uint64_t element_count) {
  std::array<SampleRun, kSampleRuns> runs{};
  if (element_count <= kSampleElements) {
    runs[0] = {0, element_count};
    return runs;
  }
  const std::uint64_t part = element_count / kSampleRuns;
  for (std::size_t i = 0; i < kSampleRuns; ++i) {
    runs[i] = {i * part + (part - kRunElements) / 2, kRunElements};
  }
  return runs;
}

std::optional<TwinSample> TwinSample::Of(DType dtype, std::uint64_t element_count,
                                         std::span<const std::byte> bytes) {
  if (MantissaBits(dtype) == 0 || element_count < kFewestElements) return std::nullopt;
  const std::size_t width = SizeOf(dtype);
  TwinSample sample;
  sample.dtype_ = dtype;
  sample.element_count_ = element_count;
  sample.size_ = std::min(bytes.size() / width, kSampleElements);
  const std::uint64_t sign = std::uint64_t{1} << (8 * width - 1);
  for (std::size_t i = 0; i < sample.size_; ++i) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, bytes.data() + i * width, width);
    if ((bits & sign) != 0) sample.signs_ |= std::uint64_t{1} << i;
    sample.magnitude_[i] = bits & (sign - 1);
  }
  if (sample.IsMonotonous()) return std::nullopt;
  return sample;
}

// Constants, masks and tables are small without a base.
bool TwinSample::IsMonotonous() const {
  auto values = magnitude_;
  const auto end = values.begin() + static_cast<std::ptrdiff_t>(size_);
  std::sort(values.begin(), end);
  const auto distinct = static_cast<std::size_t>(std::unique(values.begin(), end) - values.begin());
  return distinct * 2 < size_;
}

bool TwinSample::SignsDiffer(const TwinSample& other) const {
  return std::popcount(signs_ ^ other.signs_) * kSignShare > static_cast<int>(size_);
}

double TwinSample::Distance(const TwinSample& other) const {
  std::size_t bits = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    const std::uint64_t a = magnitude_[i];
    const std::uint64_t b = other.magnitude_[i];
    const bool other_sign = ((signs_ ^ other.signs_) >> i & 1) != 0;
    bits += other_sign ? 8 * SizeOf(dtype_)
                       : static_cast<std::size_t>(std::bit_width(a > b ? a - b : b - a));
  }
  return static_cast<double>(bits) / static_cast<double>(size_);
}

void TwinIndex::Add(const TwinSample& sample, std::size_t tag) {
  groups_[{sample.dtype(), sample.element_count()}].emplace_back(sample, tag);
}

std::optional<TwinIndex::Twin> TwinIndex::Find(const TwinSample& sample) const {
  const auto group = groups_.find({sample.dtype(), sample.element_count()});
  if (group == groups_.end()) return std::nullopt;
  // A delta takes about 2 bits more than the difference, an element alone 3 more than its mantissa.
  Twin best{0, static_cast<double>(MantissaBits(sample.dtype())) - 1};
  bool found = false;
  std::size_t compared = 0;
  for (auto it = group->second.rbegin(); it != group->second.rend(); ++it) {
    if (sample.SignsDiffer(it->first)) continue;
    if (++compared > kMaxCompared) break;
    const double distance = sample.Distance(it->first);
    if (distance >= best.distance) continue;
    best = {it->second, distance};
    found = true;
  }
  return found ? std::optional<Twin>(best) : std::nullopt;
}

}  // namespace dlv::plan
