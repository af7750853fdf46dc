#include "storage/store/sound_forms.h"

#include <algorithm>
#include <unordered_map>

namespace dlv::store {
namespace {

/// A stored form of a tensor; of one in parts, each part.
struct PackedForm {
  TensorId id;
  unsigned depth = 0;
  bool is_part = false;
  std::vector<TensorId> bases;  ///< of its unit: of all members where it is in a cluster
  EntryPlace place;
};

Result<std::vector<PackedForm>> FormsOf(const std::vector<FoundPack>& packs) {
  std::vector<PackedForm> forms;
  for (const FoundPack& pack : packs) {
    for (const auto& section : pack.sections) {
      const archive::DirectoryReader& directory = section->directory();
      for (std::uint32_t entry = 0; entry < directory.entry_count(); ++entry) {
        DLV_ASSIGN(const archive::EntryKind kind, directory.Kind(entry));
        if (kind != archive::EntryKind::kTensor) continue;
        DLV_ASSIGN(const archive::TensorEntry tensor, directory.Tensor(entry));
        PackedForm form{tensor.id, tensor.depth, tensor.is_part, {}, {section.get(), entry}};
        if (!tensor.clustered) form.bases = tensor.Bases();
        if (tensor.base && tensor.clustered) {
          DLV_ASSIGN(const auto members, directory.Members(tensor.cluster));
          for (const auto& member : members)
            for (const TensorId& base : member.Bases()) form.bases.push_back(base);
        }
        forms.push_back(std::move(form));
      }
    }
  }
  return forms;
}

using Depths = std::unordered_map<TensorId, unsigned>;

/// Whether every base is known to be less deep.
bool IsSound(const PackedForm& form, const Depths& depths) {
  return std::ranges::all_of(form.bases, [&](const TensorId& base) {
    const auto depth = depths.find(base);
    return depth != depths.end() && depth->second < form.depth;
  });
}

/// Whether the first form of each tensor will do.
bool NewestWillDo(const std::vector<PackedForm>& forms) {
  Depths depths;
  std::vector<const PackedForm*> first;
  for (const PackedForm& form : forms)
    if (depths.try_emplace(form.id, form.depth).second) first.push_back(&form);
  return std::ranges::all_of(first, [&](const PackedForm* form) {
    return IsSound(*form, depths) || std::ranges::any_of(form->bases, [&](const TensorId& base) {
             return !depths.contains(base);
           });
  });
}

}  // namespace

Result<std::set<EntryPlace>> FormsToPassOver(const std::vector<FoundPack>& packs) {
  DLV_ASSIGN(std::vector<PackedForm> forms, FormsOf(packs));
  if (NewestWillDo(forms)) return std::set<EntryPlace>();
  // A form is sound where its bases have sound forms that are less deep; so from the least deep on
  // the first sound one of each tensor is all that matters for the deeper ones.
  std::ranges::stable_sort(forms, {}, &PackedForm::depth);
  Depths depths;
  std::unordered_map<TensorId, EntryPlace> chosen;
  for (const PackedForm& form : forms) {
    if (form.is_part || chosen.contains(form.id) || !IsSound(form, depths)) continue;
    depths.emplace(form.id, form.depth);
    chosen.emplace(form.id, form.place);
  }
  std::set<EntryPlace> passed_over;
  for (const PackedForm& form : forms) {
    const auto found = chosen.find(form.id);
    if (found != chosen.end() && found->second != form.place) passed_over.insert(form.place);
  }
  return passed_over;
}

}  // namespace dlv::store
