#pragma once
/// \file
/// Which versions an account of the space is about, and what they and the others need.

#include <cstdint>
#include <string>
#include <vector>

#include "dlv/result.h"
#include "dlv/usage.h"
#include "storage/store/object_graph.h"
#include "storage/store/store.h"

namespace dlv::store {

/// A version with the objects that it names.
struct ScopeVersion {
  catalog::VersionRow row;
  std::vector<catalog::ObjectNumber> roots;
};

struct UsageScope {
  std::vector<ScopeVersion> versions;         ///< oldest first
  std::vector<catalog::ObjectNumber> others;  ///< roots of all other versions
};

/// Reads one state of the catalog. `references` as in UsageOptions.
/// Errors: kSyntax, kNotFound, kCorruption.
Result<UsageScope> FindScope(Store& store, const std::vector<std::string>& references);

/// The lines of UsageBy::kTensor: by name in each model, the largest first. Opens every tensor of
/// the versions. `others_need` says by place in `graph` what other versions need.
/// Errors: kCorruption, kIo.
Result<std::vector<UsageLine>> UsageByTensor(Store& store, const UsageScope& scope,
                                             const ObjectGraph& graph,
                                             const std::vector<bool>& others_need);

/// The lines of UsageBy::kCodec (the largest first) and kPlane (by type, from the top). Reads the
/// header of every chunk of the versions' tensors and strips.
Result<std::vector<UsageLine>> UsageByCodec(Store& store, const UsageScope& scope);
Result<std::vector<UsageLine>> UsageByPlane(Store& store, const UsageScope& scope);

}  // namespace dlv::store
