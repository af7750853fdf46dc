#pragma once
/// \file
/// Results of evaluating versions, kept in the catalog and the log.

#include <optional>
#include <string>
#include <vector>

#include "dlv/ids.h"
#include "dlv/result.h"
#include "dlv/version_info.h"
#include "storage/store/store.h"

namespace dlv::store {

/// What one evaluation of a version gave.
struct VersionResults {
  VersionId id;
  std::vector<SavedEvaluation> values;         ///< `created` is set here
  std::optional<std::string> preprocess = {};  ///< what is to be remembered as its tag
};

/// Records results of several versions in one transaction; nothing where one version is gone.
/// Errors: kNotFound; those of Store::Write.
Status SaveEvaluations(Store& store, const std::vector<VersionResults>& results);

/// The preprocessing of data that was remembered with the version, or with its nearest ancestor in
/// the same model (by first parents); empty: none was.  Errors: kIo, kCorruption.
Result<std::string> RememberedPreprocess(const catalog::Catalog& catalog,
                                         const catalog::VersionRow& version);

/// The tag that remembers it.
inline constexpr std::string_view kPreprocessTag = "preprocess";

}  // namespace dlv::store
