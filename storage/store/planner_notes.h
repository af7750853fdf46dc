#pragma once
/// \file
/// What earlier plans have found out, so that after a commit only what is new has to be looked at:
/// samples of tensors, coded sizes, and what archive has tried already.
///
/// Derived data in .dlv/plan: it may be deleted at any time, is left out of account where its
/// checksum does not fit, and holds at most kMostBytes of samples and kMostSizes sizes.

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "dlv/ids.h"
#include "storage/store/store.h"

namespace dlv::store {

class PlannerNotes {
 public:
  static constexpr std::uint64_t kMostBytes = 64u << 20;
  static constexpr std::size_t kMostSizes = 500'000;

  /// Empty where there are none, or none that can be read.
  static PlannerNotes Load(Store& store);
  /// Keeps them, unless nothing is new or the repository is open for reading only. That they cannot
  /// be kept is no error.
  void Save(Store& store);

  /// Returns the sampled elements of a tensor; they depend on its id alone, so they never age.
  std::optional<std::span<const std::byte>> Sample(const TensorId& id) const;
  /// Replaces what is there. Returns false where there is no room.
  bool KeepSample(const TensorId& id, std::vector<std::byte> bytes);

  /// The coded bytes of a tensor against a base, or without one.
  std::optional<std::uint64_t> Size(const TensorId& id, const std::optional<TensorId>& base) const;
  void KeepSize(const TensorId& id, const std::optional<TensorId>& base, std::uint64_t bytes);

  /// Whether archive has coded the tensor on this base with all effort.
  bool IsTried(const TensorId& id, const std::optional<TensorId>& base) const;
  void KeepTried(const TensorId& id, const std::optional<TensorId>& base);

  std::vector<std::byte> Encode() const;
  /// Errors: kCorruption.
  static Result<PlannerNotes> Decode(std::span<const std::byte> bytes);

 private:
  /// Half an id each; zeros for no base. A mistake among them would cost a worse plan.
  struct Key {
    std::uint64_t tensor = 0, base = 0;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return static_cast<std::size_t>(key.tensor ^ (key.base * 0x9e3779b97f4a7c15U));
    }
  };
  struct Known {
    std::uint64_t bytes = 0;  ///< 0: not known
    bool is_tried = false;
  };
  static Key KeyOf(const TensorId& id, const std::optional<TensorId>& base);
  Known* Room(const Key& key);

  std::unordered_map<TensorId, std::vector<std::byte>> samples_;
  std::unordered_map<Key, Known, KeyHash> known_;
  std::uint64_t sample_bytes_ = 0;
  bool changed_ = false;
};

}  // namespace dlv::store
