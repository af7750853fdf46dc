#pragma once
/// \file
/// Which tensor of one snapshot is which of another.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dlv/diff.h"
#include "dlv/result.h"
#include "dlv/tensor.h"

namespace dlv::store {

/// Pairs two lists of tensors, step by step; each step looks only at what is left over. Every step
/// takes time proportional to the names, never to their product.
class TensorPairing {
 public:
  /// Both lists must outlive this object.
  TensorPairing(const std::vector<TensorInfo>& before, const std::vector<TensorInfo>& after);

  /// By role and name; where several files have tensors of one name, the first with the first.
  void ByKey();
  /// By name, whatever the role: formats differ in what they know of it.
  void ByName();
  /// By the change of a prefix, at a dot or a slash, that fits two tensors or more; or one, where
  /// a known prefix is put on or taken away. Where the ids of two occur once on either side, they
  /// are paired with each other and not with what a prefix says.
  void ByPrefix();
  /// By equal ids: those that occur once on either side, then those whose last names agree.
  void ByContent();
  /// By dtype and shape where these occur once on either side and `close` says yes; it is asked
  /// for at most kMaxAsked pairs.
  using Close = std::function<Result<bool>(const TensorInfo& before, const TensorInfo& after)>;
  Status ByShape(const Close& close);
  static constexpr std::size_t kMaxAsked = 256;

  /// For each tensor of `after`, its partner in `before`.
  const std::vector<std::optional<std::size_t>>& partners() const { return partners_; }
  /// Whether tensor `index` of `before` has a partner.
  bool is_paired(std::size_t index) const { return paired_[index]; }
  const std::vector<PrefixChange>& prefixes() const { return prefixes_; }

 private:
  std::vector<std::size_t> LeftBefore() const;
  std::vector<std::size_t> LeftAfter() const;
  void Pair(std::size_t before, std::size_t after);
  void FindTwins();
  bool MayBePair(std::size_t before, std::size_t after) const;
  std::optional<PrefixChange> BestPrefix() const;
  bool Apply(PrefixChange change);

  const std::vector<TensorInfo>& before_;
  const std::vector<TensorInfo>& after_;
  std::vector<std::optional<std::size_t>> partners_;
  std::vector<bool> paired_;
  std::vector<PrefixChange> prefixes_;
  /// The tensor of the other side that alone has the same id.
  std::vector<std::optional<std::size_t>> twin_of_before_, twin_of_after_;
};

}  // namespace dlv::store
