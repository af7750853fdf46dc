#pragma once
/// \file
/// What stands at the other end of stdout and stderr.

#include <cstddef>
#include <cstdint>
#include <optional>

namespace dlv::cli {

enum class ColorChoice : std::uint8_t { kAuto, kAlways, kNever };

struct Terminal {
  bool stdout_is_terminal = false;
  bool stderr_is_terminal = false;
  bool color = false;
  bool progress = false;
  std::size_t width = 0;  ///< of stdout; 0: no limit (a pipe or a file, or --no-truncate)
  std::size_t stderr_width = 80;
};

/// Looks at the file descriptors and at NO_COLOR, CLICOLOR_FORCE, TERM, CI and DLV_PROGRESS.
/// `progress`: what --progress or --no-progress said; `width`: what --width said.
Terminal DetectTerminal(ColorChoice color, std::optional<bool> progress,
                        std::optional<std::size_t> width, bool no_truncate);

}  // namespace dlv::cli
