#pragma once
/// \file
/// The syntax of references (include/dlv/repository.h, at the top).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"
#include "dlv/tensor.h"

namespace dlv::store {

/// One suffix: `~N` follows first parents N times, `^K` takes the K-th parent.
struct ReferenceStep {
  bool is_parent = false;
  std::uint64_t count = 1;
};

/// A parsed reference; nothing has been looked up.
struct Reference {
  std::string model;                        ///< empty only with `id_prefix`
  std::optional<std::uint64_t> number;      ///< :vN
  std::string alias;                        ///< :alias ("latest" as any other)
  std::string id_prefix;                    ///< @hex
  std::optional<std::uint64_t> moves_back;  ///< @{N}: where it was N moves ago
  std::optional<std::int64_t> moment;       ///< @{date}: where it was then, seconds since 1970
  std::vector<ReferenceStep> steps;
  std::optional<std::int64_t> snapshot_step;  ///< #step
  std::string tensor_pattern;                 ///< after the slash
};

/// Errors: kSyntax, saying at which byte and what is wanted there.
Result<Reference> ParseReference(std::string_view text);

/// What follows the slash of a reference, or an option --tensors.
class TensorPattern {
 public:
  /// `@ROLE/GLOB`, `FILE//GLOB`, `"exact name"`, or `GLOB`, which looks at everything but optimizer
  /// state. Errors: kSyntax.
  static Result<TensorPattern> Parse(std::string_view text);
  /// `file` is the path of the tensor's file in the version.
  bool Matches(TensorRole role, std::string_view file, std::string_view name) const;

 private:
  std::optional<TensorRole> role_;
  std::string file_;  ///< glob; empty: any
  std::string name_;
  bool exact_ = false;
};

}  // namespace dlv::store
