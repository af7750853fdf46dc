#pragma once
/// \file
/// What `eval` takes for progressive evaluation.

#include <optional>
#include <string>

#include "cli/arguments.h"
#include "dlv/progressive.h"

namespace dlv::cli {

class ProgressiveArguments {
 public:
  void Declare(Arguments& arguments);

  /// Errors: kInvalidArgument (an option without --progressive, or with --prepare where it has no
  /// place), with the command line that was meant. `reference`: for that, as a word of a shell.
  Status Check(const std::string& reference) const;
  /// Errors: kInvalidArgument (values), with the nearest ones as hint.
  Result<ProgressiveOptions> Options() const;

  bool asked() const { return progressive_; }
  bool prepares() const { return prepare_; }
  const std::optional<std::string>& plot() const { return plot_; }

 private:
  std::optional<std::string> stop_, method_, calibrate_, certificate_, plot_;
  std::optional<std::uint64_t> planes_max_, calibrate_limit_;
  bool progressive_ = false, prepare_ = false, materialised_ = false;
};

}  // namespace dlv::cli
