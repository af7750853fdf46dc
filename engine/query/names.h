#pragma once
/// \file
/// What binding needs to know of a repository: which names there are. Implemented over
/// QueryContext::ReadNames; faked in tests.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/query.h"
#include "dlv/result.h"

namespace dlv::query {

/// Names, each list in any order. Asked at most once a statement, and only where a statement needs
/// them.
class NameSource {
 public:
  virtual ~NameSource() = default;
  virtual const std::vector<std::string>& models() const = 0;
  virtual const std::vector<std::string>& aliases() const = 0;  ///< of all models, each once
  virtual const std::vector<std::string>& metrics() const = 0;
  virtual const std::vector<std::string>& hparams() const = 0;
  virtual const std::vector<std::string>& tags() const = 0;
  virtual const std::vector<std::string>& queries() const = 0;
  /// The text of a stored query ("select ...", without create), or nothing.
  virtual std::optional<std::string> StoredQuery(std::string_view name) const = 0;
  /// The version that a reference means now.  Errors: kNotFound, kSyntax, kUnsupported (there is
  /// nobody to ask).
  virtual Result<QueryVersion> Resolve(std::string_view reference) const {
    return Error{ErrorCode::kUnsupported, "\"" + std::string(reference) + "\" cannot be looked up",
                 "NAME, NAME:vN or NAME:alias"};
  }
};

}  // namespace dlv::query
