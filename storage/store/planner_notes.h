#pragma once
/// \file
/// What earlier plans have found out, so that after a commit only what is new has to be looked at:
/// samples of tensors, estimated and coded sizes, and what is settled.
///
/// Derived data in .dlv/plan: it may be deleted at any time, is left out of account where its
/// checksum does not fit, and holds at most kMostBytes of samples and kMostSizes sizes of a kind.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "dlv/ids.h"
#include "storage/io/byte_io.h"
#include "storage/store/store.h"

namespace dlv::store {

/// A form of one tensor or of several that are coded together: half an id, or the hash of several;
/// zeros for no base. A mistake among them would cost a worse plan.
struct FormKey {
  std::uint64_t tensor = 0, base = 0;
  bool operator==(const FormKey&) const = default;
};
FormKey KeyOfForm(const TensorId& id, const std::optional<TensorId>& base);
/// `bases`: empty (none has one), or one for each member.
FormKey KeyOfForm(std::span<const TensorId> members,
                  std::span<const std::optional<TensorId>> bases);

/// What a form takes coded, and what its decoding takes: shares of its elements (plan::Coding).
struct FormSize {
  std::uint64_t bytes = 0;
  float cold_share = 0, two_bases_share = 0;
  bool operator==(const FormSize&) const = default;
};

class PlannerNotes {
 public:
  static constexpr std::uint64_t kMostBytes = 64u << 20;
  static constexpr std::size_t kMostSizes = 500'000;

  /// The file that holds them; who deletes it loses time alone.
  static std::string Path(Store& store);
  /// Empty where there are none, or none that can be read.
  static PlannerNotes Load(Store& store);
  /// Keeps them, unless nothing is new or the repository is open for reading only. That they cannot
  /// be kept is no error.
  void Save(Store& store);

  /// Returns the sampled elements of a tensor; they depend on its id alone, so they never age.
  std::optional<std::span<const std::byte>> Sample(const TensorId& id) const;
  /// Replaces what is there. Returns false where there is no room.
  bool KeepSample(const TensorId& id, std::vector<std::byte> bytes);

  /// The coded size of a form.
  std::optional<FormSize> Size(const FormKey& form) const;
  void KeepSize(const FormKey& form, const FormSize& size);

  /// What a tensor is estimated to take in a form. That is a matter of samples, so it never ages.
  std::optional<float> Estimate(const FormKey& form) const;
  void KeepEstimate(const FormKey& form, float bytes);

  /// Marks of what an archive has left nothing to do for (MarksOf), in place of those of the last.
  bool IsSettled(std::uint64_t mark) const { return settled_.contains(mark); }
  void Settle(std::span<const std::uint64_t> marks);

  /// All but what is settled, so that it is found out anew.
  void ForgetFindings();

  std::vector<std::byte> Encode() const;
  /// Errors: kCorruption.
  static Result<PlannerNotes> Decode(std::span<const std::byte> bytes);

 private:
  Status DecodeSizes(io::ByteReader& reader);
  Status DecodeEstimates(io::ByteReader& reader);
  Status DecodeSettled(io::ByteReader& reader);

  struct KeyHash {
    std::size_t operator()(const FormKey& key) const {
      return static_cast<std::size_t>(key.tensor ^ (key.base * 0x9e3779b97f4a7c15U));
    }
  };

  std::unordered_map<TensorId, std::vector<std::byte>> samples_;
  std::unordered_map<FormKey, FormSize, KeyHash> sizes_;
  std::unordered_map<FormKey, float, KeyHash> estimates_;
  std::unordered_set<std::uint64_t> settled_;
  std::uint64_t sample_bytes_ = 0;
  bool changed_ = false;
};

}  // namespace dlv::store
