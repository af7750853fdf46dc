#pragma once
/// \file
/// Selectors: patterns over node names (docs/dql.md, "Selectors"), compiled once.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"

namespace dlv::query {

enum class SelectorTarget : std::uint8_t {
  kName,      ///< the node's name, or its original name, or the name of one of its outputs
  kOperator,  ///< "@Conv": the operator, exactly
  kFamily,    ///< "@CONV": the family
};

/// A compiled selector. Immutable; const methods may run together. Matching takes time linear in
/// the name.
class Selector {
 public:
  /// `text` as it stands between the quotes.
  /// Errors: kSyntax; `error_at` (may be null) gets the byte of `text` where it went wrong.
  static Result<Selector> Compile(std::string_view text, std::size_t* error_at = nullptr);

  /// A whole-string regular expression search (`~`): matches anywhere, no captures.
  static Result<Selector> CompileSearch(std::string_view expression);

  const std::string& text() const;
  SelectorTarget target() const;
  /// The exact name, operator or family, where only that one matches; else empty.
  const std::string& exact() const;
  /// Numbers of the captures that it binds, ascending: {1} for "conv*($1)" and for "relu$1".
  const std::vector<unsigned>& captures() const;

  /// Returns whether it matches `name` (of a node, operator or family, as target() says).
  bool Matches(std::string_view name) const;
  /// Whether Matches runs a regular expression, and does not only compare.
  bool is_expression() const;
  /// As Matches; then `values` gets one text for each of captures().
  bool Match(std::string_view name, std::vector<std::string>* values) const;

  Selector(Selector&&) noexcept;
  Selector& operator=(Selector&&) noexcept;
  ~Selector();

 private:
  class Impl;
  explicit Selector(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dlv::query
