#include "storage/plan/base_choice.h"

namespace dlv::plan {
namespace {

/// "backbone.conv.weight" -> "conv.weight"; empty where there is one part only.
std::string_view TailOf(std::string_view name) {
  const std::size_t dot = name.find('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

}  // namespace

std::string_view NormalisedName(std::string_view name) {
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view prefix : {"module.", "_orig_mod.", "model."}) {
      if (name.size() > prefix.size() && name.substr(0, prefix.size()) == prefix) {
        name.remove_prefix(prefix.size());
        again = true;
      }
    }
  }
  return name;
}

BaseIndex::BaseIndex(std::span<const TensorKey> tensors) : keys_(tensors.begin(), tensors.end()) {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const std::string_view normalised = NormalisedName(keys_[i].name);
    by_name_.emplace(keys_[i].name, i);
    by_normalised_.emplace(normalised, i);
    if (const auto tail = TailOf(normalised); !tail.empty()) by_tail_.emplace(tail, i);
  }
}

bool BaseIndex::Fits(std::size_t index, const TensorKey& key) const {
  const TensorKey& mine = keys_[index];
  return mine.role == key.role && mine.dtype == key.dtype &&
         mine.element_count == key.element_count;
}

std::size_t BaseIndex::FindOnly(const Names& names, std::string_view name,
                                const TensorKey& key) const {
  std::size_t found = kNone;
  const auto [first, last] = names.equal_range(std::string(name));
  for (auto it = first; it != last; ++it) {
    if (!Fits(it->second, key)) continue;
    if (found != kNone) return kNone;
    found = it->second;
  }
  return found;
}

std::size_t BaseIndex::Find(const TensorKey& key) const {
  if (key.element_count == 0) return kNone;
  const auto [first, last] = by_name_.equal_range(key.name);
  std::size_t found = kNone;  // several files may have the name: the first in order is taken
  for (auto it = first; it != last; ++it) {
    if (Fits(it->second, key) && it->second < found) found = it->second;
  }
  if (found != kNone) return found;
  const std::string_view normalised = NormalisedName(key.name);
  const auto same = by_normalised_.equal_range(std::string(normalised));
  for (auto it = same.first; it != same.second; ++it)
    if (Fits(it->second, key)) return FindOnly(by_normalised_, normalised, key);
  if (const std::string_view tail = TailOf(normalised); !tail.empty())
    found = FindOnly(by_normalised_, tail, key);
  return found != kNone ? found : FindOnly(by_tail_, normalised, key);
}

double Likeness(std::span<const TensorKey> ours, const BaseIndex& theirs) {
  double total = 0;
  double matched = 0;
  for (const TensorKey& key : ours) {
    const auto count = static_cast<double>(key.element_count);
    total += count;
    if (theirs.Find(key) != BaseIndex::kNone) matched += count;
  }
  return total > 0 ? matched / total : 0;
}

}  // namespace dlv::plan
