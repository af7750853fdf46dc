#pragma once
/// \file
/// Many commits make many small packs; later commits merge a few of them each time.

#include "storage/store/store.h"

namespace dlv::store {

/// Merges small packs where there are many, with bounded work. Failing to do so is no error: the
/// packs stay as they are.
void MergeSmallPacks(Store& store);

}  // namespace dlv::store
