#include "storage/store/rewrite_parts.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace dlv::store {
namespace {

/// Sets that are joined. Source: Tarjan, Efficiency of a good but not linear set union algorithm,
/// 1975 (with path halving).
class Sets {
 public:
  explicit Sets(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), 0U); }
  std::uint32_t Find(std::uint32_t item) {
    while (parent_[item] != item) item = parent_[item] = parent_[parent_[item]];
    return item;
  }
  void Join(std::uint32_t a, std::uint32_t b) { parent_[Find(a)] = Find(b); }

 private:
  std::vector<std::uint32_t> parent_;
};

class PartFinder {
 public:
  PartFinder(const StoredForms& forms, const std::vector<Rewrite>& rewrites)
      : forms_(forms), rewrites_(rewrites), sets_(rewrites.size()) {
    for (std::uint32_t number = 0; number < rewrites.size(); ++number)
      by_form_[rewrites[number].form] = number;
  }

  Sets& Run() {
    for (std::uint32_t number = 0; number < rewrites_.size(); ++number) {
      const StoredForm& form = forms_.forms()[rewrites_[number].form];
      sets_.Join(number,
                 first_of_group_.try_emplace(rewrites_[number].group, number).first->second);
      JoinTensor(number, form.base);
      JoinTensor(number, rewrites_[number].base);
      JoinTensor(number, form.second_base);
      JoinTensor(number, rewrites_[number].second_base);
      if (form.cluster) JoinCluster(number, forms_.clusters()[*form.cluster]);
    }
    return sets_;
  }

 private:
  void JoinTensor(std::uint32_t number, const std::optional<TensorId>& id) {
    const auto form = id ? forms_.Find(*id) : std::nullopt;
    if (form) JoinForm(number, *form);
  }
  void JoinForm(std::uint32_t number, std::uint32_t form) {
    const auto other = by_form_.find(form);
    if (other != by_form_.end()) sets_.Join(number, other->second);
  }
  void JoinCluster(std::uint32_t number, const StoredCluster& cluster) {
    for (const std::uint32_t mate : cluster.members) JoinForm(number, mate);
    for (const TensorId& base : cluster.bases) JoinTensor(number, base);
  }

  const StoredForms& forms_;
  const std::vector<Rewrite>& rewrites_;
  Sets sets_;
  std::unordered_map<std::uint32_t, std::uint32_t> by_form_, first_of_group_;
};

}  // namespace

std::vector<RewritePart> PartsOf(const StoredForms& forms, const std::vector<Rewrite>& rewrites,
                                 const std::vector<archive::WrittenObject>& written,
                                 const PlannedGrowth& growth) {
  std::unordered_map<TensorId, std::uint64_t> after;
  for (const archive::WrittenObject& object : written)
    if (object.kind == archive::EntryKind::kTensor) after[object.tensor] += object.coded_bytes;
  PartFinder finder(forms, rewrites);
  Sets& sets = finder.Run();
  std::map<std::uint32_t, RewritePart> parts;
  for (std::uint32_t number = 0; number < rewrites.size(); ++number) {
    const StoredForm& form = forms.forms()[rewrites[number].form];
    RewritePart& part = parts[sets.Find(number)];
    part.rewrites.push_back(number);
    part.bytes_before += form.coded_bytes;
    part.bytes_after += after[form.id];
    const auto planned = growth.find(rewrites[number].form);
    if (planned != growth.end()) part.planned_growth += planned->second;
  }
  std::vector<RewritePart> list;
  for (auto& [root, part] : parts) list.push_back(std::move(part));
  return list;
}

std::vector<Rewrite> WorthRewriting(const StoredForms& forms, const std::vector<Rewrite>& rewrites,
                                    const std::vector<RewritePart>& parts,
                                    const std::unordered_set<TensorId>& demanded) {
  std::vector<bool> kept(rewrites.size());
  for (const RewritePart& part : parts) {
    const bool is_demanded = std::ranges::any_of(part.rewrites, [&](std::uint32_t number) {
      return demanded.contains(forms.forms()[rewrites[number].form].id);
    });
    const bool may_grow = is_demanded || part.planned_growth > 0;
    if (!may_grow && part.bytes_after >= part.bytes_before) continue;
    for (const std::uint32_t number : part.rewrites) kept[number] = true;
  }
  std::vector<Rewrite> worth;
  for (std::size_t number = 0; number < rewrites.size(); ++number)
    if (kept[number]) worth.push_back(rewrites[number]);
  return worth;
}

}  // namespace dlv::store
