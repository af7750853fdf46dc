#pragma once
/// \file
/// Which of several stored forms of a tensor a rebuilt catalog takes.
///
/// The newest, as long as that gives chains in which depth falls towards the base. It may not: a
/// pack that came back from the trash is newer than one that archive wrote in between, with forms
/// that were given up. Then, for all tensors, the least deep of the forms that can be read.

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/pack_reader.h"
#include "storage/store/rebuild_packs.h"

namespace dlv::store {

/// An entry of a section.
using EntryPlace = std::pair<const archive::SectionReader*, std::uint32_t>;

/// Returns the entries to pass over; the first of the others counts, in the order of `packs`.
/// Errors: kCorruption.
Result<std::set<EntryPlace>> FormsToPassOver(const std::vector<FoundPack>& packs);

}  // namespace dlv::store
