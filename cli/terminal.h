#pragma once
/// \file
/// What stands at the other end of stdout and stderr.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace dlv::cli {

enum class ColorChoice : std::uint8_t { kAuto, kAlways, kNever };

/// What charts and drawings are made of: block and line characters, or plain ASCII.
enum class Glyphs : std::uint8_t { kBlocks, kAscii };

struct Terminal {
  bool stdout_is_terminal = false;
  bool stderr_is_terminal = false;
  bool color = false;
  bool progress = false;
  std::size_t width = 0;  ///< of stdout; 0: no limit (a pipe or a file, or --no-truncate)
  std::size_t stderr_width = 80;
  Glyphs glyphs = Glyphs::kBlocks;  ///< ASCII where the locale is not UTF-8
};

/// Looks at the file descriptors and at NO_COLOR, CLICOLOR_FORCE, TERM, CI, DLV_PROGRESS and the
/// locale's variables.
/// `progress`: what --progress or --no-progress said; `width`: what --width said.
Terminal DetectTerminal(ColorChoice color, std::optional<bool> progress,
                        std::optional<std::size_t> width, bool no_truncate);

/// Returns the number of lines of the terminal at stdout; 24 where it does not say.
std::size_t TerminalHeight();

/// Returns ASCII for a locale ("C", "de_DE.ISO-8859-1") that is set and is not UTF-8. An empty name
/// means blocks: in containers no locale is set and the terminal outside knows UTF-8.
Glyphs GlyphsOf(std::string_view locale);

}  // namespace dlv::cli
