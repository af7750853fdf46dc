#pragma once
/// \file
/// Which stored tensor a new one is coded against, and how near two sets of tensors are.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/ids.h"
#include "dlv/tensor.h"

namespace dlv::plan {

/// A tensor as far as the choice of a base depends on it.
struct TensorKey {
  TensorRole role = TensorRole::kParameter;
  std::string name;
  DType dtype = DType::kF32;
  std::uint64_t element_count = 0;
};

/// Returns `name` without the prefixes that wrappers add: "module.", "_orig_mod.", "model.", any
/// number of them.
std::string_view NormalisedName(std::string_view name);

/// Finds tensors of a snapshot by key. Immutable after construction; const methods may run
/// together.
class BaseIndex {
 public:
  explicit BaseIndex(std::span<const TensorKey> tensors);

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  /// Returns the index of the tensor with the same role, dtype and element count, and the same
  /// name; where there is none, of the only one whose normalised name is the same; then of the only
  /// one whose name is the same without the first part of one of the two, as where a network has
  /// become a part of another ("conv.weight", "backbone.conv.weight"). kNone: no base.
  std::size_t Find(const TensorKey& key) const;
  std::size_t size() const { return keys_.size(); }

 private:
  using Names = std::unordered_multimap<std::string, std::size_t>;
  bool Fits(std::size_t index, const TensorKey& key) const;
  /// Returns the only one of `names` that fits; kNone also where several do: a wrong base costs
  /// more than none.
  std::size_t FindOnly(const Names& names, std::string_view name, const TensorKey& key) const;

  std::vector<TensorKey> keys_;
  Names by_name_;
  Names by_normalised_;
  Names by_tail_;  ///< normalised, without the first part
};

/// Returns which part of the elements of `ours` has a base in `theirs`, 0 to 1; 0 where `ours` is
/// empty.
double Likeness(std::span<const TensorKey> ours, const BaseIndex& theirs);

/// Below this likeness a version is no parent.
inline constexpr double kParentLikeness = 0.5;

}  // namespace dlv::plan
