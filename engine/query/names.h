#pragma once
/// \file
/// What binding needs to know of a repository: which names there are. Implemented over
/// QueryContext; faked in tests.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/query.h"
#include "dlv/result.h"

namespace dlv::query {

/// What a name is of.
enum class NameKind : std::uint8_t { kModel, kAlias, kMetric, kHparam, kTag, kQuery };
inline constexpr std::size_t kNameKinds = 6;

/// Asked for all names only where a statement is wrong: there may be very many.
class NameSource {
 public:
  virtual ~NameSource() = default;
  virtual bool Has(NameKind kind, std::string_view name) const = 0;
  /// Each name once, in any order.
  virtual const std::vector<std::string>& All(NameKind kind) const = 0;
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
