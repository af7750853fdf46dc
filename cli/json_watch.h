#pragma once
/// \file
/// The events that `dlv watch --json` and --jsonl tell.

#include <optional>
#include <string>
#include <vector>

#include "cli/output.h"
#include "dlv/commit.h"

namespace dlv::cli {

struct WatchEvent {
  enum class Kind { kCommit, kRemove, kRefuse } kind = Kind::kCommit;
  std::string checkpoint;              ///< of kCommit and kRefuse
  std::optional<std::int64_t> step;    ///< of kCommit
  std::optional<CommitResult> commit;  ///< of kCommit
  std::vector<std::string> removed;    ///< of kRemove
  std::string reason;                  ///< of kRefuse
};

/// One line, with its newline.
std::string WatchEventLine(const WatchEvent& event);
/// All of them in one document.
std::string WatchDocument(const std::vector<WatchEvent>& events);

}  // namespace dlv::cli
