#pragma once
/// \file
/// What was computed of the stored tensors and can be computed again: lists of numbers by key, in
/// .dlv/derived (docs/format/repository.md, "Derived data"). It is outside the identity of
/// versions, and the folder may be deleted at any time.
///
/// Each entry carries an HMAC under a random key of this repository. An entry that is damaged, that
/// somebody made by hand, or that came from another repository is not found.

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Thread-safe. Several processes may use one folder.
class DerivedStore {
 public:
  static constexpr std::size_t kMostKeyBytes = 4096;
  static constexpr std::size_t kMostValues = std::size_t{1} << 20;
  /// Of all entries together; beyond it nothing more is kept.
  static constexpr std::uint64_t kMostBytes = std::uint64_t{512} << 20;

  explicit DerivedStore(Store& store) : store_(store) {}

  /// Returns what was put under `key` by this repository; nothing where that is not there, not
  /// whole, or not ours.
  std::optional<std::vector<double>> Find(std::string_view key);

  /// Keeps the values, unless the repository is open for reading only or there is no more room:
  /// neither is an error.  Errors: kInvalidArgument (a key or list beyond its limit); kIo.
  Status Put(std::string_view key, std::span<const double> values);

  /// Bytes of entries that were found since it was made.
  std::uint64_t read_bytes() const;

 private:
  std::string Folder() const { return store_.paths().dlv + "/derived"; }
  std::string PathOf(std::string_view key) const;
  /// Returns the secret; nothing where there is none and `make` is false, or none that only its
  /// owner can read.
  const std::vector<std::byte>* Secret(bool make);
  Status MakeSecret();
  Status CountOnce();

  Store& store_;
  mutable std::mutex mutex_;
  std::optional<std::vector<std::byte>> secret_;
  std::optional<std::uint64_t> held_bytes_;
  std::uint64_t read_bytes_ = 0;
};

/// An entry as bytes, and back.  Errors: kCorruption (also: another secret).
std::vector<std::byte> EncodeDerived(std::span<const std::byte> secret, std::string_view key,
                                     std::span<const double> values);
struct DerivedEntry {
  std::string key;
  std::vector<double> values;
};
Result<DerivedEntry> DecodeDerived(std::span<const std::byte> secret,
                                   std::span<const std::byte> bytes);

/// Computes an entry's values again and compares; nothing to compare is no error.
/// Errors: kCorruption where they differ.
using DerivedCheck = std::function<Status(const DerivedEntry& entry)>;

/// Looks at all entries. Those that are not ours become notes: they are never used. Those that are
/// and that `check` (may be empty) finds wrong become findings.
void VerifyDerived(Store& store, const DerivedCheck& check, VerifyResult& result);

}  // namespace dlv::store
