#pragma once
/// \file
/// Whether a manifest that no version of the catalog has was left behind on purpose.

#include <optional>
#include <string>

#include "dlv/result.h"
#include "storage/archive/pack_reader.h"
#include "storage/store/history.h"

namespace dlv::store {

/// What the log says of versions that are not in the catalog. Without a log that is whole, and with
/// one that was made anew, nothing is known of what it does not name.
class RemovalCheck {
 public:
  static Result<RemovalCheck> Read(Store& store);

  /// Whether the version is in the catalog, or was removed, or its commit never took effect.
  Result<bool> Explains(Store& store, const VersionId& id) const;
  /// "m:v3, m:v4": the versions described in the pack that nothing explains; empty: none. Sections
  /// that cannot be read are passed over.
  Result<std::string> Unexplained(Store& store, const archive::PackReader& pack) const;

 private:
  std::optional<History> history_;
};

/// The manifest's model with the number that the version had at its commit: "m:v3".
std::string CommittedName(const archive::SectionReader& section);

}  // namespace dlv::store
