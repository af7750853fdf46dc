#include "storage/store/rewrite_set.h"

#include <algorithm>
#include <map>
#include <utility>

namespace dlv::store {
namespace {

class RewriteSet {
 public:
  RewriteSet(const StoredForms& forms, unsigned max_depth, std::vector<std::uint32_t> groups)
      : forms_(forms),
        max_depth_(max_depth),
        groups_(std::move(groups)),
        items_(forms.forms().size()) {
    for (std::uint32_t number = static_cast<std::uint32_t>(groups_.size()); number < items_.size();
         ++number) {
      const auto& cluster = forms_.forms()[number].cluster;
      groups_.push_back(cluster ? forms_.clusters()[*cluster].members.front() : number);
    }
    for (std::uint32_t number = 0; number < items_.size(); ++number) {
      if (forms_.forms()[number].cluster) small_[groups_[number]].push_back(number);
    }
  }

  Status Want(const TensorId& id, const std::optional<TensorId>& base) {
    DLV_ASSIGN(const std::uint32_t number, NumberOf(id));
    if (forms_.forms()[number].element_count == 0) return Ok();
    Item& item = items_[number];
    item.base.reset();
    if (base) {
      DLV_ASSIGN(item.base, NumberOf(*base));
    }
    item.is_wanted = true;
    item.is_new_base = true;
    return AddWithMates(number);
  }

  Status Again(const TensorId& id) {
    DLV_ASSIGN(const std::uint32_t number, NumberOf(id));
    if (forms_.forms()[number].element_count == 0) return Ok();
    items_[number].is_wanted = true;
    return AddWithMates(number);
  }

  /// Adds what gets too shallow, until nothing does.
  Status Close() {
    for (bool grown = true; grown;) {
      DLV_TRY(FindDepths());
      grown = false;
      for (std::uint32_t number = 0; number < items_.size(); ++number) {
        if (items_[number].is_in || (!IsTooShallow(number) && !LosesSecondBase(number))) continue;
        DLV_TRY(AddWithMates(number));
        grown = true;
      }
    }
    return Ok();
  }

  /// Gives up new bases that would make a tensor too deep for a unit in the trash.
  Status RespectTrash(const std::vector<TrashedUnit>& trash) {
    for (bool given_up = true; given_up;) {
      given_up = false;
      for (const TrashedUnit& unit : trash) {
        for (const TensorId& base : unit.bases) {
          const auto number = forms_.Find(base);
          if (!number || !items_[*number].is_in || items_[*number].depth < unit.depth) continue;
          DLV_ASSIGN(const bool any, GiveUpBasesBelow(*number));
          given_up = given_up || any;
        }
      }
      if (given_up) DLV_TRY(Close());
    }
    return Ok();
  }

  std::vector<Rewrite> List() const {
    std::vector<Rewrite> list;
    for (std::uint32_t number = 0; number < items_.size(); ++number) {
      const Item& item = items_[number];
      if (!item.is_in) continue;
      Rewrite rewrite{number,     std::nullopt,    std::nullopt,
                      item.depth, groups_[number], item.is_wanted};
      if (item.base) rewrite.base = forms_.forms()[*item.base].id;
      rewrite.second_base = SecondBaseOf(number);
      list.push_back(std::move(rewrite));
    }
    std::ranges::stable_sort(
        list, {}, [](const Rewrite& rewrite) { return std::pair(rewrite.depth, rewrite.group); });
    return list;
  }

 private:
  /// The tensor and its bases keep the bases that they have.
  Result<bool> GiveUpBasesBelow(std::uint32_t number) {
    bool any = false;
    for (std::optional<std::uint32_t> at = number; at && items_[*at].is_in;) {
      const std::uint32_t here = *at;
      Item& item = items_[here];
      at = item.base;
      if (!item.is_new_base) continue;
      any = true;
      item.is_new_base = false;
      item.base.reset();
      const std::optional<TensorId>& kept = forms_.forms()[here].base;
      if (!kept) continue;
      DLV_ASSIGN(item.base, NumberOf(*kept));
    }
    return any;
  }

  enum class Mark : std::uint8_t { kOpen, kBegun, kDone };
  struct Item {
    std::optional<std::uint32_t> base;
    unsigned depth = 0;
    unsigned least_depth = 0;  ///< for the sake of its cluster mates
    bool is_in = false;
    bool is_wanted = false;
    bool is_new_base = false;
    Mark mark = Mark::kOpen;
  };

  Result<std::uint32_t> NumberOf(const TensorId& id) const {
    if (const auto number = forms_.Find(id)) return *number;
    return Error{ErrorCode::kConflict, "tensor " + id.Hex(16) + " was removed meanwhile"};
  }

  Status Add(std::uint32_t number) {
    Item& item = items_[number];
    if (item.is_in) return Ok();
    item.is_in = true;
    const std::optional<TensorId>& base = forms_.forms()[number].base;
    if (item.is_new_base || !base) return Ok();
    DLV_ASSIGN(item.base, NumberOf(*base));
    return Ok();
  }

  Status AddWithMates(std::uint32_t number) {
    DLV_TRY(Add(number));
    const auto& cluster = forms_.forms()[number].cluster;
    if (!cluster) return Ok();
    for (const std::uint32_t mate : forms_.clusters()[*cluster].members) DLV_TRY(Add(mate));
    return Ok();
  }

  /// Whether something that the unwritten tensor needs would no longer be less deep than it is.
  bool IsTooShallow(std::uint32_t number) const {
    const StoredForm& form = forms_.forms()[number];
    const auto breaks = [&](const TensorId& base) {
      const auto at = forms_.Find(base);
      return at && items_[*at].is_in && items_[*at].depth >= form.depth;
    };
    if (!form.cluster) {
      return (form.base && breaks(*form.base)) || (form.second_base && breaks(*form.second_base));
    }
    return std::ranges::any_of(forms_.clusters()[*form.cluster].bases, breaks);
  }

  /// What a tensor will be stored against.
  std::optional<TensorId> BaseAfter(std::uint32_t number) const {
    const Item& item = items_[number];
    if (!item.is_in) return forms_.forms()[number].base;
    return item.base ? std::optional(forms_.forms()[*item.base].id) : std::nullopt;
  }

  /// What the base of a tensor to write will be stored against.
  std::optional<TensorId> SecondBaseOf(std::uint32_t number) const {
    const Item& item = items_[number];
    if (!item.base) return std::nullopt;
    const std::optional<TensorId> second = BaseAfter(*item.base);
    const StoredForm* const form = second ? forms_.FindForm(*second) : nullptr;
    const StoredForm& own = forms_.forms()[number];
    if (form == nullptr || form->id == own.id || form->dtype != own.dtype ||
        form->element_count != own.element_count)
      return std::nullopt;
    return second;
  }

  /// Whether the unwritten tensor has a second base that its base moves away from.
  bool LosesSecondBase(std::uint32_t number) const {
    const StoredForm& form = forms_.forms()[number];
    if (!form.second_base || !form.base) return false;
    const auto base = forms_.Find(*form.base);
    return base && items_[*base].is_in && BaseAfter(*base) != form.second_base;
  }

  /// Members of a group that have bases of different depths are given one depth, so that they can
  /// share clusters again. Where groups rest on each other in a circle (single tensors were
  /// moved across them) that has no end, and they are parted by depth instead.
  Status FindDepths() {
    for (Item& item : items_) item.least_depth = 0;
    DLV_TRY(FindOwnDepths());
    levelling_ = true;
    too_deep_ = false;
    while (!too_deep_ && LevelAllOut()) DLV_TRY(FindOwnDepths());
    levelling_ = false;
    if (!too_deep_) return Ok();
    for (Item& item : items_) item.least_depth = 0;
    return FindOwnDepths();
  }

  Status FindOwnDepths() {
    for (Item& item : items_) item.mark = Mark::kOpen;
    for (std::uint32_t number = 0; number < items_.size(); ++number) DLV_TRY(FindDepth(number));
    return Ok();
  }

  bool LevelAllOut() {
    bool changed = false;
    for (const auto& [group, members] : small_) changed |= LevelOut(members);
    return changed;
  }

  /// Returns whether a member has to be deeper than it is.
  bool LevelOut(const std::vector<std::uint32_t>& members) {
    unsigned deepest = 0;
    for (const std::uint32_t member : members)
      if (items_[member].is_in) deepest = std::max(deepest, items_[member].depth);
    bool changed = false;
    for (const std::uint32_t member : members) {
      Item& item = items_[member];
      if (!item.is_in || !item.base || item.depth == deepest || item.least_depth >= deepest)
        continue;
      item.least_depth = deepest;
      changed = true;
    }
    return changed;
  }

  /// From the nearest base of known depth upwards.
  Status FindDepth(std::uint32_t number) {
    std::vector<std::uint32_t> path;
    for (std::optional<std::uint32_t> at = number; at && items_[*at].mark != Mark::kDone;) {
      Item& item = items_[*at];
      if (item.mark == Mark::kBegun)
        return Error{ErrorCode::kConflict, "tensor " + forms_.forms()[*at].id.Hex(16) +
                                               " would be stored against itself"};
      item.mark = Mark::kBegun;
      path.push_back(*at);
      at = item.is_in ? item.base : std::nullopt;
    }
    for (std::size_t i = path.size(); i-- > 0;) SetDepth(path[i]);
    return Ok();
  }

  void SetDepth(std::uint32_t number) {
    Item& item = items_[number];
    item.mark = Mark::kDone;
    item.depth = item.is_in ? 0 : forms_.forms()[number].depth;
    if (!item.is_in || !item.base) return;
    item.depth = std::max(items_[*item.base].depth + 1, item.least_depth);
    if (item.depth <= max_depth_) return;
    too_deep_ = true;
    if (levelling_) return;
    item.base.reset();
    item.depth = 0;
  }

  const StoredForms& forms_;
  unsigned max_depth_;
  bool levelling_ = false, too_deep_ = false;
  std::vector<std::uint32_t> groups_;                          ///< by form
  std::map<std::uint32_t, std::vector<std::uint32_t>> small_;  ///< by group: forms in clusters
  std::vector<Item> items_;                                    ///< by form
};

Status AddTrashed(const archive::DirectoryReader& directory, const StoredForms& forms,
                  std::vector<TrashedUnit>& units) {
  for (std::uint32_t entry = 0; entry < directory.entry_count(); ++entry) {
    DLV_ASSIGN(const archive::EntryKind kind, directory.Kind(entry));
    if (kind != archive::EntryKind::kTensor) continue;
    DLV_ASSIGN(const archive::TensorEntry tensor, directory.Tensor(entry));
    if (!tensor.base || forms.Find(tensor.id)) continue;
    TrashedUnit unit{tensor.depth, tensor.Bases()};
    if (tensor.clustered) {
      DLV_ASSIGN(const auto members, directory.Members(tensor.cluster));
      for (const archive::TensorEntry& member : members)
        for (const TensorId& base : member.Bases()) unit.bases.push_back(base);
    }
    units.push_back(std::move(unit));
  }
  return Ok();
}

Status AddTrashedPack(Store& store, const std::string& path, const StoredForms& forms,
                      std::vector<TrashedUnit>& units) {
  DLV_ASSIGN(auto file, store.file_system().OpenForReading(path));
  DLV_ASSIGN(const auto pack, archive::PackReader::Open(std::move(file)));
  for (std::size_t i = 0; i < pack.sections().size(); ++i) {
    DLV_ASSIGN(const auto section, pack.OpenSection(i));
    DLV_TRY(AddTrashed(section->directory(), forms, units));
  }
  return Ok();
}

}  // namespace

std::vector<TrashedUnit> LoadTrash(Store& store, const StoredForms& forms) {
  std::vector<TrashedUnit> units;
  const auto bins = store.file_system().List(store.paths().trash);
  if (!bins.ok()) return units;
  for (const std::string& bin : *bins) {
    const std::string folder = store.paths().trash + "/" + bin;
    const auto names = store.file_system().List(folder);
    if (!names.ok()) continue;
    for (const std::string& name : *names) {
      [[maybe_unused]] const Status read = AddTrashedPack(store, folder + "/" + name, forms, units);
    }
  }
  return units;
}

Result<std::vector<Rewrite>> MakeRewriteSet(const StoredForms& forms, const WantedBases& wanted,
                                            const std::vector<TensorId>& again, unsigned max_depth,
                                            const std::vector<TrashedUnit>& trash,
                                            const std::vector<std::uint32_t>& groups) {
  RewriteSet set(forms, max_depth, groups);
  for (const auto& [id, base] : wanted) DLV_TRY(set.Want(id, base));
  for (const TensorId& id : again) DLV_TRY(set.Again(id));
  DLV_TRY(set.Close());
  DLV_TRY(set.RespectTrash(trash));
  return set.List();
}

}  // namespace dlv::store
