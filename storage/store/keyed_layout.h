#pragma once
/// \file
/// A layout as far as tensors of the same key are found by it.

#include <vector>

#include "storage/archive/layout.h"
#include "storage/archive/strips.h"
#include "storage/plan/base_choice.h"
#include "storage/store/version_content.h"

namespace dlv::store {

/// Versions of a network share one.
struct KeyedLayout {
  explicit KeyedLayout(const archive::Layout& layout)
      : keys(KeysOf(layout)), index(keys), strips(layout.tensors) {
    for (std::size_t i = 0; i < layout.tensors.size(); ++i)
      in_strip.push_back(layout.tensors[i].in_strip);
  }
  std::vector<plan::TensorKey> keys;
  plan::BaseIndex index;
  archive::StripMap strips;
  std::vector<bool> in_strip;
};

}  // namespace dlv::store
