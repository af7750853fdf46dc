#include "storage/store/tensor_pairing.h"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace dlv::store {
namespace {

/// What training tools put in front of all names.
constexpr std::array<std::string_view, 8> kKnownPrefixes = {
    "module.",     "_orig_mod.",        "model.",           "net.", "network.",
    "state_dict.", "module._orig_mod.", "_orig_mod.module."};

bool IsKnown(std::string_view prefix) {
  return std::find(kKnownPrefixes.begin(), kKnownPrefixes.end(), prefix) != kKnownPrefixes.end();
}

/// Deepest name that is cut: a file from elsewhere may have names of thousands of dots.
constexpr std::size_t kMaxParts = 24;

/// Calls visit(start of suffix) for the whole name and after each dot or slash, longest first,
/// until it returns true.
template <class Visit>
void ForSuffixes(std::string_view name, Visit&& visit) {
  std::size_t at = 0;
  for (std::size_t part = 0; part < kMaxParts; ++part) {
    if (visit(at)) return;
    at = name.find_first_of("./", at);
    if (at == std::string_view::npos || at + 1 >= name.size()) return;
    ++at;
  }
}

std::string_view LastName(std::string_view name) {
  const std::size_t at = name.find_last_of("./");
  return at == std::string_view::npos ? name : name.substr(at + 1);
}

bool IsBetter(const PrefixChange& a, const PrefixChange& b) {
  const auto length = [](const PrefixChange& c) { return c.before.size() + c.after.size(); };
  return std::make_tuple(b.tensors, length(a), std::cref(a.before), std::cref(a.after)) <
         std::make_tuple(a.tensors, length(b), std::cref(b.before), std::cref(b.after));
}

}  // namespace

TensorPairing::TensorPairing(const std::vector<TensorInfo>& before,
                             const std::vector<TensorInfo>& after)
    : before_(before), after_(after), partners_(after.size()), paired_(before.size(), false) {}

std::vector<std::size_t> TensorPairing::LeftBefore() const {
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < before_.size(); ++i) {
    if (!paired_[i]) left.push_back(i);
  }
  return left;
}

std::vector<std::size_t> TensorPairing::LeftAfter() const {
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < after_.size(); ++i) {
    if (!partners_[i]) left.push_back(i);
  }
  return left;
}

void TensorPairing::Pair(std::size_t before, std::size_t after) {
  partners_[after] = before;
  paired_[before] = true;
}

void TensorPairing::ByKey() {
  std::map<std::pair<TensorRole, std::string_view>, std::deque<std::size_t>> old;
  for (const std::size_t i : LeftBefore()) old[{before_[i].role, before_[i].name}].push_back(i);
  for (const std::size_t i : LeftAfter()) {
    const auto found = old.find({after_[i].role, after_[i].name});
    if (found == old.end() || found->second.empty()) continue;
    Pair(found->second.front(), i);
    found->second.pop_front();
  }
}

void TensorPairing::ByName() {
  std::unordered_map<std::string_view, std::deque<std::size_t>> old;
  for (const std::size_t i : LeftBefore()) old[before_[i].name].push_back(i);
  for (const std::size_t i : LeftAfter()) {
    const auto found = old.find(after_[i].name);
    if (found == old.end() || found->second.empty()) continue;
    Pair(found->second.front(), i);
    found->second.pop_front();
  }
}

void TensorPairing::FindTwins() {
  std::unordered_map<TensorId, std::vector<std::size_t>> old, fresh;
  for (const std::size_t i : LeftBefore()) old[before_[i].id].push_back(i);
  for (const std::size_t i : LeftAfter()) fresh[after_[i].id].push_back(i);
  twin_of_before_.assign(before_.size(), std::nullopt);
  twin_of_after_.assign(after_.size(), std::nullopt);
  for (const auto& [id, places] : old) {
    const auto found = fresh.find(id);
    if (places.size() != 1 || found == fresh.end() || found->second.size() != 1) continue;
    twin_of_before_[places.front()] = found->second.front();
    twin_of_after_[found->second.front()] = places.front();
  }
}

bool TensorPairing::MayBePair(std::size_t before, std::size_t after) const {
  if (!twin_of_before_[before] && !twin_of_after_[after]) return true;
  return twin_of_before_[before] == after;
}

std::optional<PrefixChange> TensorPairing::BestPrefix() const {
  constexpr std::size_t kMaxVotes = 8;    // of one tensor
  constexpr std::size_t kMaxLooked = 64;  // "weight" is the end of all names of some versions
  std::unordered_map<std::string_view, std::vector<std::size_t>> by_suffix;
  for (const std::size_t i : LeftAfter()) {
    const std::string_view name = after_[i].name;
    ForSuffixes(name, [&](std::size_t at) {
      by_suffix[name.substr(at)].push_back(i);
      return false;
    });
  }
  std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> votes;
  for (const std::size_t i : LeftBefore()) {
    const std::string_view name = before_[i].name;
    ForSuffixes(name, [&](std::size_t at) {
      const auto found = by_suffix.find(name.substr(at));
      if (found == by_suffix.end()) return false;
      std::size_t cast = 0, looked = 0;
      for (const std::size_t other : found->second) {
        if (++looked > kMaxLooked) break;
        if (after_[other].element_count() != before_[i].element_count()) continue;
        if (!MayBePair(i, other)) continue;
        const std::string_view name_after = after_[other].name;
        const std::size_t prefix = name_after.size() - (name.size() - at);
        votes[{name.substr(0, at), name_after.substr(0, prefix)}] += 1;
        if (++cast == kMaxVotes) break;
      }
      return cast > 0;  // a longer suffix is the better one
    });
  }
  std::optional<PrefixChange> best;
  for (const auto& [change, count] : votes) {
    const auto& [from, to] = change;
    const bool known = (from.empty() && IsKnown(to)) || (to.empty() && IsKnown(from));
    if (count < 2 && !known) continue;
    PrefixChange candidate{std::string(from), std::string(to), count};
    if (!best || IsBetter(candidate, *best)) best = std::move(candidate);
  }
  return best;
}

bool TensorPairing::Apply(PrefixChange change) {
  std::unordered_map<std::string_view, std::deque<std::size_t>> left;
  for (const std::size_t i : LeftAfter()) left[after_[i].name].push_back(i);
  change.tensors = 0;
  for (const std::size_t i : LeftBefore()) {
    const std::string& name = before_[i].name;
    if (name.compare(0, change.before.size(), change.before) != 0) continue;
    const auto found = left.find(change.after + name.substr(change.before.size()));
    if (found == left.end() || found->second.empty()) continue;
    if (!MayBePair(i, found->second.front())) continue;
    Pair(i, found->second.front());
    found->second.pop_front();
    ++change.tensors;
  }
  if (change.tensors == 0) return false;
  prefixes_.push_back(std::move(change));
  return true;
}

void TensorPairing::ByPrefix() {
  constexpr int kMaxPrefixes = 32;
  FindTwins();
  for (int round = 0; round < kMaxPrefixes; ++round) {
    auto best = BestPrefix();
    if (!best || !Apply(std::move(*best))) break;
  }
  std::stable_sort(prefixes_.begin(), prefixes_.end(),
                   [](const auto& a, const auto& b) { return a.tensors > b.tensors; });
}

void TensorPairing::ByContent() {
  std::map<TensorId, std::pair<std::vector<std::size_t>, std::vector<std::size_t>>> by_id;
  for (const std::size_t i : LeftBefore()) by_id[before_[i].id].first.push_back(i);
  for (const std::size_t i : LeftAfter()) by_id[after_[i].id].second.push_back(i);
  for (const auto& [id, places] : by_id) {
    const auto& [old, fresh] = places;
    if (old.size() == 1 && fresh.size() == 1) {
      Pair(old.front(), fresh.front());
      continue;
    }
    std::unordered_map<std::string_view, std::deque<std::size_t>> by_last;
    for (const std::size_t i : old) by_last[LastName(before_[i].name)].push_back(i);
    for (const std::size_t i : fresh) {
      auto& candidates = by_last[LastName(after_[i].name)];
      if (candidates.empty()) continue;
      Pair(candidates.front(), i);
      candidates.pop_front();
    }
  }
}

Status TensorPairing::ByShape(const Close& close) {
  constexpr std::uint64_t kFewest = 16;  // elements: fewer are alike by chance
  using Kind = std::pair<DType, Shape>;
  std::map<Kind, std::pair<std::vector<std::size_t>, std::vector<std::size_t>>> by_shape;
  for (const std::size_t i : LeftBefore())
    by_shape[{before_[i].dtype, before_[i].shape}].first.push_back(i);
  for (const std::size_t i : LeftAfter())
    by_shape[{after_[i].dtype, after_[i].shape}].second.push_back(i);
  std::size_t asked = 0;
  for (const auto& [kind, places] : by_shape) {
    const auto& [old, fresh] = places;
    if (old.size() != 1 || fresh.size() != 1) continue;
    if (before_[old.front()].element_count() < kFewest || asked++ == kMaxAsked) continue;
    DLV_ASSIGN(const bool same, close(before_[old.front()], after_[fresh.front()]));
    if (same) Pair(old.front(), fresh.front());
  }
  return Ok();
}

}  // namespace dlv::store
