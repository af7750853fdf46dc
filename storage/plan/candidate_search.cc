#include "storage/plan/candidate_search.h"

#include <algorithm>
#include <array>
#include <limits>

#include "storage/plan/size_estimate.h"

namespace dlv::plan {
namespace {

constexpr std::size_t kBandBits = 16;
/// Strangers differ in half of the bits; beyond this share a delta would hardly pay, and the pair
/// is not estimated.
constexpr double kMostDiffering = 0.3;

/// A generator that never changes: sketches of one repository are compared on many machines.
/// Source: Steele, Lea, Flood, Fast splittable pseudorandom number generators, 2014.
std::uint64_t Mixed(std::uint64_t state) {
  state += 0x9e3779b97f4a7c15U;
  state = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9U;
  state = (state ^ (state >> 27)) * 0x94d049bb133111ebU;
  return state ^ (state >> 31);
}

/// The places of a band's bits in sketches of a size. Small sketches give bits more than once.
std::array<std::size_t, kBandBits> BitsOfBand(std::size_t sketch_size, std::size_t band) {
  std::array<std::size_t, kBandBits> bits{};
  for (std::size_t i = 0; i < kBandBits; ++i) bits[i] = Mixed(band * kBandBits + i) % sketch_size;
  return bits;
}

/// The bits of a band, as one number.
std::uint32_t BandOf(const TensorSketch& sketch, const std::array<std::size_t, kBandBits>& bits) {
  std::uint32_t key = 0;
  for (const std::size_t bit : bits)
    key = key << 1 | static_cast<std::uint32_t>(sketch.above_median()[bit / 64] >> bit % 64 & 1);
  return key;
}

}  // namespace

/// CandidateOptions::searched as a question.
class CandidateSearch::Wanted {
 public:
  explicit Wanted(const std::vector<bool>& searched) : searched_(searched) {}
  bool has_all() const { return searched_.empty(); }
  bool Has(std::uint32_t number) const {
    return has_all() || (number < searched_.size() && searched_[number]);
  }
  bool HasAny(std::span<const std::uint32_t> numbers) const {
    return std::ranges::any_of(numbers, [&](std::uint32_t number) { return Has(number); });
  }
  bool Has(const Pair& pair) const { return Has(pair.first) || Has(pair.second); }

 private:
  const std::vector<bool>& searched_;
};

std::uint32_t CandidateSearch::Add(TensorSketch sketch) {
  const auto number = static_cast<std::uint32_t>(sketches_.size());
  if (!sketch.is_monotonous()) groups_[{sketch.dtype(), sketch.element_count()}].push_back(number);
  sketches_.push_back(std::move(sketch));
  return number;
}

void CandidateSearch::AddPair(std::uint32_t a, std::uint32_t b) {
  if (a != b && sketches_[a].IsComparable(sketches_[b])) pairs_.emplace_back(std::minmax(a, b));
}

void CandidateSearch::AddPairsOfBand(std::span<const std::uint32_t> group, std::size_t band,
                                     const Wanted& wanted, std::vector<Pair>& pairs) const {
  const auto bits = BitsOfBand(sketches_[group.front()].ordered().size(), band);
  std::vector<std::uint32_t> open;                             // keys of what is wanted
  std::vector<std::pair<std::uint32_t, std::uint32_t>> keyed;  // key, number
  for (const std::uint32_t number : group) {
    keyed.emplace_back(BandOf(sketches_[number], bits), number);
    if (!wanted.has_all() && wanted.Has(number)) open.push_back(keyed.back().first);
  }
  if (!wanted.has_all()) {
    std::ranges::sort(open);
    std::erase_if(keyed, [&](const auto& item) {
      return !std::binary_search(open.begin(), open.end(), item.first);
    });
  }
  std::ranges::sort(keyed);
  for (std::size_t i = 0; i < keyed.size(); ++i) {
    for (std::size_t step = 1; i + step < keyed.size(); step *= 2) {
      if (keyed[i + step].first != keyed[i].first) break;
      const Pair pair{keyed[i].second, keyed[i + step].second};
      if (wanted.Has(pair)) pairs.push_back(pair);
    }
  }
}

std::vector<CandidateSearch::Pair> CandidateSearch::PairsToCompare(const Wanted& wanted) const {
  std::vector<Pair> all;
  std::ranges::copy_if(pairs_, std::back_inserter(all),
                       [&](const Pair& pair) { return wanted.Has(pair); });
  std::vector<Pair> pairs;
  for (const auto& [key, group] : groups_) {
    if (group.size() < 2 || !wanted.HasAny(group)) continue;
    pairs.clear();
    for (std::size_t band = 0; band < kBands; ++band) AddPairsOfBand(group, band, wanted, pairs);
    std::ranges::sort(pairs);
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    std::ranges::copy_if(pairs, std::back_inserter(all), [&](const Pair& pair) {
      return sketches_[pair.first].OrderDistance(sketches_[pair.second]) <= kMostDiffering;
    });
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::vector<BaseCandidate> CandidateSearch::Find(const CandidateOptions& options) {
  std::vector<BaseCandidate> all;
  const std::vector<Pair> pairs = PairsToCompare(Wanted(options.searched));
  pairs_compared_ = pairs.size();
  const auto estimate = [&](std::uint32_t tensor, std::uint32_t base) {
    return options.estimate ? options.estimate(tensor, base)
                            : EstimateDeltaBytes(sketches_[tensor], sketches_[base]);
  };
  for (const auto& [a, b] : pairs) {
    if (options.cancel != nullptr && options.cancel->cancelled()) return {};
    all.push_back({b, a, estimate(b, a)});
    all.push_back({a, b, estimate(a, b)});
  }
  std::ranges::sort(all, [](const BaseCandidate& x, const BaseCandidate& y) {
    if (x.tensor != y.tensor) return x.tensor < y.tensor;
    if (x.estimated_bytes != y.estimated_bytes) return x.estimated_bytes < y.estimated_bytes;
    return x.base < y.base;
  });
  std::vector<BaseCandidate> found;
  for (std::size_t first = 0; first < all.size();) {
    std::size_t last = first;
    while (last < all.size() && all[last].tensor == all[first].tensor) ++last;
    Append(found, std::span(all).subspan(first, last - first), options);
    first = last;
  }
  return found;
}

void CandidateSearch::Append(std::vector<BaseCandidate>& found, std::span<BaseCandidate> of_tensor,
                             const CandidateOptions& options) const {
  const double alone = EstimateBaseBytes(sketches_[of_tensor.front().tensor]);
  for (const BaseCandidate& candidate :
       of_tensor.first(std::min(options.most_bases, of_tensor.size()))) {
    if (candidate.estimated_bytes <= alone * (1 - options.least_saving)) found.push_back(candidate);
  }
}

}  // namespace dlv::plan
